"""A look at one job that needs no request, for as long as nothing happens on its server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.clock import now_on, passing, quiet_ticks
from flare_sim.engine.waiting.horizon import patience

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flare_sim.clock import VirtualClock
    from flare_sim.engine.records.requests import Requests
    from flare_sim.engine.state import ServerState

__all__ = ["Watch"]

_NEVER = 1 << 62
"""A tick that never comes."""
_BESIDE = 1_000
"""So many times as long as others wait those who wait together, whose turns say who may bring something about."""


class Watch:
    """What whoever monitors a job has seen of it, and how long that stays true by itself.

    A server does nothing but what is planned and what it is asked for, and tells its trace of both: while that is as
    long as it was, nothing more is planned and nothing planned is due, a request would be answered in the same way.

    Args:
        server: the state of the job's server.
        clock: the time both live by.
        copy: returns a copy of the job's meta.
        is_open: empty once the server was closed.
        requests: where every look counts as a request,
        code: which it is.
    """

    __slots__ = (
        "_asked",
        "_clock",
        "_code",
        "_codes",
        "_copy",
        "_due",
        "_is_open",
        "_planned",
        "_timeline",
        "_told",
        "pass_ticks",
    )

    def __init__(
        self,
        server: ServerState,
        clock: VirtualClock,
        copy: Callable[[], dict[str, Any]],
        is_open: Sequence[bool],
        requests: Requests,
        code: int,
    ) -> None:
        self._asked = requests
        self._code = code
        self._timeline = server.timeline
        self._planned = server.timeline.serial
        due = server.timeline.peek()
        self._due = _NEVER if due is None else due
        self._codes = server.trace.codes
        self._told = len(server.trace.codes)
        self._clock = clock
        self._copy = copy
        self._is_open = is_open
        self.pass_ticks = passing(clock)
        """Lets so many ticks pass on the clock."""

    def meta(self) -> dict[str, Any] | None:
        """Return the job's meta, a fresh copy, None when only a request can tell."""
        if self._timeline.serial != self._planned or len(self._codes) != self._told or not self._is_open:
            return None
        now = self._clock._ticks  # noqa: SLF001  (it costs most of a look)
        if now >= self._due:
            return None
        self._asked.note(now, self._code)
        return self._copy()

    def pass_looks(self, interval: int, left: int | None) -> None:
        """Let time pass until a look at which there may be something new to see, or time is over.

        The looks before it see nothing new, and are not taken; they count as requests all the same.

        Args:
            interval: ticks between two looks.
            left: ticks after which nobody looks any more, None for never.
        """
        now = now_on(self._clock)
        ends = self._due - now
        if left is not None:
            ends = min(ends, left)
        quiet = quiet_ticks(self._clock)
        company = self._clock._company  # noqa: SLF001
        if company is not None:
            quiet = min(quiet, company.idle(now + ends) - now - 1)
        if left is None and self._due == _NEVER:  # nothing will come, unless somebody else brings it about
            ends = patience(self._clock) * (1 if company is None else _BESIDE)
        looks = max(1, min(-(-ends // interval), quiet // interval))
        self.pass_ticks(looks * interval)
        if looks > 1:
            self._asked.note_more(now + interval, self._code, looks - 1, interval)
