"""Measure two things side by side.

The machine's speed drifts, so the two take turns, and the best time of each counts: of the CPU, as others may want the
machine as well.  The garbage collector is off
while the clock runs: what it costs depends on everything else the process holds.
"""

from __future__ import annotations

import gc
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Comparison", "best_times", "each", "side_by_side", "spent"]


def spent() -> float:
    """Return the seconds of CPU that this process has had, and those it has started that ended."""
    used = [getrusage(whose) for whose in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class Comparison(NamedTuple):
    """Two best times, in microseconds per operation."""

    first: float
    second: float

    @property
    def ratio(self) -> float:
        """How many times as long the second takes."""
        return self.second / self.first

    def __str__(self) -> str:
        return f"{self.first:10.3f} us {self.second:10.3f} us  ratio {self.ratio:5.2f}"


def best_times(rounds: int, *contestants: tuple[Callable[[], Any], Callable[[Any], object]]) -> list[float]:
    """Return the best time of each contestant, seconds.

    Args:
        rounds: how often each has its turn.
        contestants: (prepare, work) pairs; only the work, which is given what was prepared, is timed.
    """
    best = [float("inf")] * len(contestants)
    was_on = gc.isenabled()
    try:
        for _ in range(rounds):
            for number, (prepare, work) in enumerate(contestants):
                prepared = prepare()
                gc.collect(0)
                gc.disable()
                begin = spent()
                work(prepared)
                best[number] = min(best[number], spent() - begin)
                gc.enable()
    finally:
        gc.enable() if was_on else gc.disable()
    return best


def side_by_side(
    rounds: int,
    operations: int,
    first: tuple[Callable[[], Any], Callable[[Any], object]],
    second: tuple[Callable[[], Any], Callable[[Any], object]],
) -> Comparison:
    """Compare two contestants that do so many operations each turn."""
    return Comparison(*(seconds / operations * 1e6 for seconds in best_times(rounds, first, second)))


def each(operation: Callable[[Any], object]) -> Callable[[Iterable[Any]], None]:
    """Return work that does one operation for each of the things prepared."""

    def work(prepared: Iterable[Any]) -> None:
        for item in prepared:
            operation(item)

    return work
