"""How many checks run at once: as many as keep the cores busy while each of them waits, and no more."""

from __future__ import annotations

from collections import deque
from typing import Final

_BUSY: Final = 0.7
"""The share of the cores that is used: a check that waits for a moment has to be woken at that moment."""

_EACH: Final = 8
"""The most checks per core: starting a process takes its time, too."""

_REMEMBERED: Final = 32
"""What was done last says how busy the next is likely to be."""


class Crew:
    """How many may be at work, learned from what they spend.

    Args:
        cores: the cores there are.
        fixed: how many, where somebody has said so; then nothing is learned.

    Attributes:
        size: how many may be at work now.
        most: how many there can be.
    """

    def __init__(self, cores: int, fixed: int | None = None) -> None:
        self.size = fixed or max(2, cores)
        self.most = fixed or cores * _EACH
        self._cores = cores
        self._fixed = fixed is not None
        self._spent: deque[tuple[float, float]] = deque(maxlen=_REMEMBERED)

    def spent(self, cpu: float, wall: float) -> None:
        """Learn from a piece of work that took so many seconds of computing, in so many seconds altogether."""
        if self._fixed:
            return
        self._spent.append((cpu, wall))
        computing, passed = (sum(seconds) for seconds in zip(*self._spent, strict=True))
        wanted = self._cores * _BUSY * passed / max(computing, 1e-9)
        self.size = max(1, int(min(wanted, self.most, self.size + 1)))
