"""Progress: jobs that are done at once, or moved by hand, in place of with time."""

from __future__ import annotations

import pytest

from flare_sim import (
    JobNotFound,
    SimulatedServer,
)
from tests.flare_sim.job_samples import definition


def statuses(server: SimulatedServer) -> list[str]:
    """The status of every job."""
    return [job.status for job in server.jobs]


def test_jobs_may_be_done_at_once() -> None:
    """With immediate progress a job that can run has run by the next call, and no time has passed."""
    server = SimulatedServer(progress="immediate")
    session = server.connect()
    jobs = [session.submit_definition(definition()) for _ in range(6)]

    assert [session.get_job_meta(job_id)["status"] for job_id in jobs] == ["FINISHED:COMPLETED"] * 6
    assert server.clock.time() == 1767225600.0
    assert server.progress == "immediate"
    stuck = session.submit_definition(definition(min_clients=3))
    assert session.get_job_meta(stuck)["schedule_count"] == 1
    server.run_until_idle()
    assert session.get_job_meta(stuck)["status"] == "FINISHED:CAN_NOT_SCHEDULE"


def test_jobs_may_be_moved_by_hand() -> None:
    """With manual progress time changes nothing, and each step goes on to the next status."""
    server = SimulatedServer(progress="manual")
    job_id = server.submit(definition())
    server.advance(1000)
    assert statuses(server) == ["SUBMITTED"]

    steps = [server.step(job_id) for _ in range(4)]

    assert steps == ["DISPATCHED", "RUNNING", "FINISHED:COMPLETED", "FINISHED:COMPLETED"]
    assert server.jobs[0].end_time == server.jobs[0].start_time == 1767226600.0


def test_a_step_tries_once_to_schedule() -> None:
    """A job that can't run stays SUBMITTED, with one try more, until it is given up."""
    server = SimulatedServer(progress="manual")
    job_id = server.submit(definition(min_clients=3))

    assert [server.step(job_id) for _ in range(11)] == ["SUBMITTED"] * 10 + ["FINISHED:CAN_NOT_SCHEDULE"]


def test_a_job_moved_by_hand_can_be_aborted() -> None:
    """An abort needs no step; a running job stops at once."""
    server = SimulatedServer(progress="manual")
    session = server.connect()
    job_id = server.submit(definition())
    server.step(job_id)
    server.step(job_id)

    session.abort_job(job_id)

    assert (statuses(server), server.clock.time()) == (["FINISHED:ABORTED"], 1767225600.0)


def test_stepping_is_for_manual_progress(server: SimulatedServer) -> None:
    """With any other progress a step is an error, and so is one of an unknown job."""
    with pytest.raises(RuntimeError, match="progress='manual'"):
        server.step("x")
    with pytest.raises(JobNotFound, match="no such job: 'x'"):
        SimulatedServer(progress="manual").step("x")
