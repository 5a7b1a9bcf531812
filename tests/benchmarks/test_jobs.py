"""What a job costs from its submission to its end, in time and in memory, beside a loop that only notes its events."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

import pytest

from flare_sim import ServerConfig
from tests.benchmarks.compare import side_by_side
from tests.benchmarks.stores import INSTANT, lived, weighed

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from tests.benchmarks.conftest import Compare

JOBS = (10_000, 100_000)
CONFIGS = {
    "at once": INSTANT,
    "as observed": ServerConfig(),
}


def bare(jobs: int) -> list[tuple[int, int, str]]:
    """The same number of events on a heap, each noted, and nothing else: four for each job."""
    heap: list[tuple[int, int, int, int]] = []
    noted = []
    for job in range(jobs):
        heappush(heap, (job, job, job, 0))
    serial = jobs
    while heap:
        tick, _, job, step = heappop(heap)
        noted.append((tick, job, "state"))
        if step < 3:
            heappush(heap, (tick + 1, serial, job, step + 1))
            serial += 1
    return noted


@pytest.mark.parametrize("jobs", JOBS)
@pytest.mark.parametrize("name", CONFIGS)
def test_a_life(benchmark: BenchmarkFixture, compare: Compare, name: str, jobs: int) -> None:
    """Submitted, scheduled, deployed, started, ended."""
    config = CONFIGS[name]
    server = benchmark.pedantic(lived, args=(jobs, config), rounds=1)

    assert {job.status for job in server.jobs} == {"FINISHED:COMPLETED"}
    rounds = 3 if jobs <= JOBS[0] else 1
    contestants = (lambda: None, lambda _: bare(jobs)), (lambda: None, lambda _: lived(jobs, config))
    compare(f"bare heap, life of {jobs} jobs {name}", side_by_side(rounds, jobs, *contestants), "<= 25 us")


@pytest.mark.parametrize("name", CONFIGS)
def test_memory_of_a_finished_job(benchmark: BenchmarkFixture, name: str) -> None:
    """Bytes a job that is over takes, its part of the trace included (goal: 600)."""
    jobs = JOBS[0]
    server, taken = benchmark.pedantic(weighed, args=(jobs, CONFIGS[name]), rounds=1)

    assert len(server.jobs) == jobs
    benchmark.extra_info["bytes a job"] = int(taken)
