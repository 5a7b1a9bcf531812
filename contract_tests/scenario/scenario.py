"""A scenario: one fresh system, the sessions opened on it, and everything that was done, in order.

Checks are written against it. Three things can end a check early: the promise is broken (`Violation`), something the
check needs first does not work (`NotTestable`), or the system does not offer it (`NotClaimed`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from contract_tests.scenario import wording
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.exceptions import JudgedElsewhere, NotTestable, Violation
from contract_tests.scenario.job_states import STATES, finished
from contract_tests.scenario.operations import OPEN, SYSTEM, WAIT, Operation, Outcome, Step
from contract_tests.scenario.recorder import Recorder
from contract_tests.scenario.snapshot import settled
from contract_tests.system.system import NotClaimed, System

_LATE: Final = 60.0
"""Contract seconds after its time at which a job that ends had to wait for something, or for somebody."""


class Scenario(Recorder):
    """One run of a check against a fresh system.

    Attributes:
        states: the state of `STATES` that a job was brought into, by its id.
        moving: the keys of metas and entries that were seen to change by themselves.
    """

    def __init__(self, system: System) -> None:
        super().__init__(system)
        self.states: dict[str, str] = {}
        self.moving: set[str] = set()
        self._takes_user = _takes_user(system)
        self._everyone: list[Actor] = []

    # --- sessions ---------------------------------------------------------------------------------------------------

    def open(self, user: int = 0) -> Actor:
        """A new session of the first (0) or second (1) user.

        Raises:
            NotClaimed: there is no second user.
            NotTestable: the session can't be opened.
        """
        if user == 1 and len(self.system.users) < 2:
            raise NotClaimed("a second user", "users")
        name = self.system.users[user] if self.system.users else ""
        outcome = self.try_open(("alice", "bob")[user], name)
        if not outcome.returned:
            raise NotTestable(f"opening a session {wording.outcome(outcome)}", outcome)
        actor: Actor = outcome.value
        return actor

    def open_restricted(self) -> Actor:
        """A session of the user who may only look."""
        if self.system.restricted_user is None:
            raise NotClaimed("a user who may not", "restricted_user")
        outcome = self.try_open("guest", self.system.restricted_user)
        if not outcome.returned:
            raise NotTestable(f"opening a session of {self.system.restricted_user} {wording.outcome(outcome)}", outcome)
        actor: Actor = outcome.value
        return actor

    def try_open(self, role: str, user: str) -> Outcome:
        """Open a session of a user by name; the outcome's value is the `Actor`."""
        count = sum(1 for name in self._sessions if name.partition("-")[0] == role)
        name = role if count == 0 else f"{role}-{count + 1}"
        arguments = {"user": user or "alice"} if (user and user != self._first) or self._takes_user else {}
        outcome = self._timed(self.system.open_session, (), arguments)
        self.steps.append(Step(Operation(SYSTEM, OPEN, (name, "opens a session")), outcome))
        if not outcome.returned:
            return outcome
        self._sessions[name] = outcome.value
        return Outcome("returned", Actor(self, name, outcome.value))

    @property
    def _first(self) -> str:
        return self.system.users[0] if self.system.users else ""

    def refuses(self, operation: Operation, outcome: Outcome) -> bool:
        """Whether a list was refused because the session takes no such arguments at all, not even on a fresh session.

        Only lists are asked for in forms that can be done without.
        """
        if operation.method != "list_jobs" or not isinstance(outcome.error, TypeError) or outcome.contract_errors:
            return False
        flags = (*operation.args, *dict(operation.kwargs).values())
        if not flags or any(type(flag) is not bool for flag in flags):
            return False
        begun = len(self.steps)
        fresh = self.try_open("alice", self._first)
        asked = fresh.returned  # where there is no other session it can't be asked
        again = self._timed(fresh.value.session.list_jobs, operation.args, dict(operation.kwargs)) if asked else outcome
        del self.steps[begun:]  # asking is no part of what was tried
        return isinstance(again.error, TypeError)

    def everyone(self) -> list[Actor]:
        """A session for every user, opened when this is first asked for."""
        if not self._everyone:
            self._everyone = [self.open(user) for user in range(min(2, len(self.system.users)) or 1)]
        return self._everyone

    # --- jobs in a state --------------------------------------------------------------------------------------------

    def job(self, state: str, actor: Actor) -> str:
        """Bring a new job of ``actor`` into a state of `STATES` and return its id.

        Raises:
            JudgedElsewhere: it is to be given up, and is not.
            NotTestable: it does not get there.
        """
        return self.bring(actor.submit(STATES[state].plan), state, actor)

    def bring(self, job: str, state: str, actor: Actor) -> str:
        """Bring a job that was just made by the plan of a state of `STATES` into that state; returns its id.

        Raises:
            JudgedElsewhere: it is to be given up, and is not.
            NotTestable: it does not get there.
        """
        wanted = STATES[state]
        if state == "stopped":
            self.until(actor, job, STATES["running"].reached, "running")
        if state in ("aborted", "stopped"):
            actor.need("abort_job", job)
        if state == "waiting":
            status = actor.status(job)
            if not wanted.reached(status):
                raise NotTestable(f"a job that can't be scheduled is {status} right after it was submitted")
        else:
            self.until(actor, job, wanted.reached, state, self.within(state))
        self.states[job] = state
        return job

    def within(self, state: str) -> float:
        """Contract seconds that it may take to get into a state of `STATES`, beyond the system's patience."""
        return min(STATES[state].within, self.system.longest)

    def until(self, actor: Actor, job: str, reached: Callable[[str], bool], state: str, within: float = 0.0) -> None:
        """Wait until a job's status is one that is wanted, with growing steps.

        Raises:
            NotTestable: it is not within the system's patience.
        """
        begun = len(self.steps)
        self._wait(actor, job, reached, state, within)
        waited = Operation(SYSTEM, WAIT, ("wait until", job, f"is {state}"))
        self.steps[begun:] = [Step(waited, Outcome("returned"), self._depth)]

    def _wait(self, actor: Actor, job: str, reached: Callable[[str], bool], state: str, within: float) -> None:
        if self.system.clock is None:
            if reached is not finished:
                raise NotClaimed("a clock the suite can see", "clock")
            actor.need("monitor_job", job, timeout=self.system.patience + within)
        status = actor.status(job)
        waited, step = 0.0, 0.25
        growth, longest = (2.0, 300.0) if within else (1.3, 20.0)
        if reached is finished and not finished(status) and (waited := self.left_to_run(job)):
            self.sleep(waited)
            status = actor.status(job)
        while not reached(status):
            if finished(status) or waited > self.system.patience + within:
                if state == "given up":  # no server has to
                    raise JudgedElsewhere(f"a server that gives up a job it can't schedule, within {waited:g} s")
                self._needs_room(actor, job, status)
                self._ran_beside(actor, job, waited)
                raise NotTestable(f"the job did not become {state} in {waited:g} s: it is {status}")
            self.sleep(step)
            waited, step = waited + step, min(step * growth, longest)
            status = actor.status(job)
        if waited and (not finished(status) or self.due(job, status, _LATE)):
            self._ran_beside(actor, job, waited)

    def _needs_room(self, actor: Actor, job: str, status: str) -> None:
        """Nobody promises to run so many jobs at once: where others run, one may have to wait for them.

        Raises:
            NotClaimed: another job of this scenario is being executed.
        """
        if finished(status) or status == "RUNNING":
            return
        for other in self.jobs:
            told = actor.do("get_job_meta", other).value
            if other != job and isinstance(told, dict) and told.get("status") in ("DISPATCHED", "RUNNING"):
                raise NotClaimed(f"to run {self.tell(job)} beside {self.tell(other)}")

    def _ran_beside(self, actor: Actor, job: str, waited: float) -> None:
        """Where jobs run one by one, and the system has the patience, one may have ended before another started.

        Raises:
            NotClaimed: another job of this scenario, not done when the wait began, has come to its end since.
        """
        for other, plan in self._plans.items():
            end = f"FINISHED:{plan.ends}"
            if other != job and self.due(other, end) and not self.due(other, end, waited):
                told = actor.do("get_job_meta", other).value
                if isinstance(told, dict) and told.get("status") == end:
                    raise NotClaimed(f"to run {self.tell(job)} beside {self.tell(other)}")

    def require(self, condition: object, expected: str, observed: object) -> None:
        """The assertion of a check.

        Raises:
            Violation: ``condition`` does not hold.
        """
        if not condition:
            if isinstance(observed, Outcome):
                raise Violation(expected, wording.outcome(observed, self.jobs), observed)
            raise Violation(expected, str(observed))

    def unchanged(self, before: Any, after: Any, what: str) -> None:
        """The assertion that ``after`` is what ``before`` was; a violation tells just what differs.

        Raises:
            Violation: they differ.
        """
        before, after = self.settled(before, after)
        if after != before:
            raise Violation(f"{what} as before", "; ".join(wording.difference(before, after, self.jobs)))

    def settled(self, before: Any, after: Any) -> tuple[Any, Any]:
        """Two values to compare, without what changes by itself in the facts of a job; looking for it is not told."""
        begun = len(self.steps)
        found = before, after
        if after != before:
            found = settled(before, after)
        del self.steps[begun:]
        return found

    def require_exists(self, actor: Actor, *jobs: str) -> None:
        """The assertion that jobs can still be read.

        Raises:
            Violation: one of them can't.
        """
        for job in jobs:
            outcome = actor.do("get_job_meta", job)
            self.require(outcome.returned, f"{self.tell(job)} to be there still", outcome)

    def is_id_of_job(self, text: str) -> bool:
        """Whether a text is the id of a job made here, or the system documents to take it for one."""
        if text in self.jobs:
            return True
        normal = [self._offered(self.system.normal_id, one) for one in (text, *self.jobs)]
        return normal[0] in normal[1:]

    def moment(self, reading: object) -> str:
        """What is told of a time on the system's own clock, in words, with its unit."""
        return wording.moment(reading)

    def at(self, seconds: float) -> str:
        """A moment in contract seconds, in words, as the system's own clock tells it."""
        return wording.moment(round(self.real(seconds), 6))

    def tell(self, thing: object) -> str:
        """A value in words, with jobs by their number."""
        return wording.value(thing, self.jobs)


def _takes_user(system: System) -> bool:
    """Whether ``open_session`` has to be given a user, for want of a default."""
    function = system.open_session
    return _wants_user(getattr(function, "__func__", function))


@lru_cache(maxsize=64)
def _wants_user(function: Callable[..., Any]) -> bool:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(
        parameter.name == "user"
        and parameter.default is inspect.Parameter.empty
        and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        for parameter in parameters
    )
