"""Clocks: what the simulator asks of one, a virtual one, and the machine's.

Inside, time is a whole number of microseconds since the epoch (a *tick*), so that sums are exact and events have one
order everywhere.  Floats appear only at the edge, where the interface wants seconds.
"""

from __future__ import annotations

import time
from _thread import RLock
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from flare_sim.untrusted_values import plain_number, shown

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "LATEST",
    "LONGEST_SECONDS",
    "MAX_SECONDS",
    "TICKS_PER_SECOND",
    "Clock",
    "ClockError",
    "Company",
    "Horizon",
    "HorizonReached",
    "SystemClock",
    "VirtualClock",
    "let_go",
    "now_on",
    "passing",
    "quiet_ticks",
    "sleep_ticks",
    "to_seconds",
    "to_ticks",
    "wait_in_ticks",
]

TICKS_PER_SECOND = 1_000_000
"""Ticks are microseconds."""

LATEST = 1e12
"""How far from the epoch a time may be, on either side, in seconds (some 31,700 years); a wait is no longer either."""
LONGEST_SECONDS = 1e9
"""Nothing that is set takes longer (about 31 years): beyond it float seconds lose their meaning."""
_LAST_TICK = 10**12 * TICKS_PER_SECOND
_EXACT = 2**33 * TICKS_PER_SECOND
"""Float seconds show every tick before this one, in the year 2242."""


MAX_SECONDS = 604_800.0
"""How long nothing may happen on a virtual clock while people wait there, unless it is told otherwise: a week."""


class ClockError(ValueError):
    """A clock shows what is no time, or was to go on where its time ends."""


class HorizonReached(BaseException):
    """Whoever waits on a ``VirtualClock`` would wait for ever: nothing has happened for long, and nothing is planned.

    It says what every job that is not over waits for.  It is no ``Exception``, as a loop that tries again whatever is
    raised is the first that has to end.
    """


def to_ticks(seconds: float) -> int:
    """Turn seconds into the nearest whole tick.

    The whole seconds are split off first: the fraction is then exact, and a tick turned into float seconds and back is
    the same tick until the year 2242.

    Raises:
        ValueError: not a number, for nan.
        OverflowError: infinite.
    """
    whole = int(seconds)
    return whole * TICKS_PER_SECOND + round((seconds - whole) * TICKS_PER_SECOND)


def to_seconds(ticks: int) -> float:
    """Turn ticks into float seconds, correctly rounded."""
    return ticks / TICKS_PER_SECOND


def wait_in_ticks(seconds: Any) -> int:
    """Turn seconds that somebody handed over as a wait into ticks; any time above zero is at least one.

    Raises:
        ValueError: no number, negative, or longer than ``LATEST``.
    """
    number = seconds if type(seconds) is float else plain_number(seconds)
    if number is None or not 0 <= number <= LATEST:
        raise ValueError(f"cannot sleep for {shown(seconds)}: not a number of seconds from 0 to {LATEST:.0f}")
    return to_ticks(number) or int(number > 0)


def now_on(clock: Clock) -> int:
    """Return what a clock shows, in ticks.

    Raises:
        ClockError: that is no time.
    """
    if type(clock) is VirtualClock:
        ticks = clock._ticks  # noqa: SLF001  (it is this module's own)
        if -_EXACT < ticks < _EXACT:
            return ticks  # as its float seconds would be turned back
    seconds = clock.time()
    if type(seconds) is float and -LATEST <= seconds <= LATEST:
        whole = int(seconds)  # as in to_ticks, without the call
        return whole * TICKS_PER_SECOND + round((seconds - whole) * TICKS_PER_SECOND)
    number = plain_number(seconds)
    if number is None or not -LATEST <= number <= LATEST:
        raise ClockError(f"the clock shows {shown(seconds)}, which is no time in seconds since the epoch")
    return to_ticks(number)


def sleep_ticks(clock: Clock, ticks: int) -> bool:
    """Sleep for so many ticks at least; returns whether that moved the clock.

    Raises:
        ClockError: the clock shows no time, or has not so much left.
        Exception: what the clock raised.
    """
    if type(clock) is VirtualClock and -_EXACT < now_on(clock) < _EXACT - ticks:
        clock._pass(ticks)  # noqa: SLF001
        return ticks > 0
    # Loaded for the clocks of others alone, and, as the heap of calls below, for those who use it.
    from math import ulp

    before = now_on(clock)
    # Far from the epoch a clock's float seconds do not show every tick.
    clock.sleep(max(to_seconds(ticks), ulp(to_seconds(before))) if ticks else 0)
    return now_on(clock) > before


def passing(clock: VirtualClock) -> Callable[[int], None]:
    """Return what lets so many ticks pass on a clock, as a sleep of so many seconds does."""
    return clock._pass  # noqa: SLF001


def quiet_ticks(clock: VirtualClock) -> int:
    """Return how many ticks can pass until something is to be called, or not every tick is shown any more."""
    with clock._lock:  # noqa: SLF001
        calls = clock._calls  # noqa: SLF001
        return (min(calls[0][0], _EXACT) if calls else _EXACT) - clock._ticks - 1  # noqa: SLF001


class Clock(Protocol):
    """What the simulator asks of time: read it, and let some of it pass."""

    def time(self) -> float:
        """Return the seconds since the epoch."""

    def sleep(self, seconds: float, /) -> None:
        """Return once ``seconds`` have passed on this clock."""


class Horizon(Protocol):
    """What tells how far ahead waiting on a clock is of use."""

    def reached(self, now: int, ticks: int, *, called: bool) -> int:
        """Return a tick up to which nobody needs to ask again, no earlier than the end of a wait that begins now.

        Args:
            now: what the clock shows.
            ticks: how long the wait is.
            called: whether somebody is going to be called meanwhile.

        Raises:
            HorizonReached: the wait would be in vain.
        """


class Company(Protocol):
    """Who waits together on a clock."""

    def idle(self, until: int) -> int:
        """Return the tick before which no other one does anything but look.

        Args:
            until: before which whoever asks does no more than that, in its next sleep.
        """

    def sleep(self, ticks: int) -> bool:
        """Sleep for so many ticks beside the others; returns False at once for somebody who is none of them."""


class VirtualClock:
    """A clock that moves only when somebody sleeps on it, and then at once.

    Safe to share between threads; it never goes back. The sleeps of several threads add up, unless these wait together:
    see ``ClockPool``. What other people do in the middle of such a sleep can be said beforehand, by ``call_later``.

    Time can't run away on it: it has a horizon, beyond which nobody waits in vain.  When nothing has happened on any of
    its servers for ``max_seconds``, and nothing is planned there or by ``call_later``, the next sleep raises
    ``HorizonReached``.  What is meant to pass does pass: a single sleep that is longer (a thousand in a row are not), a
    server's ``advance``, a ``monitor_job`` that has a timeout.

    Args:
        start: first reading, seconds since the epoch (2026-01-01T00:00:00Z unless said otherwise).
        max_seconds: how far the horizon is, a week unless said otherwise; None for no horizon.

    Raises:
        ValueError: ``start`` is no number, or further than ``LATEST`` from the epoch; ``max_seconds`` is no number
            above 0 up to ``LATEST``.
    """

    __slots__ = ("_calls", "_company", "_horizon", "_lock", "_longest", "_number", "_ticks", "_until")

    def __init__(self, start: float = 1767225600.0, max_seconds: float | None = MAX_SECONDS) -> None:
        number = plain_number(start)
        if number is None or not -LATEST <= number <= LATEST:
            raise ValueError(f"a clock cannot start at {shown(start)}: not a number of seconds up to {LATEST:.0f}")
        self._longest = _LONGEST if max_seconds is MAX_SECONDS else _horizon(max_seconds)
        self._ticks = to_ticks(number)
        self._lock = RLock()
        self._calls: list[tuple[int, int, Callable[[], object]]] = []
        self._number = 0
        self._company: Company | None = None
        self._horizon: Horizon | None = None
        """What is asked about a sleep that ends later than ``_until``."""
        self._until = _LAST_TICK

    def time(self) -> float:
        """Return the seconds since the epoch."""
        return self._ticks / TICKS_PER_SECOND

    def sleep(self, seconds: float, /) -> None:
        """Move the clock on by ``seconds`` and return at once; any time above zero is at least one tick.

        Raises:
            ValueError: ``seconds`` is no number, negative, or longer than ``LATEST`` (and the clock did not move).
            ClockError: so much time is not left until ``LATEST`` (and the clock did not move).
            HorizonReached: whoever waits here waits in vain (and the clock did not move).
            Exception: what was to be called meanwhile raised it; the clock stands at that time.
        """
        self._pass(wait_in_ticks(seconds))

    def _pass(self, ticks: int) -> None:
        try:
            with self._lock:
                end = self._ticks + ticks
                quiet = end <= self._until and not self._calls and self._company is None
                # No ``if``: where one ends together with the block, nothing guards the step from it to the block's end.
                self._ticks = end if quiet else self._ticks
        except BaseException:
            let_go(self._lock)
            raise
        company = self._company
        if not quiet and (company is None or not company.sleep(ticks)):
            self._go(ticks)

    def _go(self, ticks: int) -> None:
        """Move on by so many ticks, as far as that is of use, and call whoever is to be called meanwhile."""
        while (end := self._ticks + ticks) > self._until:
            if end > _LAST_TICK or self._horizon is None:
                told = f"the clock has no {to_seconds(ticks)} seconds left"
                raise ClockError(f"{told}: its time ends at {LATEST:.0f}")
            self._until = min(self._horizon.reached(self._ticks, ticks, called=bool(self._calls)), _LAST_TICK)
        self._move_to(end)

    def call_later(self, seconds: float, act: Callable[[], object]) -> None:
        """Call ``act()`` in the sleep that gets to ``seconds`` from now, the clock showing that time.

        So somebody can abort a job while ``monitor_job`` sleeps between two looks at it, without a thread. What takes
        time in ``act`` goes on beside the sleep: that ends when both are over. Of calls at the same time those asked
        for first come first.

        Raises:
            ValueError: ``seconds`` is no number, negative, or longer than ``LATEST``, or ``act`` cannot be called.
        """
        ticks = wait_in_ticks(seconds)
        if not callable(act):
            raise ValueError(f"act must be a function, not {shown(act)}")
        from heapq import heappush

        try:
            with self._lock:
                self._number += 1
                heappush(self._calls, (self._ticks + ticks, self._number, act))
        except BaseException:
            let_go(self._lock)
            raise

    def _move_to(self, end: int) -> None:
        while True:
            try:
                with self._lock:
                    if not self._calls or self._calls[0][0] > end:
                        self._ticks = max(self._ticks, end)
                        return
                    from heapq import heappop

                    self._ticks = max(self._ticks, self._calls[0][0])
                    _, _, act = heappop(self._calls)
            except BaseException:
                let_go(self._lock)
                raise
            act()

    def __repr__(self) -> str:
        longest = self._longest
        told = "None" if longest is None else repr(to_seconds(longest))
        return f"VirtualClock(start={self.time()!r}{'' if longest == _LONGEST else f', max_seconds={told}'})"


_LONGEST = to_ticks(MAX_SECONDS)


def _horizon(seconds: object) -> int | None:
    number = plain_number(seconds)
    if seconds is not None and (number is None or not 0 < number <= LATEST):
        told = f"a number of seconds above 0 up to {LATEST:.0f}, or None for no horizon"
        raise ValueError(f"max_seconds must be {told}, not {shown(seconds)}")
    return None if number is None else to_ticks(number) or 1


def let_go(lock: RLock) -> None:
    """Release a lock that this thread may still have.

    An exception from elsewhere, as a signal's handler raises it, may arrive when a ``with`` block is over and its lock
    is not released yet.  So whoever handles it releases the lock again; that of another thread stays as it is.
    """
    with suppress(RuntimeError):
        lock.release()


class SystemClock:
    """The machine's clock, or whatever replaces ``time.time`` (freezegun does).

    ``time.time`` and ``time.sleep`` are looked up on the ``time`` module at each call, so a test that freezes time
    freezes this clock.  ``time.sleep`` does not move a frozen world: pass ``sleep=frozen.tick`` to make it.

    Args:
        sleep: called with seconds instead of ``time.sleep``.

    Raises:
        ValueError: ``sleep`` cannot be called.
    """

    __slots__ = ("_sleep",)

    def __init__(self, sleep: Callable[[float], object] | None = None) -> None:
        if sleep is not None and not callable(sleep):
            raise ValueError(f"sleep must be a function, not {shown(sleep)}")
        self._sleep = sleep

    def time(self) -> float:
        """Return the seconds since the epoch."""
        return time.time()

    def sleep(self, seconds: float, /) -> None:
        """Return once ``seconds`` have passed.

        Raises:
            ValueError: ``seconds`` is no number, negative, or longer than anybody can sleep here.
            Exception: what ``sleep`` raised.
        """
        plain = to_seconds(wait_in_ticks(seconds))
        if self._sleep is not None:
            self._sleep(plain)
            return
        try:
            time.sleep(plain)
        except OverflowError:
            raise ValueError(f"cannot sleep for {shown(seconds)} seconds") from None

    def __repr__(self) -> str:
        return "SystemClock()" if self._sleep is None else f"SystemClock(sleep={shown(self._sleep)})"
