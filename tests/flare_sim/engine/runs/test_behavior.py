"""A server's behavior that is a function: asked when a run begins, and what becomes of it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from flare_sim import JobBehavior, NoConnection, Run, SimulatedServer
from tests.flare_sim.job_samples import behaving, definition


def statuses(server: SimulatedServer) -> list[str]:
    """The status of every job."""
    return [job.status for job in server.jobs]


def test_a_function_says_what_a_run_does() -> None:
    """A function is asked when the run begins, may leave files, and its answer counts where the job says nothing."""
    asked: list[Run] = []

    def behave(run: Run) -> JobBehavior | None:
        asked.append(run)
        run.write("models/server.npy", b"\x93NUMPY")
        run.write("models/server.npy", "weights")
        return JobBehavior(run_seconds=2, outcome="EXECUTION_EXCEPTION") if run.name == "odd" else None

    server = SimulatedServer(behavior=behave)
    server.submit(definition(name="odd", custom_props=behaving(run_seconds=3)))
    server.submit(definition())
    server.run_until_idle()

    assert statuses(server) == ["FINISHED:EXECUTION_EXCEPTION", "FINISHED:COMPLETED"]
    odd = server.jobs[0]
    assert odd.end_time == pytest.approx((odd.start_time or 0) + 3)
    assert "workspace/models/server.npy" in server.stored_files(odd.job_id)
    assert [job.output.log for job in server._state.store] == [(), ()]
    run = asked[0]
    assert (run.job_id, run.user, run.sites) == (odd.job_id, "admin@nvidia.com", ("site-1", "site-2"))
    assert (run.time, run.definition.name) == (odd.start_time, "odd")
    assert repr(run) == f"<Run of 'odd' ({odd.job_id}) on site-1, site-2>"


@pytest.mark.parametrize(
    ("count", "last"), [(1, "on site-1>"), (10, ", site-10>"), (11, ", site-10 and 1 more>"), (12, " and 2 more>")]
)
def test_a_run_shows_its_first_sites(count: int, last: str) -> None:
    """Ten of them, and how many there are besides."""
    told: list[str] = []
    server = SimulatedServer(clients=count, behavior=lambda run: told.append(repr(run)))
    server.submit(definition(min_clients=1))
    server.run_until_idle()

    assert [text.endswith(last) for text in told] == [True]


class Indescribable(Exception):
    """An exception that can't be printed."""

    def __str__(self) -> str:
        raise ValueError("no")


def divide(_: Run) -> JobBehavior:
    """Divide by zero."""
    return JobBehavior(run_seconds=1 / 0)


def fail(_: Run) -> None:
    """Raise something that can't be printed."""
    raise Indescribable


@pytest.mark.parametrize(
    ("behavior", "logged"),
    [
        (divide, "ZeroDivisionError: division by zero"),
        (lambda run: run.write("../x", ""), "ValueError: '../x' is not a plain relative path"),
        (lambda run: run.files.update({"../x": b""}), "ValueError: '../x' is not a plain relative path"),
        (lambda run: run.files.update(x=3), "ValueError: a result file holds text or bytes, not 3"),
        (lambda _: "COMPLETED", "TypeError: a behavior must be a JobBehavior or None, not a str"),
        (lambda run: [run.write("a", ""), run.write("a/b", "")], "ValueError: 'a' would be both a file and a folder"),
        (fail, "ERROR - Indescribable\n"),
    ],
)
def test_a_function_that_raises_is_an_app_that_raises(behavior: Any, logged: str) -> None:
    """The run ends at once with an exception, and its log says which; no call of a session is disturbed."""
    server = SimulatedServer(behavior=behavior)
    session = server.connect()
    job_id = session.submit_definition(definition())
    session.monitor_job(job_id)

    assert session.get_job_meta(job_id)["status"] == "FINISHED:EXECUTION_EXCEPTION"
    assert session.get_job_meta(job_id)["duration"] == "0:00:00.000000"
    with open(os.path.join(session.download_job_result(job_id), "workspace", "log.txt"), encoding="utf-8") as file:
        assert logged in file.read()


class Interrupting(Exception):
    """An exception that is never described."""

    def __str__(self) -> str:
        raise KeyboardInterrupt


def test_a_run_whose_function_was_interrupted_twice_fails() -> None:
    """The second time where nobody could take down what the first was; what it has left is there."""
    asked: list[str] = []

    def behave(run: Run) -> None:
        asked.append(run.name)
        run.write("begun", "yes")
        raise Interrupting

    server = SimulatedServer(behavior=behave)
    job_id = server.submit(definition())
    with pytest.raises(KeyboardInterrupt):
        server.run_until_idle()
    server.run_until_idle()

    assert (asked, statuses(server)) == (["small"], ["FINISHED:EXECUTION_EXCEPTION"])
    assert [job.output.log for job in server._state.store] == [("interrupted",)]
    assert "workspace/begun" in server.stored_files(job_id)


def test_a_function_may_use_the_server() -> None:
    """It may abort the very job it is asked about, look around, and break things."""

    def behave(run: Run) -> None:
        session.abort_job(run.job_id)
        assert [job.status for job in server.jobs] == ["FINISHED:ABORTED"]
        server.faults.partition(after=1)

    server = SimulatedServer(behavior=behave)
    session = server.connect()
    session.submit_definition(definition())
    server.advance(1.5)
    assert statuses(server) == ["FINISHED:ABORTED"]
    server.advance(1)
    with pytest.raises(NoConnection):
        session.list_jobs()


def test_a_behavior_may_go_by_the_name_of_a_job() -> None:
    """From the deploy on; what it leaves open is as for every job, and what the job says of itself comes first."""
    server = SimulatedServer(
        behavior={
            "odd": JobBehavior(outcome="EXECUTION_EXCEPTION", result_files={"model.txt": "weights"}),
            "refused": JobBehavior(deploy_failures=["site-1", "site-2"]),
            "*": JobBehavior(run_seconds=50),
        }
    )
    for name in ("odd", "refused", "other", "*"):
        server.submit(definition(name=name))
    server.submit(definition(name="odd", custom_props=behaving(outcome="COMPLETED", run_seconds=3)))
    server.run_until_idle()

    jobs = server.jobs
    assert [job.status for job in jobs] == [
        "FINISHED:EXECUTION_EXCEPTION",
        "FINISHED:FAILED_TO_RUN",
        *["FINISHED:COMPLETED"] * 3,
    ]
    assert [(job.end_time or 0) - (job.start_time or 0) for job in jobs if job.name != "refused"] == [
        pytest.approx(seconds) for seconds in (50, 50, 50, 3)
    ]
    assert "workspace/model.txt" in server.stored_files(jobs[0].job_id)


def test_names_may_be_patterns() -> None:
    """The name itself goes before patterns, these in their order, and all before what is said of every job."""
    server = SimulatedServer(
        behavior={
            "*": JobBehavior(run_seconds=50, outcome="ABNORMAL", result_files={"all.txt": ""}),
            "train-?": JobBehavior(run_seconds=20),
            "train-*": JobBehavior(run_seconds=30, outcome="ABORTED"),
            "train-1": JobBehavior(outcome="EXECUTION_EXCEPTION"),
            "[a]": JobBehavior(run_seconds=1),
        }
    )
    for name in ("train-1", "train-2", "train-10", "a", "[a]", "Train-1"):
        server.submit(definition(name=name))
    server.run_until_idle()

    ran = [round((job.end_time or 0) - (job.start_time or 0)) for job in server.jobs]
    assert list(zip(statuses(server), ran, strict=True)) == [
        ("FINISHED:EXECUTION_EXCEPTION", 20),
        ("FINISHED:ABORTED", 20),
        ("FINISHED:ABORTED", 30),
        ("FINISHED:ABNORMAL", 50),
        ("FINISHED:ABNORMAL", 1),
        ("FINISHED:ABNORMAL", 50),
    ]
    assert all("workspace/all.txt" in server.stored_files(job.job_id) for job in server.jobs)


def test_behaviors_take_turns() -> None:
    """A list has one for each job that it fits, as they are deployed; the last one goes for all that come later."""
    server = SimulatedServer(
        behavior={
            "train-*": [
                JobBehavior(deploy_failures=["server"]),
                JobBehavior(outcome="EXECUTION_EXCEPTION"),
                JobBehavior(run_seconds=3),
            ],
            "*": JobBehavior(run_seconds=5),
        }
    )
    for name in ("train-1", "other", "train-2", "train-1", "train-3"):
        server.submit(definition(name=name))
    server.run_until_idle()

    assert statuses(server) == [
        "FINISHED:FAILED_TO_RUN",
        "FINISHED:COMPLETED",
        "FINISHED:EXECUTION_EXCEPTION",
        "FINISHED:COMPLETED",
        "FINISHED:COMPLETED",
    ]
    ran = [round((job.end_time or 0) - (job.start_time or 0)) for job in server.jobs[1:]]
    assert ran == [5, 5, 3, 3]


@pytest.mark.parametrize("seconds", [0, 1.02, 1.12, 3, 20])
def test_turns_go_on_with_a_state(tmp_path: Path, seconds: float) -> None:
    """Whose turn it is, and what was said of a job that is under way, is part of the state."""
    turns = [JobBehavior(outcome="ABNORMAL", run_seconds=4), JobBehavior(outcome="ABORTED"), JobBehavior()]
    server = SimulatedServer(behavior={"*": turns})
    ids = [server.submit(definition()) for _ in range(2)]
    server.advance(seconds)
    server.save(tmp_path / "state")
    for one in (server, SimulatedServer.restore(tmp_path / "state")):
        ids.append(one.submit(definition()))
        one.run_until_idle()
        assert statuses(one) == ["FINISHED:ABNORMAL", "FINISHED:ABORTED", "FINISHED:COMPLETED"]


def test_a_new_behavior_begins_with_the_first_turn(tmp_path: Path) -> None:
    """Also for a job that is chosen and has not begun."""
    server = SimulatedServer(behavior={"*": [JobBehavior(), JobBehavior(outcome="ABORTED")]})
    server.submit(definition())
    server.advance(1.02)
    server.save(tmp_path / "state")
    again = SimulatedServer.restore(
        tmp_path / "state", behavior={"*": [JobBehavior(outcome="ABNORMAL"), JobBehavior(run_seconds=2)]}
    )
    again.submit(definition())
    again.run_until_idle()

    assert statuses(again) == ["FINISHED:ABNORMAL", "FINISHED:COMPLETED"]


def test_behaviors_by_name_are_the_servers_own() -> None:
    """What becomes of the mapping afterwards is no matter, and without a rule for all the observed defaults hold."""
    given = {"odd": JobBehavior(outcome="ABNORMAL")}
    server = SimulatedServer(behavior=given)
    given.clear()
    server.submit(definition(name="odd"))
    server.submit(definition())
    server.run_until_idle()

    assert statuses(server) == ["FINISHED:ABNORMAL", "FINISHED:COMPLETED"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"odd": "COMPLETED"}, " for each name, or a list of them, not 'COMPLETED' for 'odd'"),
        ({7: JobBehavior()}, " for each name, or a list of them, not a value of type JobBehavior for 7"),
        ({"odd": {"outcome": "A"}}, " for each name, or a list of them, not {'outcome': 'A'} for 'odd'"),
        ({"odd": []}, " for each name, or a list of them, not [] for 'odd'"),
        (
            {"odd": [JobBehavior(), None]},
            " for each name, or a list of them, not [a value of type JobBehavior, None] for 'odd'",
        ),
        (7, ", one by name, or a function, not a int"),
    ],
)
def test_behaviors_that_make_no_sense_are_refused(wrong: Any, said: str) -> None:
    """At once, and with what they are."""
    with pytest.raises(ValueError, match=f"^behavior must be a JobBehavior{re.escape(said)}$"):
        SimulatedServer(behavior=wrong)
