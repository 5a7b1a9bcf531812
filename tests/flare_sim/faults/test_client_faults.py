"""Clients that drop: runs pause, deployments fail, until they are back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from flare_sim import Session, SimulatedServer
from tests.flare_sim.faults.long_job import LONG, statuses


def test_a_run_pauses_while_too_few_of_its_clients_are_there(server: SimulatedServer, session: Session) -> None:
    """The run stands still while a needed client is away, and ends that much later."""
    job_id = session.submit_definition(definition())
    server.advance(2.15)
    server.faults.drop("site-2")
    server.faults.drop("site-1", after=1)
    server.faults.reconnect("site-1", after=2)
    server.advance(50)
    assert statuses(session) == ["RUNNING"]

    server.faults.reconnect("site-2")

    server.advance(5.99)
    assert statuses(session) == ["RUNNING"]
    server.advance(0.01)
    assert statuses(session) == ["FINISHED:COMPLETED"]
    assert session.get_job_meta(job_id)["duration"] == "0:00:57.000000"
    assert [record.change for record in server.trace.of("run")] == ["paused", "resumed"]


def test_a_run_may_pause_twice(server: SimulatedServer, session: Session) -> None:
    """It ends as much later as it stood still in all, and what was planned for it in between is forgotten."""
    session.submit_definition(definition())
    for after, verb in ((2, "drop"), (3, "reconnect"), (5, "drop"), (7, "reconnect"), (8, "drop"), (9, "reconnect")):
        getattr(server.faults, verb)("site-1", after=after)
    server.advance(8.15 + 1 + 2 + 1 - 1e-6)
    assert statuses(session) == ["RUNNING"]
    server.advance(1e-6)

    assert statuses(session) == ["FINISHED:COMPLETED"]


def test_a_run_that_starts_without_its_clients_waits_for_them(server: SimulatedServer, session: Session) -> None:
    """A client lost while the job was dispatched makes the run pause from its very start."""
    session.submit_definition(definition())
    server.faults.drop("site-1", after=1.1)
    server.advance(20)
    assert statuses(session) == ["RUNNING"]
    server.faults.reconnect("site-1")
    server.advance(7 - 1e-6)
    assert statuses(session) == ["RUNNING"]
    server.advance(1e-6)

    assert statuses(session) == ["FINISHED:COMPLETED"]


def test_a_run_goes_on_with_enough_clients(server: SimulatedServer, session: Session) -> None:
    """A client the job can do without makes no difference to when it ends."""
    session.submit_definition(definition(min_clients=1))
    server.faults.drop("site-1", after=2)
    server.advance(8.15)

    assert statuses(session) == ["FINISHED:COMPLETED"]


def test_a_paused_run_can_be_aborted(server: SimulatedServer, session: Session) -> None:
    """An abort doesn't wait for clients to come back."""
    job_id = session.submit_definition(LONG)
    server.faults.drop("site-1", after=2)
    server.advance(50)

    session.abort_job(job_id)

    assert statuses(session) == ["FINISHED:ABORTED"]


def test_deploying_to_a_client_that_dropped_fails_there(server: SimulatedServer, session: Session) -> None:
    """A client lost between choosing and deploying does not answer."""
    job_id = session.submit_definition(definition())
    server.faults.drop("site-1", after=1.02)
    server.advance(2)

    assert session.get_job_meta(job_id)["job_deploy_detail"] == [
        "server: OK",
        "site-1: unknown",
        "site-2: OK",
        "num_ok_sites 1 < required_min_sites 2",
    ]


def test_a_client_may_be_gone_when_its_fault_comes(server: SimulatedServer) -> None:
    """A fault for a client that has left by then does nothing."""
    server.faults.drop("site-1", after=5)
    server.faults.reconnect("site-1", after=6)
    server.remove_client("site-1")
    server.advance(10)

    assert [record[2:] for record in server.trace.of("client")] == [("site-1", "left")]
