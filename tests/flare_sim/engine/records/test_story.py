"""What happened at a server is told in sentences, which never change for the same events."""

from __future__ import annotations

import pytest

from flare_sim import JobBehavior, JobNotFound, Session, SimulatedServer
from tests.flare_sim.job_samples import definition


def test_a_job_is_told_by_its_name(server: SimulatedServer, session: Session) -> None:
    """From its submission to its end, with what happened to the clients it runs on; a clone is the second of it."""
    job_id = session.submit_definition(definition())
    server.faults.drop("site-2", after=3)
    server.faults.reconnect("site-2", after=30)
    server.run_until_idle()
    session.clone_job(job_id)

    assert server.story() == [
        "0 s: admin@nvidia.com called submit_job: 'small'",
        "1 s: the scheduler came to 'small': scheduled",
        "1 s: 'small' is SUBMITTED (DEPLOYING)",
        "1.05 s: 'small' is DISPATCHED",
        "1.15 s: 'small' is RUNNING",
        "3 s: site-2 dropped",
        "3 s: the run of 'small' is paused",
        "30 s: site-2 reconnected",
        "30 s: the run of 'small' is resumed",
        "35.15 s: 'small' is FINISHED:COMPLETED",
        "35.15 s: admin@nvidia.com called clone_job: 'small' -> 'small' #2",
    ]


def test_users_and_faults_are_told(server: SimulatedServer) -> None:
    """With what was said of them."""
    server.add_user("ann@nvidia.com", "member")
    server.advance(2.5)
    server.change_role("ann@nvidia.com", "lead")
    server.revoke_user("ann@nvidia.com")
    server.faults.slow_replies(2)
    server.faults.partition()

    assert server.story() == [
        "0 s: ann@nvidia.com was added: member of nvidia",
        "2.5 s: ann@nvidia.com was changed: lead of nvidia",
        "2.5 s: ann@nvidia.com was revoked",
        "2.5 s: slow_replies(2.0)",
        "2.5 s: partition()",
    ]


def test_a_job_that_is_deleted_is_told_by_its_id(server: SimulatedServer, session: Session) -> None:
    """As nobody knows its name any more."""
    job_id = session.submit_definition(definition())
    session.delete_job(job_id)

    assert server.story() == [
        f"0 s: admin@nvidia.com called submit_job: job {job_id[:8]}",
        f"0 s: admin@nvidia.com called delete_job: job {job_id[:8]}",
        f"0 s: job {job_id[:8]} is FINISHED:ABORTED",
        f"0 s: job {job_id[:8]} was deleted",
    ]


def test_one_job_has_a_story_of_its_own(server: SimulatedServer, session: Session) -> None:
    """Told with the same times, and without what happened to others."""
    session.submit_definition(definition(name="first"))
    server.advance(0.5)
    job_id = session.submit_definition(definition(name="second"))
    server.run_until_idle()
    story = server.story(job_id)

    assert story == [line for line in server.story() if "'second'" in line]
    assert story[0] == "0.5 s: admin@nvidia.com called submit_job: 'second'"


def test_rounds_are_told() -> None:
    """As they end."""
    with SimulatedServer(behavior=JobBehavior(rounds=2, every=5)) as server:
        server.submit(definition())
        server.run_until_idle()

        assert [line for line in server.story() if "round" in line] == [
            "6.15 s: round 0 of 'small' is over",
            "11.15 s: round 1 of 'small' is over",
        ]


def test_nothing_has_no_story(server: SimulatedServer) -> None:
    """And a job that never was is refused."""
    assert server.story() == []
    with pytest.raises(JobNotFound, match="no such job: 'x'"):
        server.story("x")
