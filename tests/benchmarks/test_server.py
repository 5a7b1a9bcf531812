"""What a server costs: fresh, per command and per decision with few and with many jobs in it, and over a long day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import JobBehavior, MonitorReturnCode, SimulatedServer
from tests.benchmarks.compare import each, side_by_side
from tests.benchmarks.stores import DEFINITION, some_ids, waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

    from flare_sim import Session
    from tests.benchmarks.conftest import Compare

FEW, MANY = 1_000, 100_000
OPERATIONS = 100


@pytest.fixture(scope="module")
def filled_servers() -> tuple[tuple[SimulatedServer, Session], tuple[SimulatedServer, Session]]:
    """A server with few jobs and one with many."""
    return waiting(FEW), waiting(MANY)


def submit(session: Session) -> Callable[[Any], object]:
    """Submit a job."""
    return lambda _: session.submit_definition(DEFINITION)


def system_info(session: Session) -> Callable[[Any], object]:
    """Ask for the system's state."""
    return lambda _: session.get_system_info()


COMMANDS: dict[str, Callable[[Session], Callable[[Any], object]]] = {
    "submit": submit,
    "meta": lambda session: session.get_job_meta,
    "clone": lambda session: session.clone_job,
    "abort": lambda session: session.abort_job,
    "delete": lambda session: session.delete_job,
    "system info": system_info,
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command(
    benchmark: BenchmarkFixture,
    compare: Compare,
    filled_servers: tuple[tuple[SimulatedServer, Session], tuple[SimulatedServer, Session]],
    name: str,
) -> None:
    """The cost of a command with 10^3 and with 10^5 jobs in the store."""
    (_, few), (_, many) = filled_servers
    contestants = [
        (lambda session=session: some_ids(session, OPERATIONS), each(COMMANDS[name](session)))
        for session in (few, many)
    ]

    benchmark.pedantic(contestants[1][1], setup=lambda: ((some_ids(many, OPERATIONS),), {}), rounds=3)

    compare(f"{name}, {FEW} and {MANY} jobs", side_by_side(5, OPERATIONS, *contestants), "<= 1.3")


def test_a_decision(
    benchmark: BenchmarkFixture,
    compare: Compare,
    filled_servers: tuple[tuple[SimulatedServer, Session], tuple[SimulatedServer, Session]],
) -> None:
    """The cost of one scheduling decision (and the life of the job it chose) with 10^3 and 10^5 jobs waiting."""
    for server, _ in filled_servers:
        server.faults.release()

    def decide(server: SimulatedServer) -> None:
        for _ in range(20):
            server.advance(1.0)

    (few, _), (many, _) = filled_servers
    before = sum(job.status == "SUBMITTED" for job in many.jobs)
    benchmark.pedantic(decide, args=(many,), rounds=3)

    assert before - sum(job.status == "SUBMITTED" for job in many.jobs) == 60
    comparison = side_by_side(5, 20, (lambda: few, decide), (lambda: many, decide))
    compare(f"decision, {FEW} and {MANY} jobs", comparison, "<= 1.3")


def test_a_decision_with_many_clients(benchmark: BenchmarkFixture, compare: Compare) -> None:
    """The same with ten clients and with 10^4."""
    servers = []
    for clients in (10, 10_000):
        server, _ = waiting(FEW, clients)
        server.faults.release()
        server.advance(1)
        servers.append(server)

    def decide(server: SimulatedServer) -> None:
        for _ in range(20):
            server.advance(1.0)

    benchmark.pedantic(decide, args=(servers[1],), rounds=3)
    comparison = side_by_side(5, 20, (lambda: servers[0], decide), (lambda: servers[1], decide))
    compare("decision, 10 and 10000 clients", comparison, "<= 1.3")


def test_a_fresh_server(benchmark: BenchmarkFixture) -> None:
    """Making a server with its two clients (goal: 12 us)."""
    server = benchmark(SimulatedServer)

    assert len(server.connect().get_system_info().client_info) == 2


@pytest.mark.parametrize("watched", [True, False], ids=["with a callback", "without"])
def test_a_day_of_monitoring(benchmark: BenchmarkFixture, *, watched: bool) -> None:
    """Monitoring a job of 24 hours every two seconds (goals: 60 ms with a callback, 0.2 ms without)."""
    polls = 0

    def count(session: Session, job_id: str, meta: dict[str, Any]) -> bool:
        nonlocal polls
        polls += 1
        return True

    def begin() -> tuple[tuple[Session, str], dict[str, Any]]:
        nonlocal polls
        polls = 0
        server = SimulatedServer(behavior=JobBehavior(run_seconds=86_400))
        session = server.connect()
        return (session, session.submit_definition(DEFINITION)), {}

    def monitor(session: Session, job_id: str) -> MonitorReturnCode:
        return session.monitor_job(job_id, poll_interval=2, cb=count if watched else None)

    result = benchmark.pedantic(monitor, setup=begin, rounds=5)

    assert (result, polls) == (MonitorReturnCode.JOB_FINISHED, 43_202 if watched else 0)
