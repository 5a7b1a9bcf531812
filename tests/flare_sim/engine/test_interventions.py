"""What users, clients and faults do to jobs: an abort ends them early, a deletion removes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flare_sim import SimulatedServer
from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from flare_sim import Session


def test_a_run_that_was_interrupted_twice_is_aborted_as_any_other(server: SimulatedServer, session: Session) -> None:
    """When it would have ended, had nobody dropped, or one of its clients only once, is past and gone."""
    job_id = session.submit_definition(definition())
    for seconds, verb in ((2, "drop"), (1, "reconnect"), (1, "drop"), (1, "reconnect")):
        server.advance(seconds)
        getattr(server.faults, verb)("site-1")
    server.advance(2.5)
    session.abort_job(job_id)
    server.run_until_idle()

    (job,) = server.jobs
    assert (job.status, job.end_time) == ("FINISHED:ABORTED", 1767225600 + 10.5)


@pytest.mark.parametrize(("after", "status"), [(0, "SUBMITTED"), (1.02, "SUBMITTED"), (1.07, "DISPATCHED")])
def test_an_abort_before_the_run_is_immediate_and_sticks(
    server: SimulatedServer, session: Session, after: float, status: str
) -> None:
    """Submitted, being deployed or dispatched: aborted at once, and never run (real servers lose such an abort)."""
    job_id = session.submit_definition(definition())
    server.advance(after)
    assert session.get_job_meta(job_id)["status"] == status
    before = server.clock.time()

    session.abort_job(job_id)

    assert server.clock.time() == before
    server.advance(100)
    meta = session.get_job_meta(job_id)
    assert (meta["status"], meta["start_time"], meta["duration"]) == ("FINISHED:ABORTED", "", "N/A")
    assert [record.status for record in server.trace.of("state")][-1] == "FINISHED:ABORTED"


def test_an_abort_of_a_running_job_takes_its_time(server: SimulatedServer, session: Session) -> None:
    """The call comes back when the job has stopped, three seconds later."""
    job_id = session.submit_definition(definition(custom_props=behaving(run_seconds=100)))
    server.advance(2)
    before = server.clock.time()

    session.abort_job(job_id)

    assert server.clock.time() - before == 3.0
    meta = session.get_job_meta(job_id)
    assert (meta["status"], meta["duration"]) == ("FINISHED:ABORTED", "0:00:03.850000")
    server.advance(200)
    assert session.get_job_meta(job_id) == meta


def test_a_job_being_stopped_still_says_running(server: SimulatedServer, session: Session) -> None:
    """Whoever looks during the three seconds sees RUNNING; who aborts again waits for the rest only."""
    job_id = session.submit_definition(definition())
    server.advance(2)
    looks: list[tuple[str, int]] = []

    class Between:
        """A clock that looks around while the abort sleeps."""

        def __init__(self) -> None:
            self.time = server.clock.time

        def sleep(self, seconds: float) -> None:
            server.clock.sleep(1)
            looks.append((other.get_job_meta(job_id)["status"], len(other.get_system_info().job_info)))
            other.abort_job(job_id)

    other = server.connect()
    session._clock = Between()
    start = server.clock.time()

    session.abort_job(job_id)

    assert looks == [("RUNNING", 1)]
    assert server.clock.time() - start == 3.0
    assert session.get_job_meta(job_id)["status"] == "FINISHED:ABORTED"


def test_an_abort_of_a_finished_job_does_nothing(server: SimulatedServer, session: Session) -> None:
    """Not even the trace has it."""
    job_id = session.submit_definition(definition())
    session.monitor_job(job_id)
    before = (session.get_job_meta(job_id), server.trace.digest(), server.clock.time())

    session.abort_job(job_id)

    assert (session.get_job_meta(job_id), server.trace.digest(), server.clock.time()) == before


def test_a_running_job_is_stopped_and_then_deleted(server: SimulatedServer, session: Session) -> None:
    """Deleting a running job takes as long as stopping it, and then it is nowhere."""
    job_id = session.submit_definition(definition())
    server.advance(2)
    before = server.clock.time()

    session.delete_job(job_id)

    assert server.clock.time() - before == 3.0
    assert (session.list_jobs(all=True), server.jobs, server.stored_files(job_id)) == ([], (), ())
    assert [record.kind for record in server.trace][-2:] == ["state", "deleted"]


@pytest.mark.parametrize("after", [0, 1.02, 1.07, 100])
def test_a_job_that_does_not_run_is_deleted_at_once(server: SimulatedServer, session: Session, after: float) -> None:
    """Waiting, being deployed, dispatched or finished: deleted without a wait."""
    job_id = session.submit_definition(definition())
    server.advance(after)
    before = server.clock.time()

    session.delete_job(job_id)

    assert (server.clock.time(), server.jobs) == (before, ())
    server.advance(100)
    assert server.jobs == ()
