"""What users ask a run."""

from __future__ import annotations

import pytest

from flare_sim import JobBehavior, SimulatedServer
from tests.flare_sim.commands.command_lines import ask, meta
from tests.flare_sim.job_samples import definition


@pytest.mark.parametrize("command", ["show_stats", "show_errors", "reset_errors"])
def test_only_a_run_can_be_asked(server: SimulatedServer, jobs: list[str], command: str) -> None:
    """A job that does not run says so; whom to ask is looked at before that."""
    reply = ask(server, f"{command} {jobs[0]} all")

    assert reply.as_dict()["meta"] == {"status": "job_not_running", "info": jobs[0]}
    assert reply.data == (("error", f"Job_id: {jobs[0]} is not running."),)
    assert meta(server, f"{command} {jobs[0]} client site-9")["info"] == "invalid client(s): site-9"
    assert meta(server, f"{command} {jobs[0]}")["info"] == "missing target type (server or client)"


def test_a_run_has_no_errors(server: SimulatedServer, jobs: list[str]) -> None:
    """On the server that is a sentence, on clients nothing, as on 2.9.0 (#178, #182, #185, #189)."""
    server.advance(1.5)
    server.faults.drop("site-2")
    shown = {whom: ask(server, f"show_errors {jobs[0]} {whom}") for whom in ("server", "client site-1", "all")}

    assert shown["server"].data == (("dict", {"server": "No Error"}),)
    assert shown["client site-1"].data == (("dict", {"site-1": {}}),)
    assert shown["all"].data == (("dict", {"server": "No Error", "site-1": {}, "site-2": "invalid_reply"}),)
    assert shown["all"].as_dict()["meta"] == {}
    reset = ask(server, f"reset_errors {jobs[0]} all").data[0][1]
    assert reset["server"] == f"reset the server error stats for job: {jobs[0]}"
    assert reset["site-1"] == {"status": "OK"}


def test_statistics_of_a_run_without_rounds_are_not_simulated(server: SimulatedServer, jobs: list[str]) -> None:
    """And that is said."""
    server.advance(1.5)
    reply = meta(server, f"show_stats {jobs[0]} server")

    assert reply["status"] == "syntax_error"
    assert "show_stats" in reply["info"]


def test_a_run_that_writes_without_rounds_has_no_statistics() -> None:
    """There is no workflow to tell of."""
    server = SimulatedServer(behavior=JobBehavior(log_lines=[(1, "soon")], run_seconds=60))
    job_id = server.submit(definition())
    server.advance(5)

    assert meta(server, f"show_stats {job_id} all")["info"] == "the simulator does not answer show_stats"


def test_a_run_with_rounds_tells_how_far_it_is() -> None:
    """In the words of ScatterAndGather and those who run it, on 2.9.0 (#177, #181, #184)."""
    behavior = JobBehavior(rounds=3, every=60, run_seconds=200)
    server = SimulatedServer(behavior=behavior)
    job_id = server.submit(definition(min_clients=1))
    server.faults.drop("site-2", after=150)
    told = []
    for seconds in (2, 60, 100, 20):
        server.advance(seconds)
        told.append(ask(server, f"show_stats {job_id} all").data)
    only = {whom: ask(server, f"show_stats {job_id} {whom}").data[0][1] for whom in ("server", "client site-2")}

    def workflow(phase: str, current: int, tasks: dict[str, list[str]]) -> dict[str, object]:
        sag = {"phase": phase, "current_round": current, "num_rounds": 3, "tasks": tasks}
        runner = {"job_id": job_id, "status": "started", "workflow": "sag"}
        return {"ScatterAndGather": sag, "ServerRunner": runner}

    def client(*tasks: str) -> dict[str, object]:
        return {"ClientRunner": {"job_id": job_id, "current_tasks": [*tasks]}}

    both = ["site-1", "site-2"]
    assert told == [
        (("dict", {"server": workflow("train", 0, {"train": both}), **dict.fromkeys(both, client("train"))}),),
        (("dict", {"server": workflow("train", 1, {"train": both}), **dict.fromkeys(both, client("train"))}),),
        (
            (
                "dict",
                {
                    "server": workflow("train", 2, {"train": ["site-1"]}),
                    "site-1": client("train"),
                    "site-2": "invalid_reply",
                },
            ),
        ),
        (
            (
                "dict",
                {"server": workflow("_finished_", 3, {}), "site-1": client(), "site-2": "invalid_reply"},
            ),
        ),
    ]
    assert only == {"server": {"server": workflow("_finished_", 3, {})}, "client site-2": {"site-2": "invalid_reply"}}
    server.advance(100)
    assert meta(server, f"show_stats {job_id} server")["status"] == "job_not_running"


def test_an_app_understands_nothing(server: SimulatedServer, jobs: list[str]) -> None:
    """As one of 2.9.0 says it that knows nothing of a topic."""
    assert meta(server, f"app_command {jobs[0]} topic")["status"] == "job_not_running"
    assert meta(server, f"app_command {jobs[0]}")["status"] == "syntax_error"
    server.advance(1.5)
    said = "rc='BAD_REQUEST_DATA' reason='no app command func for topic topic'"

    assert meta(server, f"app_command {jobs[0]} topic") == {"status": "error", "info": said}


@pytest.mark.parametrize(
    "command",
    ["report_version", "disable_client", "enable_client", "list_job", "download_job_components", "app_command"],
)
def test_the_old_release_does_not_know_what_came_later(command: str) -> None:
    """Seen live on 2.3.12."""
    reply = ask(SimulatedServer(personality="nvflare-2.3"), command).as_dict()

    assert reply == {"status": "ERROR_SYNTAX", "details": f"Command {command} not found"}
    assert ask(SimulatedServer(personality="nvflare-2.9"), command).api_status == "SUCCESS"
