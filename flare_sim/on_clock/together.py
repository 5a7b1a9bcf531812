"""Threads that wait together on one virtual clock: one at a time runs, the others wait for their turns.

A member gives its turn away when it sleeps on the clock, or waits for another member.  The next turn is that of the
member whose sleep ends first, of several the one that came first; it moves the clock to where its sleep ends, and goes
on.  So the clock moves when all members wait, by no more than the shortest sleep, and what happens is the same in every
run.

What a member waits for in any other way, as for a lock that another one has, it waits for with the turn in its hands,
and nobody goes on.
"""

from __future__ import annotations

import sys
from _thread import RLock, allocate_lock, get_ident
from heapq import heappush
from threading import local
from typing import TYPE_CHECKING

from flare_sim.clock import VirtualClock, let_go, now_on
from flare_sim.engine.waiting.horizon import intend, is_at_work
from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Group", "Member", "join", "virtual"]

_LOCK = RLock()
"""Held for a moment by whoever looks at a group or changes it."""
_NEVER = 1 << 62
"""A tick that never comes."""
_MOST_LONG = 1_000
"""So many sleeps beside others that are longer than the horizon is far are meant."""


class Member:
    """A thread that takes part, or will when it is begun.

    Args:
        guest: whether it takes part for no longer than it has others do something.

    Attributes:
        begin: starts the thread with its first turn, and may be called again; None when it runs.
        bell: is released when it has its turn; that it rang for nothing does no harm.
        tasks: what others still do for it.
        idle_until: the tick before which it does no more than look whether there is anything to do.
    """

    __slots__ = ("begin", "bell", "depth", "entry", "guest", "idle_until", "rousable", "roused", "stranded", "tasks")

    def __init__(self, *, guest: bool = False) -> None:
        self.begin: Callable[[], None] | None = None
        self.guest = guest
        self.tasks: dict[object, None] = {}
        self.idle_until = 0
        self.bell = allocate_lock()
        self.bell.acquire()
        self.entry: tuple[int, int, Member] | None = None
        self.depth = 1
        self.rousable = self.roused = self.stranded = False


class _Leaver:
    """Leaves for a thread that ends and did not; it goes with the thread."""

    def __init__(self, group: Group, member: Member) -> None:
        self._group = group
        self._member = member

    @property
    def left(self) -> bool:
        """Whether the thread has left by itself."""
        return self._member.depth <= 0

    def __del__(self) -> None:
        if not self.left and not sys.is_finalizing():  # then nobody can begin any more
            self._member.depth = 1
            self._group.leave(self._member)


class _Here(local):
    def __init__(self) -> None:
        self.leavers: list[_Leaver] = []


_HERE = _Here()


class Group:
    """Who waits together on a clock.

    Args:
        clock: theirs.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self._members: dict[int, Member] = {}
        self._turns: list[tuple[int, int, Member]] = []
        self._parked: dict[Member, None] = {}
        self._holder: Member | None = None
        self._number = self._long = 0

    def idle(self, until: int) -> int:
        """Return the tick before which no other one does anything but look.

        Args:
            until: before which whoever asks does no more than that, in its next sleep.
        """
        with _LOCK:
            member = self.current
            if member is not None:
                member.idle_until = until
            return min((max(tick, other.idle_until) for tick, _, other in self._turns), default=_NEVER)

    @property
    def current(self) -> Member | None:
        """This thread as a member, None when it is none."""
        return self._members.get(get_ident())

    def enter(self, *, guest: bool) -> Member:
        """Let this thread take part; it has its turn at once when nobody else does."""
        with _LOCK:
            member = self._members[get_ident()] = Member(guest=guest)
            _HERE.leavers.append(_Leaver(self, member))
            self.clock._company = self  # noqa: SLF001
            if self._holder is None:
                self._holder = member
            return member

    def line_up(self, member: Member) -> None:
        """Wait until it is a member's turn, after those who go on by now."""
        if self._holder is not member:
            self._wait(member, now_on(self.clock))

    def leave(self, member: Member) -> None:
        """Let a thread take part no more, when it has left as often as it joined."""
        with _LOCK:
            member.depth -= 1
            if member.depth > 0:
                return
            self._members = {ident: other for ident, other in self._members.items() if other is not member}
            _HERE.leavers = [one for one in _HERE.leavers if not one.left]
            self._give_away(member)
            if not self._members and not self._turns and self.clock._company is self:  # noqa: SLF001
                self.clock._company = None  # noqa: SLF001

    def add(self, member: Member) -> None:
        """Let a thread begin, with its first turn, after those who go on by now."""
        with _LOCK:
            self._queue(member, now_on(self.clock))

    def take(self, member: Member) -> bool:
        """Say that this thread is a member that was begun; returns False when another one is."""
        with _LOCK:
            if member.begin is None:
                return False
            member.begin = None
            self._take_out(member)
            self._members[get_ident()] = member
            return True

    def sleep(self, ticks: int) -> bool:
        """Sleep for so many ticks beside the others; returns False at once for somebody who can't.

        That is who is none of them, and who is in the middle of an event on a server, where the others would want
        something meanwhile that this one has to end first.
        """
        member = self.current
        if member is None or is_at_work(self.clock):
            return False
        waits, member.rousable = member.rousable, False  # what is called in the middle of a wait may sleep, too
        try:
            self._sleep(member, ticks)
        finally:
            member.rousable = waits
        self._see_off(member)
        return True

    def wait(self, member: Member, ticks: int | None) -> bool:
        """Wait until a member is roused, or so many ticks have passed.

        Returns:
            False when nobody is left who could rouse it.
        """
        with _LOCK:
            if member.roused:
                member.roused = False
                return True
            member.rousable = True
        try:
            if ticks is None:
                self._wait(member, None)
            else:
                self._sleep(member, ticks)
            return not member.stranded
        finally:
            member.rousable = member.roused = member.stranded = False
            self._see_off(member)

    def rouse(self, member: Member) -> None:
        """Let a member that waits go on now, after those who do so already; one that does not wait will not."""
        with _LOCK:
            member.roused = True
            if member.rousable and (member in self._parked or member.entry is not None):
                self._take_out(member)
                self._queue(member, now_on(self.clock))

    def _sleep(self, member: Member, ticks: int) -> None:
        clock = self.clock
        end = now_on(clock) + ticks
        longest = clock._longest  # noqa: SLF001
        if longest is not None and ticks > longest and self._turns and self._long < _MOST_LONG:
            self._long += 1
            intend(clock, ticks)
        try:
            self._wait(member, end)
        finally:
            member.idle_until = 0
        if not (member.rousable and member.roused):
            clock._go(max(0, end - now_on(clock)))  # noqa: SLF001

    def _see_off(self, member: Member) -> None:
        """Let a guest leave when nobody does anything for it any more."""
        if member.guest and not member.tasks and member.depth == 1:
            self.leave(member)

    def _wait(self, member: Member, tick: int | None) -> None:
        """Give the turn away until it comes again: at a tick, or once the member is roused.

        An exception may come at any point: whoever has the turn then goes on.
        """
        try:
            with _LOCK:
                if tick is None:
                    self._parked[member] = None
                else:
                    self._queue(member, tick)
                self._give_away(member)
            while self._holder is not member:
                member.bell.acquire()
        except BaseException:
            let_go(_LOCK)
            raise
        finally:
            with _LOCK:
                self._take_out(member)
                if self._holder is not member:
                    self._call_up()

    def _queue(self, member: Member, tick: int) -> None:
        self._number += 1
        member.entry = (tick, self._number, member)
        heappush(self._turns, member.entry)

    def _take_out(self, member: Member) -> None:
        self._parked.pop(member, None)
        if member.entry is not None:
            self._turns = sorted(entry for entry in self._turns if entry is not member.entry)
            member.entry = None

    def _give_away(self, member: Member) -> None:
        """Let the next have the turn, if it is this member's."""
        if self._holder is not member and self._holder is not None:
            return
        if self._turns:
            self._holder = self._turns[0][2]  # which takes itself out
        elif self._parked:
            chosen = next(iter(self._parked))
            chosen.stranded = True
            self._holder = chosen
        else:
            self._holder = None
        self._call_up()

    def _call_up(self) -> None:
        """Let whoever has the turn know."""
        holder = self._holder
        if holder is None:
            return
        if holder.begin is not None:
            holder.begin()
        elif holder.bell.locked():
            holder.bell.release()


def join(clock: VirtualClock, *, guest: bool = False) -> tuple[Group, Member]:
    """Let this thread take part in who waits together on a clock.

    Args:
        clock: theirs.
        guest: whether it is for no longer than others do something for it; else until it leaves, as often as it joined.
    """
    with _LOCK:
        company = clock._company  # noqa: SLF001
        group = company if type(company) is Group else Group(clock)
        known = group.current
        member = known or group.enter(guest=guest)
        member.depth += known is not None and not guest
    if known is None:
        group.line_up(member)
    return group, member


def virtual(clock: object) -> VirtualClock:
    """Return a clock that moves by itself.

    Raises:
        ValueError: it is no ``VirtualClock``.
    """
    if type(clock) is not VirtualClock:
        raise ValueError(f"a VirtualClock is needed, as others move when they like, not {shown(clock)}")
    return clock
