"""What lists cost: a job in a full one, one with a limit or a prefix, and the system's state with many clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flare_sim import Command, JobBehavior, SimulatedServer
from tests.benchmarks.compare import side_by_side
from tests.benchmarks.stores import DEFINITION, INSTANT

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from flare_sim import Session
    from tests.benchmarks.conftest import Compare

FEW, MANY = 1_000, 100_000
CLIENTS = 10, 10_000


def over(jobs: int) -> tuple[SimulatedServer, Session]:
    """A server with so many jobs that are over, submitted over some time, and a session with it."""
    server = SimulatedServer(config=INSTANT._replace(max_jobs=50), behavior=JobBehavior(run_seconds=0.01))
    session = server.connect()
    for _ in range(jobs // 50):
        for _ in range(50):
            session.submit_definition(DEFINITION)
        server.advance(1.0)
    server.run_until_idle()
    return server, session


@pytest.fixture(scope="module")
def servers() -> tuple[tuple[SimulatedServer, Session], tuple[SimulatedServer, Session]]:
    """A server with few jobs and one with many."""
    return over(FEW), over(MANY)


@pytest.mark.parametrize("detailed", [False, True], ids=["plain", "detailed"])
def test_a_full_list(
    benchmark: BenchmarkFixture,
    compare: Compare,
    servers: tuple[tuple[SimulatedServer, Session], tuple[SimulatedServer, Session]],
    *,
    detailed: bool,
) -> None:
    """Time a job, of 10^5 beside as many lists of 10^3."""
    (_, few), (_, many) = servers

    benchmark.pedantic(many.list_jobs, args=(detailed,), rounds=3)

    comparison = side_by_side(
        5,
        MANY,
        (lambda: few, lambda session: [session.list_jobs(detailed) for _ in range(MANY // FEW)]),
        (lambda: many, lambda session: session.list_jobs(detailed)),
    )
    compare(f"a job in a list of {FEW} and {MANY}", comparison, "<= 1.5 us")


@pytest.mark.parametrize(
    "args", [("-m", "10"), ("-u", "-m", "10"), ("-n", "other"), ("f01",)], ids=["limit", "own", "name", "prefix"]
)
def test_a_part_of_the_list(
    benchmark: BenchmarkFixture,
    compare: Compare,
    servers: tuple[tuple[SimulatedServer, Session], tuple[SimulatedServer, Session]],
    args: tuple[str, ...],
) -> None:
    """Ten jobs, or those that begin so: with 10^3 jobs and with 10^5, of which a prefix finds a hundred times more."""

    def ask(server: SimulatedServer) -> None:
        for _ in range(100):
            server.request(login[server], Command("list_jobs", args))

    (few, _), (many, _) = servers
    login = {server: server.login("admin@nvidia.com") for server in (few, many)}
    ask(many)

    benchmark.pedantic(ask, args=(many,), rounds=3)

    comparison = side_by_side(5, 100, (lambda: few, ask), (lambda: many, ask))
    compare(f"list_jobs {' '.join(args)}, {FEW} and {MANY} jobs", comparison, "what it returns")


def test_the_system_of_many_clients(benchmark: BenchmarkFixture, compare: Compare) -> None:
    """The cost of a client in what a system with 10 and one with 10^4 tell of themselves."""
    few, many = (SimulatedServer(clients=clients).connect() for clients in CLIENTS)

    benchmark(many.get_system_info)

    comparison = side_by_side(
        5,
        CLIENTS[1],
        (lambda: few, lambda session: [session.get_system_info() for _ in range(CLIENTS[1] // CLIENTS[0])]),
        (lambda: many, lambda session: session.get_system_info()),
    )
    compare(f"a client of {CLIENTS[0]} and of {CLIENTS[1]}", comparison, "flat")
