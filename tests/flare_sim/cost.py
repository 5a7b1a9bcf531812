"""What something costs in this process: CPU time, and memory at its peak."""

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


class Cost(NamedTuple):
    """Seconds of CPU time, and MiB that the process had at its peak beyond what it had before."""

    seconds: float
    megabytes: float

    @property
    def little(self) -> bool:
        """Whether it is no more than the simulator takes for an input of a megabyte."""
        return self.seconds < 0.5 and self.megabytes < 64


def cost_of(act: Callable[[], object]) -> Cost:
    """Do something once and return what it cost."""
    gc.collect()
    before, began = _memory(reset=True), time.process_time()
    act()
    return Cost(time.process_time() - began, _memory() - before)


def _memory(*, reset: bool = False) -> float:
    """Return the peak since the last reset, in MiB; where that can't be reset, since the process began."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
