"""The event loop beside SimPy's and a bare heap, doing the same: so many timers, each going off again and again."""

from __future__ import annotations

from heapq import heappush, heapreplace
from operator import length_hint
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import simpy

from flare_sim.engine.timeline import Timeline
from tests.benchmarks.compare import side_by_side

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from pytest_benchmark.fixture import BenchmarkFixture

    from tests.benchmarks.conftest import Compare

EVENTS = 600_000
LONGEST_DELAY = 2_000_000
GOALS = {1_000: ">= 2.5", 100_000: ">= 3"}


def delays(pending: int) -> Iterator[int]:
    """The delays of all timers, in the order they are asked for; the same for both engines."""
    generator = Random(pending)
    return iter([generator.randint(1, LONGEST_DELAY) for _ in range(EVENTS + 2 * pending + 1000)])


def end_of(pending: int) -> int:
    """The tick by which about that many events have happened (a timer goes off every half longest delay)."""
    return EVENTS * LONGEST_DELAY // (2 * pending)


def prepared_timeline(pending: int) -> tuple[Timeline, Iterator[int]]:
    """Our engine with all timers set, and the delays it has not drawn yet."""
    timeline = Timeline()
    left = delays(pending)
    draw = left.__next__

    def fire(_: object) -> int:
        return draw()

    for _ in range(pending):
        timeline.at(draw(), fire)
    return timeline, left


def prepared_simpy(pending: int) -> tuple[simpy.Environment, Iterator[int]]:
    """SimPy's engine with all timers set, and the delays it has not drawn yet."""
    environment = simpy.Environment(0)
    left = delays(pending)
    draw = left.__next__

    def timer() -> Generator[simpy.Event, Any, None]:
        while True:
            yield environment.timeout(draw())

    for _ in range(pending):
        environment.process(timer())
    environment.run(until=1)  # the processes are started: from here on only timers go off
    return environment, left


Heap = list[tuple[int, int, Any, None]]


def prepared_heap(pending: int) -> Heap:
    """A bare heap with all timers set."""
    draw = delays(pending).__next__
    heap: Heap = []
    for serial in range(pending):
        heappush(heap, (draw(), serial, lambda _: draw(), None))
    return heap


def run_heap(heap: Heap, until: int) -> None:
    """Let the timers of a bare heap go off, and no more."""
    serial = len(heap)
    while heap and heap[0][0] <= until:
        ticks, _, action, argument = heap[0]
        heapreplace(heap, (ticks + action(argument), serial, action, argument))
        serial += 1


@pytest.mark.parametrize("pending", GOALS)
def test_timeline(benchmark: BenchmarkFixture, compare: Compare, pending: int) -> None:
    """Events per second with 10^3 and 10^5 timers pending."""
    end = end_of(pending)

    benchmark.pedantic(
        lambda timeline: timeline.run(end), setup=lambda: ((prepared_timeline(pending)[0],), {}), rounds=3
    )

    comparison = side_by_side(
        3,
        EVENTS,
        (lambda: prepared_timeline(pending)[0], lambda timeline: timeline.run(end)),
        (lambda: prepared_simpy(pending)[0], lambda environment: environment.run(until=end)),
    )
    compare(f"event, SimPy's event, {pending} pending", comparison, GOALS[pending])
    comparison = side_by_side(
        3,
        EVENTS,
        (lambda: prepared_heap(pending), lambda heap: run_heap(heap, end)),
        (lambda: prepared_timeline(pending)[0], lambda timeline: timeline.run(end)),
    )
    compare(f"event on a bare heap, event, {pending} pending", comparison, "<= 1.3")


def test_both_engines_do_the_same_work() -> None:
    """Both engines draw as many delays until the same tick, so they do as many events, and about as many as said."""
    timeline, draws = prepared_timeline(1_000)
    environment, other_draws = prepared_simpy(1_000)
    before = length_hint(draws), length_hint(other_draws)

    timeline.run(end_of(1_000) - 1)
    environment.run(until=end_of(1_000))

    done = before[0] - length_hint(draws)
    assert (before[0], done) == (before[1], before[1] - length_hint(other_draws))
    assert 0.95 < done / EVENTS < 1.05
