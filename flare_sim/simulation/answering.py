"""A simulated system as sessions see it: it lets them in, and answers what they ask."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flare_sim.clock import VirtualClock, quiet_ticks, to_seconds
from flare_sim.commands.protocol import (
    BROKEN_SERVER,
    UNKNOWN_LOGIN,
    Command,
    Login,
    Reply,
    no_server,
    no_session,
    plain_command,
    revoked,
)
from flare_sim.personality.quirks import NO_LATE_LOGIN
from flare_sim.simulation.saved import SavedSimulation
from flare_sim.spec import AuthenticationError, NoConnection
from flare_sim.untrusted_values import plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.commands.request import Request
    from flare_sim.engine.waiting.watch import Watch
    from flare_sim.saving.journal import Journal
    from flare_sim.users import User

__all__ = ["AnsweringSimulation"]


class AnsweringSimulation(SavedSimulation):
    """What sessions get from a system, over whatever they are with it."""

    _closed = False
    _open: list[bool] | None = None

    def login(self, user: str, number: int | None = None) -> Login:
        """Let a session in and return what it has to show with each ``request``; for those who bring their own.

        Args:
            user: who it is for.
            number: that of a login of before, to go on with it; a new one unless given.

        Raises:
            AuthenticationError: no such user, or no login of that number yet.
            NoConnection: the server can't be reached.
        """
        return self._transact(self._log_in, user, number)

    @property
    def reachable(self) -> bool:
        """Whether anybody can get through to it by now."""
        return self._transact(self._reachable)

    @property
    def reply_seconds(self) -> float:
        """How long every reply takes, beyond what its command does."""
        return to_seconds(self._state.reply_delay)

    def request(self, login: Login, command: Command) -> Reply:
        """Carry out a command of a session and return the reply (which may have to be waited for: ``delay``).

        Raises:
            ValueError: not a ``Login`` and a ``Command`` of words.
        """
        if type(login) is not Login:
            raise ValueError(f"a Login is needed, not {shown(login)}")
        user, number = login
        command = plain_command(command)
        return self._transact(self._answer, user, number, command)

    def watch(self, job_id: str, login: Login | None = None) -> Watch | None:
        """Return how the meta of a job that was asked for can be seen without a request, None if it can't."""
        return self._transact(self._watch, job_id, login)

    def delivers(self, reply: Reply) -> bool:
        """Tell whether a reply that had to be waited for gets through.

        It does not when the server can't be reached by now, or is no longer the process that sent it.

        Raises:
            ValueError: not a ``Reply``.
        """
        if type(reply) is not Reply:
            raise ValueError(f"a Reply is needed, not {shown(reply)}")
        return self._transact(lambda: self._reachable() and reply.time >= self._state.started)

    def _reachable(self) -> bool:
        return self._state.alive and self._state.reachable and not self._closed

    def _no_server(self) -> str:
        from flare_sim.personality.personalities import PERSONALITIES

        like = PERSONALITIES.get(self._state.personality)
        return like.cannot_connect if like else f"cannot connect to {self.config.project}: no server there"

    def _let_in(self, user: User) -> Login:
        self._state.sessions += 1
        return Login(user, self._state.sessions)

    def _log_in(self, user: object, number: object) -> Login:
        if not self._reachable() or (self._state.ending and NO_LATE_LOGIN in self.quirks):
            raise NoConnection(self._no_server())
        known = self._state.users.get(plain_text(user) or "")
        if known is None:
            raise AuthenticationError(f"unknown user {shown(user)}")
        self._is_user(known)  # from now on, whatever becomes of the user
        if number is None:
            return self._apply(lambda: self._let_in(known), "login", known.name)
        if type(number) is not int or not 1 <= number <= self._state.sessions:
            raise AuthenticationError(f"there was no session of number {shown(number)}")
        return Login(known, number)

    def _answer(self, user: User, number: int, command: Command) -> Reply:
        state = self._state
        if not self._reachable():
            return no_server(state.quirks)
        let_in = self._is_user(user) and type(number) is int and 0 < number <= state.sessions
        if let_in and state.on_calls and user.name in state.users:
            values = (user.name, number, *command)
            return self._apply(lambda: self._answer_counted(user, number, command), "request", *values)
        return self._reply(user, number, command, let_in=let_in, journal=self._journal)

    def _answer_counted(self, user: User, number: int, command: Command) -> Reply:
        """Answer a call for which something may have waited."""
        reply = None
        self._events.called(user.name, command.name, answered=False)
        if self._reachable():
            reply = self._reply(user, number, command, let_in=True, journal=None)
            self._events.called(user.name, command.name, answered=True)
        return reply if reply is not None and self._reachable() else no_server(self._state.quirks)

    def _reply(self, user: User, number: int, command: Command, *, let_in: bool, journal: Journal | None) -> Reply:
        state, lost = self._state, self._state.lost
        request_of, answer, changes = _commands()
        if not let_in:
            reply = UNKNOWN_LOGIN._replace(time=state.now)
        elif lost and number <= max(lost.get(None, 0), lost.get(user.name, 0)):
            reply = no_session(state.quirks)._replace(time=state.now)
        elif (current := state.users.get(user.name)) is None:
            reply = revoked(user.name)._replace(time=state.now)
        elif state.malfunctioning:
            reply = BROKEN_SERVER._replace(time=state.now)
        elif journal is not None and changes(command):
            reply = journal.change(
                "request",
                (user.name, number, *command),
                lambda: answer(request_of(state, self._runner, current, command)),
            )
        else:
            reply = answer(request_of(state, self._runner, current, command))
        if let_in:
            self._note(user, command, reply)
        return reply._replace(delay=reply.delay + state.reply_delay) if state.reply_delay else reply

    def _watch(self, job_id: str, login: Login | None) -> Watch | None:
        state, clock = self._state, self.clock
        job = state.store.get(job_id)
        if job is None or job.blob is None or self._journal is not None or not self._reachable():
            return None
        if state.reply_delay or state.on_calls:
            return None
        if type(clock) is not VirtualClock or quiet_ticks(clock) <= 0:
            return None
        from flare_sim.engine.waiting.watch import Watch

        if state.timeline.doing is None:
            state.timeline.next_in(self._runner.is_stale)  # what is out of date is not worth waiting for
        self._open = self._open or [True]
        code = self._asked.code(login.user.name if login else "", "get_job_meta", None, job.serial)
        return Watch(state, clock, job.blob.copy, self._open, self._asked, code)


@cache
def _commands() -> tuple[type[Request], Callable[[Request], Reply], Callable[[Command], bool]]:
    """Return what carries commands out; it is loaded with the first system, as what moves a state is."""
    from flare_sim.commands.request import Request
    from flare_sim.commands.table import answer, changes

    return Request, answer, changes
