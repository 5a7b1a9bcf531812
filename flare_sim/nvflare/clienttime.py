"""Time as NVFLARE's client code sees it when its session is on a simulated server.

NVFLARE's modules say ``import time`` and call ``time.time()`` and ``time.sleep(...)``.  A ``ClientTime`` is what the
name ``time`` means to them instead: it reads and sleeps on the server's clock, so that on a ``VirtualClock`` an hour
of polling takes no time at all, and the server sees that hour pass.

``session_class_on`` gives every session such a ``time`` of its own, without touching NVFLARE's modules, so two
sessions in one process, or in one thread, may live on two clocks.  For client code that is not a method of a session
(NVFLARE's command line tools, for one) put a ``ClientTime`` into the module under the name ``time`` and take it out
again; ``unittest.mock.patch.object(module, "time", ClientTime(server.clock))`` does both.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flare_sim.clock import Clock

__all__ = ["ClientTime"]


class ClientTime:
    """The ``time`` module, as far as anybody can tell, on a clock of one's own.

    Args:
        clock: what ``time``, ``time_ns``, ``monotonic``, ``perf_counter`` and ``sleep`` go by; whatever else is asked
            for is the real module's.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def time(self) -> float:
        """Return the seconds since the epoch."""
        return self._clock.time()

    def time_ns(self) -> int:
        """Return the nanoseconds since the epoch, to the microsecond."""
        return round(self._clock.time() * 1_000_000) * 1_000

    def monotonic(self) -> float:
        """Return the seconds since some time."""
        return self._clock.time()

    def perf_counter(self) -> float:
        """Return the seconds since some time."""
        return self._clock.time()

    def sleep(self, seconds: float) -> None:
        """Return once ``seconds`` have passed on the clock.

        Raises:
            ValueError: negative.
        """
        self._clock.sleep(seconds)

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)
