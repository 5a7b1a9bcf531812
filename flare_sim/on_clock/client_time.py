"""Time as code sees it that lives on a clock of ours.

Modules say ``import time`` and call ``time.time()`` and ``time.sleep(...)``.  A ``ClientTime`` is what the name
``time`` means to them instead: it reads and sleeps on the clock, so that on a ``VirtualClock`` an hour of polling takes
no time at all, and a server sees that hour pass.  ``time_in`` puts one into modules and takes it out again.
"""

from __future__ import annotations

import time
from math import inf, nextafter
from operator import index
from time import struct_time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from flare_sim.clock import Clock

__all__ = ["ClientTime", "SessionTime"]


class ClientTime:
    """The ``time`` module, as far as anybody can tell, on a clock of one's own.

    Args:
        clock: what sleeps, and whatever says now, go by; the rest is the real module's.
    """

    __all__: Final = [name for name in vars(time) if not name.startswith("_")]

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def time(self) -> float:
        """Return the seconds since the epoch."""
        return self._clock.time()

    def time_ns(self) -> int:
        """Return the nanoseconds since the epoch, to the microsecond."""
        return round(self._clock.time() * 1_000_000) * 1_000

    monotonic = perf_counter = time
    monotonic_ns = perf_counter_ns = time_ns

    def sleep(self, seconds: float, /) -> None:
        """Return once ``seconds`` have passed on the clock.

        Raises:
            TypeError: no number; it says so as the real module does.
            ValueError: negative, the same.
        """
        if type(seconds) is not float:
            index(seconds)  # type: ignore[arg-type]
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self._clock.sleep(seconds)

    def localtime(self, seconds: float | None = None, /) -> struct_time:
        """Return the local time, now unless ``seconds`` since the epoch are given."""
        return time.localtime(self._or_now(seconds))

    def gmtime(self, seconds: float | None = None, /) -> struct_time:
        """Return the time in UTC, now unless ``seconds`` since the epoch are given."""
        return time.gmtime(self._or_now(seconds))

    def ctime(self, seconds: float | None = None, /) -> str:
        """Return the local time as text, now unless ``seconds`` since the epoch are given."""
        return time.ctime(self._or_now(seconds))

    def asctime(self, *given: Any) -> str:
        """Return a time as text, the local time now unless one is given."""
        return time.asctime(*(given or (self.localtime(),)))

    def strftime(self, form: str, *given: Any) -> str:
        """Return a time as text of a form, the local time now unless one is given."""
        return time.strftime(form, *(given or (self.localtime(),)))

    def _or_now(self, seconds: float | None) -> float:
        return self._clock.time() if seconds is None else seconds

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


class SessionTime(ClientTime):
    """The ``time`` of one session of NVFLARE's: no two readings are the same, as none are on a real clock.

    Between two lines of a program hardly any time passes, but some does: a session of 2.3 that is to wait a billionth
    of a second finds that over before its first look (2.3.12 #158).
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._last = -inf

    def time(self) -> float:
        """Return the seconds since the epoch, or the next number when that was read already."""
        now = self._clock.time()
        self._last = now if now > self._last else nextafter(self._last, inf)
        return self._last
