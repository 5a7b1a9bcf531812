"""A simulated system as time moves it: its state, brought up to its clock's time whenever somebody looks."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from flare_sim.clock import ClockError, sleep_ticks, to_seconds, wait_in_ticks
from flare_sim.commands.owner_view import OwnerView
from flare_sim.untrusted_values import plain_text, shown
from flare_sim.users import User, new_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.clock import Clock
    from flare_sim.commands.protocol import Command, Reply
    from flare_sim.engine.clients.sites import Client
    from flare_sim.engine.process import Process
    from flare_sim.engine.records.requests import Requests
    from flare_sim.engine.recovery.transactions import Transactions
    from flare_sim.engine.state import ServerState
    from flare_sim.engine.waiting.job_view import JobView
    from flare_sim.events import Events
    from flare_sim.faults import AtCall, Faults
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
        self._faults: Faults | None = None  # a server that goes on with another state has others
        self._outside: Events | None = None
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

            faults = self._faults = Faults(self._state, self._events)
        return faults

    @property
    def _events(self) -> Events:
        events = self._outside
        if events is None:
            from flare_sim.events import Events

            events = self._outside = Events(self._state, self._runner, self._apply)
        return events

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

    def add_client(
        self, client: Client | str, *, after: float | None = None, at: float | None = None, at_call: AtCall = None
    ) -> None:
        """Let a new client register, now, ``after`` so many seconds, ``at`` a time, or at a call (see ``Faults``).

        Raises:
            ValueError: a name that is empty, reserved or taken, or no moment.
        """
        from flare_sim.engine.clients.sites import client_list

        (new,) = client_list([client])
        if new.name in self._state.sites:
            raise ValueError(f"there is already a client {shown(new.name)}")
        self._plan("add_client", *new, when=(after, at, at_call))

    def remove_client(
        self, name: str, *, after: float | None = None, at: float | None = None, at_call: AtCall = None
    ) -> None:
        """Let a client leave for good; it is no longer listed at once.

        Raises:
            ValueError: no such client, or no moment.
        """
        self._plan("remove_client", self._events.client(name), when=(after, at, at_call))

    @property
    def users(self) -> tuple[User, ...]:
        """Who may connect, in the order they were given or added."""
        return tuple(self._state.users.values())

    def add_user(
        self,
        user: User | str,
        role: str | None = None,
        *,
        after: float | None = None,
        at: float | None = None,
        at_call: AtCall = None,
    ) -> None:
        """Let somebody else connect from then on: a ``User``, or a name with a role (a lead of ``nvidia`` unless told).

        Raises:
            ValueError: a name, an organisation or a role that is none, a ``User`` and a role, or a name that is taken;
                or no moment.
        """
        new = new_user(user, role)
        if new.name in self._state.users:
            raise ValueError(f"there is already a user {shown(new.name)}")
        self._plan("add_user", new, when=(after, at, at_call))

    def change_role(
        self, user: str, role: str, *, after: float | None = None, at: float | None = None, at_call: AtCall = None
    ) -> None:
        """Give a user another role; open sessions have its rights at once.

        Raises:
            ValueError: no such user, no such role, or no moment.
        """
        name = self._user(user)
        self._plan("change_role", name, User(name, role=role).role, when=(after, at, at_call))

    def revoke_user(
        self, user: str, *, after: float | None = None, at: float | None = None, at_call: AtCall = None
    ) -> None:
        """Let a user connect no more: ``connect`` raises ``AuthenticationError``, open sessions ``AuthorizationError``.

        The user's jobs stay and go on. Who is added again by the same name has the sessions of before, too.

        Raises:
            ValueError: no such user, or no moment.
        """
        self._plan("revoke_user", self._user(user), when=(after, at, at_call))

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

    @property
    def is_at_work(self) -> bool:
        """Whether this thread is in the middle of an event here, as a behavior function is."""
        return self._transactions.is_mine

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
            named = _parts().named_job(command, reply)
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
        if id(user) in self._known:
            return True
        if type(user) is not User or self._state.users.get(user.name) is not user:
            return False
        self._known[id(user)] = user  # kept, so that no other object gets its id
        return True

    def _user(self, name: object) -> str:
        """Return the name of a user who is there, or to come.

        Raises:
            ValueError: there is none.
        """
        text = plain_text(name) or ""
        if text not in self._state.users and not self._events.awaits("add_user", text):
            raise ValueError(f"there is no user {shown(name)}")
        return text

    def _plan(self, verb: str, *args: Any, when: tuple[float | None, float | None, AtCall]) -> None:
        from flare_sim.events import Event, moment

        self._events.plan(Event(verb, args), moment(*when))


class _Parts(NamedTuple):
    named_job: Callable[[Command, Reply], str]
    process: type[Process]
    transactions: type[Transactions]
    requests: Callable[[Callable[[int], str]], Requests]
    dwell: Callable[[Clock, Simulation], None]
    intend: Callable[[Clock, int], None]
    quiet_since: Callable[[ServerState, Callable[[object], bool], int], int | None]


@cache
def _parts() -> _Parts:
    """Return what moves a state; it is loaded with the first system, as who only names the class does without."""
    from flare_sim.commands.table import COMMANDS, named_job
    from flare_sim.engine.process import Process
    from flare_sim.engine.records.requests import Requests
    from flare_sim.engine.recovery.transactions import Transactions
    from flare_sim.engine.waiting.horizon import dwell, intend, quiet_since

    return _Parts(named_job, Process, Transactions, partial(Requests, COMMANDS), dwell, intend, quiet_since)
