"""The horizon of a virtual clock: how long people may wait on it while nothing happens, and nothing is planned.

A clock asks only about a sleep that ends later than what was looked at, so that most sleeps cost nothing more.
"""

from __future__ import annotations

from _weakref import ref
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from flare_sim.clock import HorizonReached, VirtualClock, now_on, to_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flare_sim.clock import Clock
    from flare_sim.engine.state import ServerState

__all__ = ["Horizon", "Resident", "dwell", "intend", "is_at_work", "patience", "quiet_since", "until_tick"]

_HOW_ON = "(VirtualClock(max_seconds=None) waits on; so does --max-seconds none on the command line)"
_MOST_LOOKS = 1_000_000
"""Who only waits gets to the horizon with no more looks."""
_OUT_OF_REACH = 1 << 62
"""More ticks than any clock has."""
_MOST_LONG = 1_000
"""So many sleeps in a row, each longer than the horizon is far, are meant."""


class Resident(Protocol):
    """What lives on a clock: a server, which does by itself no more than it has planned."""

    def catch_up(self) -> None:
        """Let everything happen that is due."""

    def quiet_since(self, now: int) -> int | None:
        """Return the tick since which nothing has happened, None when something will, later than ``now``."""

    def awaited(self) -> list[str]:
        """Return what whoever waits for something waits for, as lines."""

    @property
    def is_at_work(self) -> bool:
        """Whether this thread is in the middle of something there, so that no other one can do anything."""


class Horizon:
    """How far ahead waiting on one clock is of use.

    Args:
        longest: for so many ticks nothing may happen.
        now: what the clock shows.
    """

    __slots__ = ("_busy", "_deadlines", "_long", "_longest", "_residents", "_since")

    def __init__(self, longest: int, now: int) -> None:
        self._longest = longest
        self._long = 0
        """So many long sleeps there were in a row."""
        self._busy = now
        """The tick of what had last happened when they began."""
        self._since = now
        """What passes until this tick is meant to."""
        self._residents: dict[ref[Resident], None] = {}
        self._deadlines: dict[object, int] = {}

    def take_in(self, resident: Resident) -> None:
        """Look at what lives on the clock from now on, for as long as it does."""
        residents = self._residents
        residents[ref(resident, residents.pop)] = None

    def is_at_work(self) -> bool:
        """Tell whether this thread is in the middle of something at one of the residents."""
        return any(resident.is_at_work for one in tuple(self._residents) if (resident := one()) is not None)

    def intend(self, end: int) -> None:
        """Let time pass until a tick, whatever happens."""
        self._since = max(self._since, end)

    @contextmanager
    def until(self, end: int) -> Iterator[None]:
        """Let time pass until a tick, whatever happens, while the block lasts."""
        key = object()
        self._deadlines[key] = end
        try:
            yield
        finally:
            del self._deadlines[key]

    def reached(self, now: int, ticks: int, *, called: bool) -> int:
        """Return a tick up to which nobody needs to ask again, no earlier than the end of a wait that begins now.

        Raises:
            HorizonReached: the wait would be in vain.
        """
        end, longest = now + ticks, self._longest
        residents = [resident for one in tuple(self._residents) if (resident := one()) is not None]
        if called or not residents:
            self.intend(now)
        busy = now if called else _busy_at(now, residents)
        if busy > self._busy:
            self._long, self._busy = 0, busy
        if ticks > longest and self._long < _MOST_LONG:
            self._long += 1
            self.intend(end)
        since = self._quiet_since(now, residents)
        if end > since + longest:
            for resident in residents:  # what is due there, and nobody looked, may lead to more
                with suppress(Exception):
                    resident.catch_up()
            since = self._quiet_since(now, residents)
        if end > since + longest:
            raise HorizonReached(_told(longest, residents))
        return since + longest

    def _quiet_since(self, now: int, residents: list[Resident]) -> int:
        """Return the tick since which all waiting is in vain: now, or later, when none is."""
        return max(self._since, _busy_at(now, residents), *tuple(self._deadlines.values()))


def dwell(clock: Clock, resident: Resident) -> None:
    """Say what lives on a clock, for as long as it does."""
    horizon = _of(clock)
    if horizon is not None:
        horizon.take_in(resident)
        horizon.intend(now_on(clock))


def is_at_work(clock: Clock) -> bool:
    """Tell whether this thread is in the middle of something on a server of a clock, such as a behavior function."""
    horizon = _of(clock)
    return horizon is not None and horizon.is_at_work()


def intend(clock: Clock, ticks: int) -> None:
    """Say that so much time is to pass on a clock, whatever happens."""
    horizon = _of(clock)
    if horizon is not None:
        horizon.intend(now_on(clock) + ticks)


@contextmanager
def until_tick(clock: Clock, end: int | None) -> Iterator[None]:
    """Say of a block on a clock when it waits no longer, whatever happens; None is never."""
    horizon = None if end is None else _of(clock)
    if horizon is None or end is None:
        yield
    else:
        try:
            with horizon.until(end):
                yield
        finally:
            horizon.intend(now_on(clock))


def patience(clock: VirtualClock) -> int:
    """Return how many ticks may pass between two looks at what will not happen by itself."""
    return (clock._longest or 0) // _MOST_LOOKS  # noqa: SLF001


def _busy_at(now: int, residents: list[Resident]) -> int:
    """Return when something has last happened: now, where something is still to come, or nobody is."""
    quiet = [resident.quiet_since(now) for resident in residents]
    return max((now if since is None else since for since in quiet), default=now)


def quiet_since(server: ServerState, is_stale: Callable[[object], bool], now: int) -> int | None:
    """Return the tick since which nothing has happened on a server, None when something will, later than ``now``.

    Args:
        server: its state.
        is_stale: whether what is planned is void, by its argument.
        now: what its clock shows.
    """
    since = server.trace.last_tick
    since = server.started if since is None else since
    for ticks, _, _, argument in server.timeline.entries():
        if not is_stale(argument):
            if ticks > now:
                return None
            since = max(since, ticks)
    return since


def _of(clock: Clock) -> Horizon | None:
    """Return a clock's horizon, which is out of reach when none is wanted; None for a clock that moves by itself."""
    if not isinstance(clock, VirtualClock):
        return None
    horizon = clock._horizon  # noqa: SLF001
    if horizon is None:
        now, longest = now_on(clock), _OUT_OF_REACH if clock._longest is None else clock._longest  # noqa: SLF001
        horizon = clock._horizon = Horizon(longest, now)  # noqa: SLF001
        clock._until = min(clock._until, now + longest)  # noqa: SLF001
    return horizon if type(horizon) is Horizon else None


def _told(longest: int, residents: list[Resident]) -> str:
    """Say who waits for what."""
    head = f"nothing has happened for {to_seconds(longest):.15g} seconds, and nothing more will by itself:"
    lines: list[str] = []
    for resident in residents:
        try:
            lines += resident.awaited()
        except Exception as problem:  # noqa: BLE001, PERF203  (a server whose state file cannot be written can't tell)
            lines.append(str(problem))
    return "\n  ".join([head, *lines, _HOW_ON])
