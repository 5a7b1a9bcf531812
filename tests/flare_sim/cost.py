"""What something costs in this process: CPU time, beside that of simple steps, and memory at its peak."""

from __future__ import annotations

import gc
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Cost", "cost_of"]


_STEPS = 250_000


class Cost(NamedTuple):
    """CPU time, and MiB that the process had at its peak beyond what it had before.

    The time is that of so many million of the simplest steps of Python, taken right after it: a machine that is slow at
    that moment is slow at both.
    """

    steps: float
    megabytes: float

    @property
    def little(self) -> bool:
        """Whether it is no more than the simulator takes for an input of a megabyte: half a second on a quiet core."""
        return self.steps < 15 and self.megabytes < 64


def cost_of(act: Callable[[], object]) -> Cost:
    """Do something once and return what it cost."""
    gc.collect()
    before, began = _memory(reset=True), time.process_time()
    act()
    took, grown = time.process_time() - began, _memory() - before
    return Cost(took / (_a_million_steps() or took), grown)


def _a_million_steps() -> float:
    """Seconds of CPU time."""
    total, began = 0, time.process_time()
    for step in range(_STEPS):
        total += step
    return (time.process_time() - began) * 1_000_000 / _STEPS


def _memory(*, reset: bool = False) -> float:
    """Return the peak since the last reset, in MiB; where that can't be reset, since the process began."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
