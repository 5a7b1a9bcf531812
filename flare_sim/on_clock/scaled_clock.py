"""A clock that goes faster or slower than the machine's, or stands still until it is moved by hand."""

from __future__ import annotations

from threading import Lock

from flare_sim.clock import LATEST, Clock, SystemClock, now_on, to_seconds, to_ticks, wait_in_ticks
from flare_sim.config import checked_clock
from flare_sim.untrusted_values import plain_number, shown

__all__ = ["HIGHEST_SPEED", "ScaledClock"]

HIGHEST_SPEED = 1e6
"""No clock goes faster: a day in a tenth of a second."""


class ScaledClock:
    """A clock on which time passes so many times as fast as on another, the machine's unless told.

    Who sleeps on it for an hour waits for a minute at a speed of 60.  At a speed of 0 it moves only when somebody
    sleeps on it, or skips, and then at once.  Safe to share between threads.

    Args:
        speed: how many seconds pass here while one passes there; 0 for a clock that is moved by hand.
        start: first reading, seconds since the epoch; what the other one shows unless given.
        clock: the other one.

    Raises:
        ValueError: ``speed`` is no number from 0 to ``HIGHEST_SPEED``; ``start`` is no number, or further than
            ``LATEST`` from the epoch; ``clock`` is none.
    """

    __slots__ = ("_began", "_clock", "_lock", "_shown", "_speed")

    def __init__(self, speed: float = 1.0, start: float | None = None, clock: Clock | None = None) -> None:
        number = plain_number(speed)
        if number is None or not 0 <= number <= HIGHEST_SPEED:
            raise ValueError(f"speed must be a number from 0 to {HIGHEST_SPEED:.0f}, not {shown(speed)}")
        self._clock = SystemClock() if clock is None else checked_clock(clock)
        self._began = now_on(self._clock)
        first = plain_number(to_seconds(self._began) if start is None else start)
        if first is None or not -LATEST <= first <= LATEST:
            raise ValueError(f"a clock cannot start at {shown(start)}: not a number of seconds up to {LATEST:.0f}")
        self._shown = to_ticks(first)
        """What it would show if it stood still."""
        self._speed = float(number)
        self._lock = Lock()

    @property
    def speed(self) -> float:
        """How many seconds pass here while one passes on the other clock."""
        return self._speed

    def time(self) -> float:
        """Return the seconds since the epoch.

        Raises:
            ClockError: the other clock shows no time.
        """
        return to_seconds(self._shown) + to_seconds(now_on(self._clock) - self._began) * self._speed

    def sleep(self, seconds: float, /) -> None:
        """Return once ``seconds`` have passed on this clock.

        Raises:
            ValueError: ``seconds`` is no number, negative, or longer than ``LATEST``.
        """
        ticks = wait_in_ticks(seconds)
        if not self._speed:
            self._move(ticks)
        elif ticks:
            self._clock.sleep(min(to_seconds(ticks) / self._speed, LATEST))

    def skip(self, seconds: float) -> None:
        """Move the clock on by ``seconds``, at once, at whatever speed it goes.

        Raises:
            ValueError: ``seconds`` is no number, negative, or longer than ``LATEST``.
        """
        self._move(wait_in_ticks(seconds))

    def _move(self, ticks: int) -> None:
        with self._lock:
            self._shown += ticks

    def __repr__(self) -> str:
        return f"ScaledClock(speed={self._speed:g})"
