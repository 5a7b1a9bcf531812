"""Clocks: what the simulator asks of one, a virtual one, and the machine's.

Inside, time is a whole number of microseconds since the epoch (a *tick*), so that sums are exact and events have one
order everywhere.  Floats appear only at the edge, where the interface wants seconds.
"""

from __future__ import annotations

import time
from _thread import allocate_lock
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TICKS_PER_SECOND", "Clock", "SystemClock", "VirtualClock", "to_seconds", "to_ticks"]

TICKS_PER_SECOND = 1_000_000
"""Ticks are microseconds."""


def to_ticks(seconds: float) -> int:
    """Turn seconds into the nearest whole tick.

    The whole seconds are split off first: the fraction is then exact, and a tick turned into float seconds and back is
    the same tick until the year 2242.

    Raises:
        ValueError: not a number, for nan.
        OverflowError: infinite.
    """
    whole = int(seconds // 1)
    return whole * TICKS_PER_SECOND + round((seconds - whole) * TICKS_PER_SECOND)


def to_seconds(ticks: int) -> float:
    """Turn ticks into float seconds, correctly rounded."""
    return ticks / TICKS_PER_SECOND


class Clock(Protocol):
    """What the simulator asks of time: read it, and let some of it pass."""

    def time(self) -> float:
        """Return the seconds since the epoch."""

    def sleep(self, seconds: float, /) -> None:
        """Return once ``seconds`` have passed on this clock."""


class VirtualClock:
    """A clock that moves only when somebody sleeps on it, and then at once.

    Safe to share between threads; it never goes back. What other people do in the middle of such a sleep can be said
    beforehand, by ``call_later``.

    Args:
        start: first reading, seconds since the epoch (2026-01-01T00:00:00Z unless said otherwise).

    Raises:
        ValueError: ``start`` is not a finite number.
    """

    __slots__ = ("_calls", "_lock", "_number", "_ticks")

    def __init__(self, start: float = 1767225600.0) -> None:
        try:
            self._ticks = to_ticks(start)
        except (ValueError, OverflowError):
            raise ValueError(f"a clock cannot start at {start!r} seconds") from None
        self._lock = allocate_lock()
        self._calls: list[tuple[int, int, Callable[[], object]]] = []
        self._number = 0

    def time(self) -> float:
        """Return the seconds since the epoch."""
        return self._ticks / TICKS_PER_SECOND

    def sleep(self, seconds: float, /) -> None:
        """Move the clock on by ``seconds`` and return at once; any time above zero is at least one tick.

        Raises:
            ValueError: ``seconds`` is negative or not finite (and the clock did not move).
            Exception: what was to be called meanwhile raised it; the clock stands at that time.
        """
        ticks = _pause(seconds)
        with self._lock:
            if not self._calls:
                self._ticks += ticks
                return
            end = self._ticks + ticks
        self._move_to(end)

    def call_later(self, seconds: float, act: Callable[[], object]) -> None:
        """Call ``act()`` in the sleep that gets to ``seconds`` from now, the clock showing that time.

        So somebody can abort a job while ``monitor_job`` sleeps between two looks at it, without a thread. What takes
        time in ``act`` goes on beside the sleep: that ends when both are over. Of calls at the same time those asked
        for first come first.

        Raises:
            ValueError: ``seconds`` is negative or not finite.
        """
        ticks = _pause(seconds)
        with self._lock:
            self._number += 1
            heappush(self._calls, (self._ticks + ticks, self._number, act))

    def _move_to(self, end: int) -> None:
        while True:
            with self._lock:
                if not self._calls or self._calls[0][0] > end:
                    self._ticks = max(self._ticks, end)
                    return
                due, _, act = heappop(self._calls)
                self._ticks = max(self._ticks, due)
            act()

    def __repr__(self) -> str:
        return f"VirtualClock(start={self.time()!r})"


def _pause(seconds: float) -> int:
    """The ticks of a sleep; any time above zero is at least one."""
    if seconds < 0:
        raise ValueError(f"cannot sleep for {seconds!r} seconds")
    try:
        ticks = to_ticks(seconds)
    except (ValueError, OverflowError):
        raise ValueError(f"cannot sleep for {seconds!r} seconds") from None
    return 1 if seconds > 0 and ticks == 0 else ticks


class SystemClock:
    """The machine's clock, or whatever replaces ``time.time`` (freezegun does).

    ``time.time`` and ``time.sleep`` are looked up on the ``time`` module at each call, so a test that freezes time
    freezes this clock.  ``time.sleep`` does not move a frozen world: pass ``sleep=frozen.tick`` to make it.

    Args:
        sleep: called with seconds instead of ``time.sleep``.
    """

    __slots__ = ("_sleep",)

    def __init__(self, sleep: Callable[[float], object] | None = None) -> None:
        self._sleep = sleep

    def time(self) -> float:
        """Return the seconds since the epoch."""
        return time.time()

    def sleep(self, seconds: float, /) -> None:
        """Return once ``seconds`` have passed.

        Raises:
            ValueError: ``seconds`` is negative.
        """
        if self._sleep is None:
            time.sleep(seconds)
        else:
            self._sleep(seconds)

    def __repr__(self) -> str:
        return "SystemClock()" if self._sleep is None else f"SystemClock(sleep={self._sleep!r})"
