"""Deployments that fail, and jobs that are killed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from flare_sim import Session, SimulatedServer
from tests.flare_sim.faults.long_job import LONG, statuses


def test_deployments_fail_as_often_as_told(server: SimulatedServer, session: Session) -> None:
    """The next so many deployments to a site fail, then they work again; taking it back takes it back."""
    server.faults.fail_deploy("site-1", 2)
    server.faults.fail_deploy("server", 5)
    server.faults.fail_deploy("server", 0)
    for _ in range(3):
        session.submit_definition(definition())
    server.run_until_idle()

    assert statuses(session) == ["FINISHED:FAILED_TO_RUN"] * 2 + ["FINISHED:COMPLETED"]


def test_the_server_itself_may_fail_to_deploy(server: SimulatedServer, session: Session) -> None:
    """Then the detail has the server's line alone."""
    server.faults.fail_deploy("server")
    job_id = session.submit_definition(definition())
    server.advance(2)

    assert session.get_job_meta(job_id)["job_deploy_detail"] == ["server: failed to deploy app app"]


def test_a_killed_job_ends_abnormally(server: SimulatedServer, session: Session) -> None:
    """Killing a running job's process is FINISHED:ABNORMAL; killing anything else does nothing."""
    job_id = session.submit_definition(LONG)
    server.faults.kill_job(job_id)
    server.advance(2)
    assert statuses(session) == ["RUNNING"]
    server.faults.kill_job(job_id, after=1)
    server.faults.kill_job(job_id, after=2)
    server.advance(3)

    assert (statuses(session), session.get_job_meta(job_id)["duration"]) == (["FINISHED:ABNORMAL"], "N/A")
