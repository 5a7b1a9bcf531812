"""Lets callers at a server one at a time, each with everything due done, and done with as a whole or not at all.

An exception may arrive before any bytecode: a signal's handler raises it, or another thread does.  What it lands in is
taken back, at once, or by the next caller when another one lands in that; an entry of the timeline waits to be done
again.  The lock is let go even if the exception lands after the ``with`` block and before its end.
"""

from __future__ import annotations

import os
from _thread import RLock, get_ident
from typing import TYPE_CHECKING, TypeVar

from flare_sim.clock import ClockError, let_go, now_on
from flare_sim.engine.recovery.savepoint import settle
from flare_sim.spec import InternalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.clock import Clock
    from flare_sim.engine.state import ServerState

    Result = TypeVar("Result")

__all__ = ["Transactions"]

_forks, _forker = 0, 0
"""How often this process is the child of a fork, and which of its threads was there before the last one."""


def _note_fork() -> None:
    global _forks, _forker
    _forks, _forker = _forks + 1, get_ident()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_note_fork)


class Transactions:
    """What is done to one server.

    Args:
        server: whose state it is.
        clock: the time it lives by.

    Attributes:
        clock: the same.
        pass_time: lets everything happen that is due until a tick.
    """

    __slots__ = ("_forks", "_lock", "_owner", "_server", "clock", "pass_time")

    def __init__(self, server: ServerState, clock: Clock) -> None:
        self.clock = clock
        self.pass_time: Callable[[int], None] = server.timeline.run
        self._server = server
        self._lock = RLock()
        self._owner = 0
        self._forks = _forks

    @property
    def is_mine(self) -> bool:
        """Whether this thread is in the middle of something, as a behavior function is that asks for more."""
        if self._forks != _forks:
            self._go_on_without_others()
        return self._owner == get_ident()

    def run(self, work: Callable[..., Result], *args: object) -> Result:
        """Do ``work(*args)`` as a whole, after everything due by the clock's time; a clock that went back stands still.

        A behavior function that asks something of its own server is in the middle of an event, so nothing more is due.

        Raises:
            InternalError: the clock shows no time.
            BaseException: what the work raised, or what a behavior function raised that is no ``Exception``.
        """
        me = get_ident()
        if self._forks != _forks:
            self._go_on_without_others()
        if self._owner == me:
            return self._within(work, args)
        server, timeline = self._server, self._server.timeline
        try:
            now = now_on(self.clock)
        except ClockError as problem:
            raise InternalError(str(problem)) from problem
        try:
            with self._lock:
                # No statement in here may have a ``try`` of its own: what Python makes of that word is not guarded.
                self._owner = me
                if timeline.savepoint is not None:
                    settle(server)
                timeline.doing = None
                self.pass_time(now if now > timeline.now else timeline.now)
                done = work(*args)
                timeline.savepoint = None
                self._owner = 0
                return done
        except BaseException:
            self._let_go()
            with self._lock:
                settle(server)
            raise

    def alone(self, work: Callable[[], Result]) -> Result:
        """Do something that is none of the server's state while nobody else does anything, whatever is due."""
        if self.is_mine:
            return work()
        try:
            with self._lock:
                self._owner = get_ident()
                done = work()
                self._owner = 0
                return done
        except BaseException:
            self._let_go()
            raise

    def _go_on_without_others(self) -> None:
        """After a fork: what another thread was in the middle of will not be done here, so it is taken back."""
        self._forks = _forks
        if self._owner != _forker:
            self._lock, self._owner = RLock(), 0

    def _within(self, work: Callable[..., Result], args: tuple[object, ...]) -> Result:
        server = self._server
        try:
            done = work(*args)
            server.timeline.savepoint = None
        except BaseException:
            settle(server)
            raise
        return done

    def _let_go(self) -> None:
        """Let go of the lock, when this thread still has it."""
        if self._owner == get_ident():
            self._owner = 0
        let_go(self._lock)
