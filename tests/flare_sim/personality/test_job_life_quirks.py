"""Quirks of aborting, deleting and running jobs, each on and off."""

from __future__ import annotations

import pytest

from flare_sim import Command, InternalError, JobBehavior, JobNotDone, ServerConfig, SimulatedServer
from tests.flare_sim.job_samples import definition
from tests.flare_sim.personality.one_quirk import a_server, ask, both, in_state, status_of


@both
@pytest.mark.parametrize("status", ["DISPATCHED", "RUNNING"])
def test_delete_refused_while_running(status: str, on: bool) -> None:
    """The job goes on, or is stopped and gone."""
    server = a_server("delete-refused-while-running", on=on)
    session = server.connect()
    job_id = in_state(server, session, status)
    if not on:
        session.delete_job(job_id)
        assert session.list_jobs() == []
        return
    with pytest.raises(JobNotDone, match=job_id):
        session.delete_job(job_id)
    server.run_until_idle()

    assert status_of(session, job_id) == "FINISHED:COMPLETED"
    session.delete_job(job_id)


@both
def test_abort_lost_before_running(on: bool) -> None:
    """Dispatched, a job looks aborted and runs all the same; a second abort, once it runs, works."""
    server = a_server("abort-lost-before-running", on=on)
    session = server.connect()
    job_id = in_state(server, session, "DISPATCHED")
    assert ask(server, f"abort_job {job_id}").delay == 0
    claimed = session.get_job_meta(job_id)
    again = ask(server, f"abort_job {job_id}")
    server.advance(1)

    assert (claimed["status"], claimed["start_time"], claimed["duration"]) == ("FINISHED:ABORTED", "", "N/A")
    assert session.list_jobs()[0]["status"] == ("RUNNING" if on else "FINISHED:ABORTED")
    assert again.info == f"Job for {job_id} is already completed."
    session.abort_job(job_id)
    assert status_of(session, job_id) == "FINISHED:ABORTED"


def test_an_abort_is_lost_while_deployed_too() -> None:
    """The next status takes the place of the one the abort left."""
    server = SimulatedServer(quirks=("abort-lost-before-running",), config=ServerConfig(deploy_seconds=1))
    session = server.connect()
    job_id = session.submit_definition(definition())
    server.advance(1.5)
    session.abort_job(job_id)
    statuses = [status_of(session, job_id)]
    for _ in range(20):
        server.advance(0.05)
        if status_of(session, job_id) != statuses[-1]:
            statuses.append(status_of(session, job_id))

    assert statuses == ["FINISHED:ABORTED", "DISPATCHED", "RUNNING"]


def test_a_job_whose_abort_was_lost_can_be_deleted() -> None:
    """It looks finished, so it may be deleted, and then it is gone."""
    server = SimulatedServer(quirks=("abort-lost-before-running", "delete-refused-while-running"))
    session = server.connect()
    job_id = in_state(server, session, "DISPATCHED")
    session.abort_job(job_id)
    session.delete_job(job_id)
    server.run_until_idle()

    assert session.list_jobs() == []


@both
def test_abort_lingers(on: bool) -> None:
    """After the call the job says RUNNING for six seconds more; aborting again takes two, and changes nothing."""
    server = a_server("abort-lingers", on=on)
    session = server.connect()
    job_id = in_state(server, session, "RUNNING", custom_props={"flare_sim": {"run_seconds": 100}})
    before = server.clock.time()
    session.abort_job(job_id)
    assert server.clock.time() - before == pytest.approx(3)
    assert status_of(session, job_id) == ("RUNNING" if on else "FINISHED:ABORTED")
    session.abort_job(job_id)
    assert server.clock.time() - before == pytest.approx(5 if on else 3)
    server.run_until_idle()

    assert status_of(session, job_id) == "FINISHED:ABORTED"
    assert server.clock.time() - before == pytest.approx(9 if on else 3)


@both
def test_client_failure_ends_run(on: bool) -> None:
    """A client's part that raises ends the run, or the job runs on until somebody aborts it."""
    server = a_server("client-failure-ends-run", on=on, behavior=JobBehavior(outcome="CLIENT_EXCEPTION"))
    session = server.connect()
    job_id = in_state(server, session, "RUNNING")
    server.advance(100_000)

    assert status_of(session, job_id) == ("FINISHED:ABNORMAL" if on else "RUNNING")
    session.abort_job(job_id)
    assert status_of(session, job_id) == ("FINISHED:ABNORMAL" if on else "FINISHED:ABORTED")


@both
def test_runs_have_stages(on: bool) -> None:
    """The run of a job is let go of before the job has finished, or with it."""
    server = a_server("runs-have-stages", on=on)
    session = server.connect()
    job_id = in_state(server, session, "RUNNING")
    server.advance(6.5)
    assert status_of(session, job_id) == "RUNNING"
    assert bool(session.get_system_info().job_info) != on


@both
def test_an_abort_of_a_run_that_is_over_but_for_its_status(on: bool) -> None:
    """It counts, and takes no time, as there is nothing to stop (2.9.0, by its code); so is one that repeats it."""
    server = SimulatedServer(quirks=("runs-have-stages", "abort-lingers") if on else ("runs-have-stages",))
    session = server.connect()
    job_id = in_state(server, session, "RUNNING")
    server.advance(6.5)
    before = server.clock.time()
    session.abort_job(job_id)
    session.abort_job(job_id)

    assert server.clock.time() == before
    assert status_of(session, job_id) == ("RUNNING" if on else "FINISHED:ABORTED")
    server.run_until_idle()
    assert status_of(session, job_id) == "FINISHED:ABORTED"
    assert server.clock.time() - before < 1


def test_a_run_that_never_ends_can_be_stepped() -> None:
    """By hand it gets to RUNNING and stays there."""
    server = SimulatedServer(progress="manual", behavior=JobBehavior(outcome="CLIENT_EXCEPTION"))
    job_id = server.submit(definition())

    assert [server.step(job_id) for _ in range(4)] == ["DISPATCHED", "RUNNING", "RUNNING", "RUNNING"]


@both
def test_orphans_stay_running(on: bool) -> None:
    """What ran when the server died says RUNNING for ever, blocks nothing, and can't be got rid of."""
    quirks = ("orphans-stay-running", "delete-refused-while-running") if on else ()
    server = SimulatedServer(quirks=quirks, config=ServerConfig(max_jobs=2))
    others = server.submit(definition())
    job_id = in_state(server, server.connect(), "RUNNING")
    assert status_of(server.connect(), others) == "RUNNING"
    server.faults.crash()
    server.faults.restart()
    server.advance(100)
    session = server.connect()

    for one in (job_id, others):
        assert status_of(session, one) == ("RUNNING" if on else "FINISHED:ABANDONED")
    assert session.get_system_info().job_info == []
    assert in_state(server, session, "FINISHED:COMPLETED")
    if on:
        reply = ask(server, f"abort_job {job_id}")
        assert (reply.status, reply.info) == ("internal_error", f"Job {job_id} is not running.")
        with pytest.raises(InternalError):
            session.abort_job(job_id)
        with pytest.raises(JobNotDone):
            session.delete_job(job_id)
        assert status_of(session, job_id) == "RUNNING"


@both
@pytest.mark.parametrize(
    ("with_tokens", "count"), [((), 0), (("other",), 0), (("deleted",), 1), (("other", "deleted"), 1)]
)
def test_delete_counts_records(with_tokens: tuple[str, ...], count: int, on: bool) -> None:
    """The reply to a deletion says how many submit tokens stood for the job: none, unless it was submitted with one."""
    server = SimulatedServer(quirks=["submit-tokens-honoured", *(["delete-counts-records"] if on else [])])
    login = server.login("admin@nvidia.com")
    ids = {}
    for name in ("other", "deleted"):
        words = ("x", "--submit-token", f"token of {name}") if name in with_tokens else ("x",)
        ids[name] = server.request(login, Command("submit_job", words, definition(name=name))).payload["job_id"]
    counted = {"submit_records_marked_deleted": count} if on else {}

    assert ask(server, f"delete_job {ids['deleted']}").payload == {"job_id": ids["deleted"], **counted}


@both
@pytest.mark.parametrize(
    ("runs", "outcome", "waits"),
    [(0.5, "COMPLETED", 2.0), (2, "COMPLETED", 3.0), (9, "CLIENT_EXCEPTION", 1.0)],
)
def test_an_abort_waits_for_processes_that_are_there(runs: float, outcome: str, waits: float, on: bool) -> None:
    """The server's takes a second to begin; the clients', which take two thirds of the time, may have failed."""
    behavior = JobBehavior(run_seconds=8, outcome=outcome)
    server = a_server("runs-have-stages", on=on, behavior=behavior)
    session = server.connect()
    job_id = in_state(server, session, "RUNNING")
    server.advance(runs)
    begun = server.clock.time()
    session.abort_job(job_id)

    assert server.clock.time() - begun == pytest.approx(waits if on else 3.0, abs=0.01)


@pytest.mark.parametrize(("change", "seconds"), [("remove_client site-1", 1.0), ("remove_client site-3", 3.0)])
def test_an_abort_does_not_wait_for_clients_that_were_removed(change: str, seconds: float) -> None:
    """What is left is the third of the time that the server's own process takes; one that had no part is no matter."""
    server = SimulatedServer(personality="nvflare-2.9", behavior=JobBehavior(run_seconds=1000))
    session = server.connect()
    job_id = in_state(server, session, "RUNNING")
    server.add_client("site-3")
    server.advance(2)
    ask(server, change)
    begun = server.clock.time()
    session.abort_job(job_id)

    assert server.clock.time() - begun == pytest.approx(seconds, abs=0.01)
