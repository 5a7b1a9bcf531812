"""A simulated system as time moves it: its state, brought up to its clock's time whenever somebody looks."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from flare_sim.clock import ClockError, sleep_ticks, to_seconds, wait_in_ticks
from flare_sim.commands.owner_view import OwnerView
from flare_sim.commands.table import named_job
from flare_sim.untrusted_values import plain_text, shown
from flare_sim.users import User, new_user

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flare_sim.clock import Clock
    from flare_sim.commands.protocol import Command, Reply
    from flare_sim.engine.clients.sites import Client
    from flare_sim.engine.process import Process
    from flare_sim.engine.records.requests import Requests
    from flare_sim.engine.recovery.transactions import Transactions
    from flare_sim.engine.state import ServerState
    from flare_sim.engine.waiting.job_view import JobView
    from flare_sim.faults import Faults
    from flare_sim.saving.journal import Journal

    Result = TypeVar("Result")

__all__ = ["Simulation"]


class Simulation(OwnerView):
    """What the owner of a system sees of it and does to it, beside what goes through sessions.

    Args:
        clock: the time it lives by.
        state: all there is to know of it.
    """

    def __init__(self, clock: Clock, state: ServerState) -> None:
        parts = _parts()
        self._state = state
        self._journal: Journal | None = None
        self._forget_requests()
        self._known: dict[int, User] = {}
        self._known_of: Mapping[str, User] | None = None
        self._faults: Faults | None = None  # a server that goes on with another state has others
        self._runner = parts.process(state)
        self._transactions = parts.transactions(state, clock)
        self._transact = self._transactions.run
        parts.dwell(clock, self)

    @property
    def faults(self) -> Faults:
        """What can be broken, and mended."""
        faults = self._faults
        if faults is None:
            from flare_sim.faults import Faults

            faults = self._faults = Faults(self._state, self._runner, self._apply)
        return faults

    @property
    def clock(self) -> Clock:
        """The time it lives by."""
        return self._transactions.clock

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self._transactions.clock = clock
        _parts().dwell(clock, self)

    def call_later(self, seconds: float, effect: Callable[[], None]) -> None:
        """Let something happen in so many seconds; whoever looks at the server then brings it about.

        What ``effect`` raises comes out of the call that brings it about, and it is not done again.

        Raises:
            ValueError: not a time that can pass, or ``effect`` cannot be called.
        """
        ticks = wait_in_ticks(seconds)
        if not callable(effect):
            raise ValueError(f"effect must be a function, not {shown(effect)}")
        once = [effect]
        self._transact(self._state.timeline.after, ticks, lambda _: once.pop()() if once else None)

    def add_client(self, client: Client | str) -> None:
        """Let a new client register.

        Raises:
            ValueError: a name that is empty, reserved or taken.
        """
        from flare_sim.commands.system.membership import join
        from flare_sim.engine.clients.sites import client_list

        (new,) = client_list([client])
        if new.name in self._state.sites:
            raise ValueError(f"there is already a client {shown(new.name)}")
        self._apply(lambda: join(self._state, self._runner, new), "add_client", *new)

    def remove_client(self, name: str) -> None:
        """Let a client leave for good; it is no longer listed at once.

        Raises:
            ValueError: no such client.
        """
        from flare_sim.commands.system.membership import forget

        text = plain_text(name)
        if text is None or text not in self._state.sites:
            raise ValueError(f"there is no client {shown(name)}")
        self._apply(lambda: forget(self._state, self._runner, text), "remove_client", text)

    @property
    def users(self) -> tuple[User, ...]:
        """Who may connect, in the order they were given or added."""
        return tuple(self._state.users.values())

    def add_user(self, user: User | str, role: str | None = None) -> None:
        """Let somebody else connect from now on: a ``User``, or a name with a role (a lead of ``nvidia`` unless told).

        Raises:
            ValueError: a name, an organisation or a role that is none, a ``User`` and a role, or a name that is taken.
        """
        self._transact(self._add_user, new_user(user, role))

    def change_role(self, user: str, role: str) -> None:
        """Give a user another role; open sessions have its rights at once.

        Raises:
            ValueError: no such user, or no such role.
        """
        self._transact(self._change_role, user, role)

    def revoke_user(self, user: str) -> None:
        """Let a user connect no more: ``connect`` raises ``AuthenticationError``, open sessions ``AuthorizationError``.

        The user's jobs stay and go on. Who is added again by the same name has the sessions of before, too.

        Raises:
            ValueError: no such user.
        """
        self._transact(self._revoke_user, user)

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass on the server's clock, and everything happen that is due then.

        Raises:
            ValueError: not a time that can pass.
        """
        ticks = wait_in_ticks(seconds)
        _parts().intend(self.clock, ticks)
        self.clock.sleep(to_seconds(ticks))
        self.catch_up()

    def run_until_idle(self) -> tuple[JobView, ...]:
        """Let time pass until nothing more is going to happen by itself; returns the jobs that are stuck then.

        Those are all that are not over, each with its ``reason``; when all is done there are none.

        Raises:
            RuntimeError: that time never comes: sleeping does not move the clock (a frozen one), or its time ends.
        """
        while (wait := self._transact(self._state.timeline.next_in, self._runner.is_stale)) is not None:
            try:
                moved = sleep_ticks(self.clock, wait)
            except ClockError as problem:
                raise RuntimeError(f"nothing more can happen: {problem}") from problem
            if wait and not moved:
                raise RuntimeError("sleeping does not move the server's clock, so nothing more can happen")
        from flare_sim.engine.waiting.job_view import unfinished, views

        return self._transact(lambda: views(self._state, unfinished(self._state)))

    def quiet_since(self, now: int) -> int | None:
        """Return the tick since which nothing has happened, None when something will, later than ``now``."""
        return _parts().quiet_since(self._state, self._runner.is_stale, now)

    def step(self, job_id: str) -> str:
        """Move a job on to its next status by hand, or try once to schedule it; returns its status then.

        Raises:
            JobNotFound: no such job.
            RuntimeError: the server's ``progress`` is not ``"manual"``.
        """
        if self.progress != "manual":
            raise RuntimeError(f"jobs are stepped by hand with progress='manual', not with {self.progress!r}")
        return self._transact(self._step, job_id)

    def _forget_requests(self) -> None:
        self._asked = _parts().requests(self._state.trace.id_of)

    def _note(self, user: User, command: Command, reply: Reply) -> None:
        state, asked, (name, args, _) = self._state, self._asked, command
        last, code = asked.last
        if (user, name, args) != last:
            named = named_job(command, reply)
            job = state.store.get(named)
            code = asked.code(user.name, name, named) if job is None else asked.code(user.name, name, None, job.serial)
            asked.last = (None if name == "submit_job" else (user, name, args)), code
        asked.note(state.timeline.now, code)

    def _apply(self, effect: Callable[[], Result], kind: str, *values: Any) -> Result:
        """Let a call change the state.

        Args:
            effect: changes it.
            kind: what call it is, as it is put down where the state is kept in a file.
            values: what it was made with.
        """
        if self._journal is None:
            return self._transact(effect)
        done: Result = self._transact(self._journal.change, kind, values, effect)
        return done

    def _step(self, job_id: object) -> str:
        job = self._job(job_id)
        self._apply(lambda: self._runner.step(job), "step", job.job_id)
        return job.state.status

    def _is_user(self, user: object) -> bool:
        """Tell whether somebody is or was one of the users, and not one who only says so."""
        users = self._state.users
        if self._known_of is not users:  # what is known is kept, so that no other object gets its id
            self._known.update((id(one), one) for one in users.values())
            self._known_of = users
        return id(user) in self._known

    def _user(self, name: object) -> User:
        user = self._state.users.get(plain_text(name) or "")
        if user is None:
            raise ValueError(f"there is no user {shown(name)}")
        return user

    def _add_user(self, new: User) -> None:
        users = self._state.users
        if new.name in users:
            raise ValueError(f"there is already a user {shown(new.name)}")
        told = (new.name, "added", new.role, new.org)
        self._apply(lambda: self._have_users({**users, new.name: new}, *told), "add_user", new)

    def _change_role(self, name: object, role: str) -> None:
        user = self._user(name)
        new = User(user.name, user.org, role)
        if new != user:
            users = {**self._state.users, new.name: new}
            told = (new.name, "changed", new.role, new.org)
            self._apply(lambda: self._have_users(users, *told), "change_role", new.name, new.role)

    def _revoke_user(self, name: object) -> None:
        gone = self._user(name)
        users = {name: user for name, user in self._state.users.items() if user is not gone}
        self._apply(lambda: self._have_users(users, gone.name, "revoked"), "revoke_user", gone.name)

    def _have_users(self, users: Mapping[str, User], *told: str) -> None:
        self._is_user(None)  # those there are have logged in, maybe
        self._state.touch_field("users")
        self._state.users = users
        self._state.note("user", *told)


class _Parts(NamedTuple):
    process: type[Process]
    transactions: type[Transactions]
    requests: Callable[[Callable[[int], str]], Requests]
    dwell: Callable[[Clock, Simulation], None]
    intend: Callable[[Clock, int], None]
    quiet_since: Callable[[ServerState, Callable[[object], bool], int], int | None]


@cache
def _parts() -> _Parts:
    """Return what moves a state; it is loaded with the first system, as who only names the class does without."""
    from flare_sim.commands.table import COMMANDS
    from flare_sim.engine.process import Process
    from flare_sim.engine.records.requests import Requests
    from flare_sim.engine.recovery.transactions import Transactions
    from flare_sim.engine.waiting.horizon import dwell, intend, quiet_since

    return _Parts(Process, Transactions, partial(Requests, COMMANDS), dwell, intend, quiet_since)
