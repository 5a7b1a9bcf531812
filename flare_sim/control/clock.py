"""The clock of a server under control, as other processes have it."""

from __future__ import annotations

from heapq import heappop, heappush
from threading import Lock
from typing import TYPE_CHECKING

from flare_sim.clock import now_on, to_seconds, wait_in_ticks
from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.control.client import Control

__all__ = ["ControlledClock"]


class ControlledClock:
    """The clock of a server in another process, on which nobody waits: who sleeps on it moves it, at once.

    With ``time_in`` a client's code goes by it, so that a ``monitor_job`` of hours over the wire is over in no time.
    It is meant for a server whose time stands still otherwise, as at ``--speed 0``; what replies take does not pass
    there.  Safe to share between threads, whose sleeps add up.

    Args:
        control: what controls the server.

    Example:
        >>> with served("--speed", "0") as system:  # doctest: +SKIP
        ...     with time_in(ControlledClock(system.control), "nvflare.fuel.flare_api.flare_api"):
        ...         session.monitor_job(job_id)
    """

    __slots__ = ("_calls", "_control", "_lock", "_number")

    def __init__(self, control: Control) -> None:
        self._control = control
        self._lock = Lock()
        self._calls: list[tuple[int, int, Callable[[], object]]] = []
        self._number = 0

    def time(self) -> float:
        """Return the seconds since the epoch.

        Raises:
            ControlError: nobody is there.
        """
        shows: float = self._control.call("time")
        return shows

    def sleep(self, seconds: float, /) -> None:
        """Move the clock on by ``seconds``, and call whoever is to be called meanwhile.

        Raises:
            ValueError: ``seconds`` is no number, negative, or longer than ``LATEST``.
            ControlError: nobody is there.
            Exception: what was to be called meanwhile raised it; the clock stands at that time.
        """
        ticks = wait_in_ticks(seconds)
        if not self._calls:
            self._control.advance(seconds=to_seconds(ticks))
            return
        end = now_on(self) + ticks
        while (due := self._due_by(end)) is not None:
            at, _, act = due
            self._move_to(at)
            act()
        self._move_to(end)

    def call_later(self, seconds: float, act: Callable[[], object]) -> None:
        """Call ``act()`` in the sleep that gets to ``seconds`` from now, as ``VirtualClock.call_later`` does.

        Raises:
            ValueError: ``seconds`` is no number, negative, or longer than ``LATEST``, or ``act`` cannot be called.
            ControlError: nobody is there.
        """
        ticks = wait_in_ticks(seconds)
        if not callable(act):
            raise ValueError(f"act must be a function, not {shown(act)}")
        at = now_on(self) + ticks
        with self._lock:
            self._number += 1
            heappush(self._calls, (at, self._number, act))

    def _due_by(self, end: int) -> tuple[int, int, Callable[[], object]] | None:
        with self._lock:
            return heappop(self._calls) if self._calls and self._calls[0][0] <= end else None

    def _move_to(self, end: int) -> None:
        with self._lock:
            ticks = end - now_on(self)
            if ticks > 0:
                self._control.advance(seconds=to_seconds(ticks))

    def __repr__(self) -> str:
        return f"ControlledClock({self._control!r})"
