"""A scenario: one fresh system, the sessions opened on it, and everything that was done, in order.

Checks are written against it. Every call goes through `Scenario.perform`, so the list of operations that a failure
shows is what really happened. Three things can end a check early: the promise is broken (`Violation`), something the
check needs first does not work (`NotTestable`), or the system does not offer it (`NotClaimed`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, NamedTuple

from contract_tests import folders, words
from contract_tests.facts import NAMED, Facts, settled
from contract_tests.interface import contract_names
from contract_tests.operations import OPEN, WAIT, WORLD, Callback, JobRef, Operation, Outcome, Runaway, Step
from contract_tests.plan import BadJob, JobPlan
from contract_tests.system import NotClaimed, System
from contract_tests.watchdog import CallHung, limit

LONG: Final = 300.0
"""Contract seconds that a job runs when a check wants it to be running for the rest of the scenario."""


_SOME_RUN: Final = 30.0
"""Contract seconds that a job may run whose plan does not say."""

_REPLIES: Final = ("submit_job", "clone_job", "get_job_meta", "list_jobs", "get_system_info")
"""The calls that take as long as a reply does: nothing has to be stopped or fetched before it."""


class Violation(Exception):
    """The promise that a check is about is broken."""

    def __init__(self, expected: str, observed: str) -> None:
        super().__init__(f"expected {expected}; observed {observed}")
        self.expected = expected
        self.observed = observed


class NotTestable(BaseException):
    """What a check needs before it can try its promise does not work. Not an Exception, so that no search goes on."""


class JudgedElsewhere(BaseException):
    """The session refuses what a check only needs, in a way that a clause of its own is about.

    That is held against it once: the check goes without the example. There are two such refusals: a list with arguments
    that the session does not take at all (shape.signature.list-jobs, list.all, list.all-false), and the deletion of a
    job that is being executed, refused with JobNotDone (delete.running, delete.dispatched).
    """


class State(NamedTuple):
    """A state of a job that checks ask for: the plan that leads there, and the statuses that say it is reached."""

    plan: JobPlan
    reached: Callable[[str], bool]
    within: float = 0.0


def finished(status: object) -> bool:
    """Whether a status is one of a job that is done."""
    return isinstance(status, str) and status.startswith("FINISHED")


def _is(*statuses: str) -> Callable[[str], bool]:
    return lambda status: status in statuses


STATES: Final[dict[str, State]] = {
    "waiting": State(JobPlan(waits=True), lambda status: not finished(status)),
    "dispatched": State(JobPlan(dispatches=60.0, runs=60.0), _is("DISPATCHED")),
    "running": State(JobPlan(runs=LONG), _is("RUNNING")),
    "completed": State(JobPlan(runs=4.0), finished),
    "aborted": State(JobPlan(waits=True), finished),
    "stopped": State(JobPlan(runs=LONG), finished),
    "failed": State(JobPlan(runs=4.0, ends="EXECUTION_EXCEPTION"), finished),
    "killed": State(JobPlan(runs=4.0, ends="ABNORMAL"), finished),
    "not deployed": State(JobPlan(ends="FAILED_TO_RUN"), finished),
    "given up": State(JobPlan(waits=True), finished, within=20_000.0),
}
"""Every state a job can be in, by the name checks use."""

DONE: Final = ("completed", "aborted", "stopped", "failed", "killed", "not deployed", "given up")
UNDONE: Final = ("waiting", "dispatched", "running")


class Scenario:
    """One run of a check against a fresh system.

    Attributes:
        steps: every operation performed, with its outcome.
        jobs: the ids of the jobs made so far, in order.
        states: the state of `STATES` that a job was brought into, by its id.
        made: when a job was made, in contract seconds, by its id.
        slowest: contract seconds that the slowest plain reply has taken so far.
        hung: whether a call had to be ended by the watchdog.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.steps: list[Step] = []
        self.jobs: list[str] = []
        self.states: dict[str, str] = {}
        self.hung = False
        self._depth = 0
        self._sessions: dict[str, Any] = {}
        self._owners: dict[str, str] = {}
        self._takes_user = _takes_user(system)
        self._plans: dict[str, JobPlan] = {}
        self._slowest = 0.0
        self._everyone: list[Actor] = []

        self.made: dict[str, float] = {}
        self.slowest = 0.0

    # --- time -------------------------------------------------------------------------------------------------------

    def now(self) -> float:
        """Contract seconds on the system's clock.

        Raises:
            NotClaimed: the system offers no clock.
        """
        if self.system.clock is None:
            raise NotClaimed("a clock the suite can see")
        return self.system.clock.time() / self.system.time_unit

    def sleep(self, seconds: float) -> None:
        """Let contract seconds pass."""
        self.now()  # a clock is needed even for no time at all
        if seconds:
            self.world("sleep", seconds)

    @property
    def slack(self) -> float:
        """Contract seconds by which a measured time may be off: what the system says, and what its replies take.

        A server that needs a while for every reply delays polls as well. How long is seen in the calls made so far;
        a poll may happen to take twice that.
        """
        return self.system.tolerance / self.system.time_unit + 2 * self.slowest

    @property
    def backlog(self) -> float:
        """Contract seconds for which the jobs made so far may keep another waiting, where they run one by one."""
        plans = [plan for plan in self._plans.values() if not plan.waits]
        return sum((_SOME_RUN if plan.runs is None else plan.runs) + (plan.dispatches or 0.0) for plan in plans)

    def real(self, seconds: float) -> float:
        """Contract seconds as the seconds to hand to the implementation."""
        return seconds if self.system.time_unit == 1.0 else seconds * self.system.time_unit

    # --- performing -------------------------------------------------------------------------------------------------

    def perform(self, operation: Operation) -> Outcome:
        """Carry out an operation, note it with its outcome, and return the outcome.

        Raises:
            NotClaimed: the system does not offer what the operation needs.
            NotTestable: the system offers it and it fails.
        """
        begun, depth = len(self.steps), self._depth
        if operation.actor == WORLD:
            outcome = self._world(operation)
        else:
            args = [self._argument(argument) for argument in operation.args]
            kwargs = {name: self._argument(argument) for name, argument in operation.kwargs}
            method = getattr(self._sessions[operation.actor], operation.method)
            self._depth += operation.method == "monitor_job"
            try:
                outcome = self._timed(method, args, kwargs)
            finally:
                self._depth = depth
        if operation.method in _REPLIES and outcome.returned and outcome.started is not None and outcome.took:
            self._took(operation.actor, outcome.took)
        noted = outcome
        if type(outcome.value) in (dict, list):  # as it was returned, whatever a check or the session does to it later
            noted = outcome._replace(value=outcome.value.copy())
        self.steps.insert(begun, Step(operation, noted, depth))  # before what was done in its callback
        if operation.method in ("submit_job", "clone_job") and outcome.returned and isinstance(outcome.value, str):
            self.jobs.append(outcome.value)
            self._plans[outcome.value] = self._plan(operation)
            if outcome.started is not None:
                self.made[outcome.value] = outcome.started
        return outcome

    def _took(self, name: str, seconds: float) -> None:
        """Remember what a reply took; after the first that took any time, see for a second what others take."""
        first, self.slowest = not self.slowest, max(self.slowest, seconds)
        spent = 0.0 if first and not self._depth else 1.0
        while spent < 1.0:
            outcome = self._timed(self._sessions[name].list_jobs, (), {})
            if not outcome.returned:
                return
            self.slowest = max(self.slowest, outcome.took)
            spent += max(outcome.took, 0.125)

    def due(self, job: str, status: object) -> bool:
        """Whether a job may have a status by itself by now, as it was planned; without a clock that can't be said."""
        plan = self._plans.get(job)
        if plan is None or plan.waits or job not in self.made:
            return False
        age, dispatched = self.now() - self.made[job], plan.dispatches or 0.0
        if status in ("DISPATCHED", "RUNNING"):
            return age > (dispatched if status == "RUNNING" else 0.0)
        return status == f"FINISHED:{plan.ends}" and age > dispatched + (plan.runs or 0.0)

    def _plan(self, operation: Operation) -> JobPlan:
        """The plan of a job that was just made: what was asked for, or what the job it was cloned from has."""
        source = next(iter((*operation.args, *dict(operation.kwargs).values())), None)
        if isinstance(source, JobRef):
            source = self.jobs[source.number - 1]
        return source if isinstance(source, JobPlan) else self._plans.get(str(source), JobPlan())

    def _argument(self, argument: Any) -> Any:
        if isinstance(argument, JobRef):
            return self.jobs[argument.number - 1]
        if isinstance(argument, JobPlan):
            return self._offered(self.system.job_folder, self._scaled(argument))
        if isinstance(argument, BadJob):
            return folders.bad_job(argument)
        if isinstance(argument, Callback):
            argument.now = self._peek_time
        return argument

    def _scaled(self, plan: JobPlan) -> JobPlan:
        if self.system.time_unit == 1.0:
            return plan
        scaled: dict[str, Any] = {
            name: self.real(seconds)
            for name, seconds in (("runs", plan.runs), ("dispatches", plan.dispatches))
            if seconds is not None
        }
        return replace(plan, **scaled)

    def _peek_time(self) -> float | None:
        return None if self.system.clock is None else self.now()

    def _timed(self, function: Callable[..., Any], args: Iterable[Any], kwargs: dict[str, Any]) -> Outcome:
        started = self._peek_time()
        try:
            with limit(self.system.call_limit):
                value = function(*args, **kwargs)
        except CallHung:
            self.hung = True
            return Outcome("hung", started=started, ended=self._peek_time())
        except Runaway:
            return Outcome("hung", started=started, ended=self._peek_time())
        except (JudgedElsewhere, NotClaimed, NotTestable, Violation, KeyboardInterrupt):
            raise
        except BaseException as error:  # also what ends a process, or a test, is something the session raised
            names = contract_names(error, self.system.spec)
            return Outcome("raised", None, error, names, started, self._peek_time())
        return Outcome("returned", value, started=started, ended=self._peek_time())

    def _world(self, operation: Operation) -> Outcome:
        if operation.method == "sleep":
            self.now()  # claims the clock
            assert self.system.clock is not None
            seconds = self.real(operation.args[0])
            self._offered(self.system.clock.sleep, seconds, within=self.system.call_limit + seconds)
            return Outcome("returned")
        return Outcome("returned", self._offered(getattr(self.system, operation.method), *operation.args))

    def _offered(self, function: Callable[..., Any], *args: Any, within: float | None = None) -> Any:
        """Call something the system offers; what it offers has to work, and to come back."""
        name = f"{getattr(function, '__name__', '') or words.value(function)}, which the system offers,"
        try:
            with limit(self.system.call_limit if within is None else within):
                return function(*args)
        except (NotClaimed, KeyboardInterrupt):
            raise
        except CallHung as error:
            self.hung = True
            raise NotTestable(f"{name} did not come back") from error
        except BaseException as error:
            raise NotTestable(f"{name} raised {words.error(error)}") from error

    def world(self, method: str, *args: Any) -> Any:
        """Do something to the system itself: ``outage``, ``drop_client``, …; returns what it returns."""
        return self.perform(Operation(WORLD, method, args)).value

    # --- sessions ---------------------------------------------------------------------------------------------------

    def open(self, user: int = 0) -> Actor:
        """A new session of the first (0) or second (1) user.

        Raises:
            NotClaimed: there is no second user.
            NotTestable: the session can't be opened.
        """
        if user == 1 and len(self.system.users) < 2:
            raise NotClaimed("a second user")
        name = self.system.users[user] if self.system.users else ""
        outcome = self.try_open(("alice", "bob")[user], name)
        if not outcome.returned:
            raise NotTestable(f"opening a session {words.outcome(outcome)}")
        actor: Actor = outcome.value
        return actor

    def open_restricted(self) -> Actor:
        """A session of the user who may only look."""
        if self.system.restricted_user is None:
            raise NotClaimed("a user who may not")
        outcome = self.try_open("guest", self.system.restricted_user)
        if not outcome.returned:
            raise NotTestable(f"opening a session of {self.system.restricted_user} {words.outcome(outcome)}")
        actor: Actor = outcome.value
        return actor

    def try_open(self, role: str, user: str) -> Outcome:
        """Open a session of a user by name; the outcome's value is the `Actor`."""
        count = sum(1 for name in self._sessions if name.partition("-")[0] == role)
        name = role if count == 0 else f"{role}-{count + 1}"
        arguments = {"user": user or "alice"} if (user and user != self._first) or self._takes_user else {}
        outcome = self._timed(self.system.open_session, (), arguments)
        self.steps.append(Step(Operation(WORLD, OPEN, (name, "opens a session")), outcome))
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
        again = self._timed(self.open().session.list_jobs, operation.args, dict(operation.kwargs))
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
            NotTestable: it does not get there.
        """
        return self.bring(actor.submit(STATES[state].plan), state, actor)

    def bring(self, job: str, state: str, actor: Actor) -> str:
        """Bring a job that was just made by the plan of a state of `STATES` into that state; returns its id.

        Raises:
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
            self.until(actor, job, wanted.reached, state, wanted.within)
        self.states[job] = state
        return job

    def until(self, actor: Actor, job: str, reached: Callable[[str], bool], state: str, within: float = 0.0) -> None:
        """Wait until a job's status is one that is wanted, with growing steps.

        Raises:
            NotTestable: it is not within the system's patience.
        """
        begun = len(self.steps)
        self._wait(actor, job, reached, state, within)
        waited = Operation(WORLD, WAIT, ("wait until", job, f"is {state}"))
        self.steps[begun:] = [Step(waited, Outcome("returned"), self._depth)]

    def _wait(self, actor: Actor, job: str, reached: Callable[[str], bool], state: str, within: float) -> None:
        if self.system.clock is None:
            if reached is not finished:
                raise NotClaimed("a clock the suite can see")
            actor.need("monitor_job", job, timeout=self.system.patience + within)
        status = actor.status(job)
        waited, step = 0.0, 0.25
        while not reached(status):
            if finished(status) or waited > self.system.patience + within:
                self._needs_room(actor, job, status)
                raise NotTestable(f"the job did not become {state} in {waited:g} s: it is {status}")
            self.sleep(step)
            waited, step = waited + step, min(step * 1.3, 20.0 if within == 0 else 300.0)
            status = actor.status(job)

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

    def require(self, condition: object, expected: str, observed: object) -> None:
        """The assertion of a check.

        Raises:
            Violation: ``condition`` does not hold.
        """
        if not condition:
            told = words.outcome(observed, self.jobs) if isinstance(observed, Outcome) else str(observed)
            raise Violation(expected, told)

    def unchanged(self, before: Any, after: Any, what: str) -> None:
        """The assertion that ``after`` is what ``before`` was; a violation tells just what differs.

        Raises:
            Violation: they differ.
        """
        before, after = self.settled(before, after)
        if after != before:
            raise Violation(f"{what} as before", "; ".join(words.difference(before, after, self.jobs)))

    def settled(self, before: Any, after: Any) -> tuple[Any, Any]:
        """Two values to compare, without what changes by itself in the facts of a job; looking for it is not told."""
        begun = len(self.steps)
        found = before, after
        if after != before:
            found = settled(before, after)
        del self.steps[begun:]
        return found

    def still(self, actor: Actor, *jobs: str) -> None:
        """The assertion that jobs can still be read.

        Raises:
            Violation: one of them can't.
        """
        for job in jobs:
            outcome = actor.do("get_job_meta", job)
            self.require(outcome.returned, f"{self.tell(job)} to be there still", outcome)

    def tell(self, thing: object) -> str:
        """A value in words, with jobs by their number."""
        return words.value(thing, self.jobs)


class Actor:
    """A session in a scenario, under the name that operations show."""

    def __init__(self, scenario: Scenario, name: str, session: Any) -> None:
        self.scenario = scenario
        self.name = name
        self.session = session

    def __repr__(self) -> str:
        return "a session"

    def attempt(self, method: str, *args: Any, **kwargs: Any) -> Outcome:
        """Call a method of the session; whatever comes of it is the outcome."""
        return self.scenario.perform(Operation(self.name, method, args, tuple(kwargs.items())))

    def do(self, method: str, *args: Any, **kwargs: Any) -> Outcome:
        """Call a method of the session, in a form that the promise in question is not about.

        Raises:
            JudgedElsewhere: the session takes no such call.
        """
        outcome = self.attempt(method, *args, **kwargs)
        if type(outcome.error) is TypeError and self.scenario.refuses(self.scenario.steps[-1].operation, outcome):
            raise JudgedElsewhere
        return outcome

    def need(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method that has to work before the promise can be tried, and return its value.

        Raises:
            JudgedElsewhere: it can't be done without a fault that another clause is about.
            NotTestable: it raises or does not come back.
        """
        outcome = self.do(method, *args, **kwargs)
        if not outcome.returned:
            if method == "delete_job" and outcome.raised("JobNotDone") and self._executes(*args):
                raise JudgedElsewhere
            jobs = self.scenario.jobs
            raise NotTestable(f"{method}, needed for this check, {words.outcome(outcome, jobs)}")
        return outcome.value

    def _executes(self, job: Any) -> bool:
        """Whether a job is told to be dispatched or running."""
        meta = self.do("get_job_meta", job).value
        return isinstance(meta, dict) and meta.get("status") in ("DISPATCHED", "RUNNING")

    def submit(self, plan: JobPlan | str | None = None) -> str:
        """Submit a job that behaves as planned (any valid one by default) and return its id."""
        job = self.need("submit_job", plan or JobPlan())
        if not isinstance(job, str) or not job:
            raise NotTestable(f"submit_job, needed for this check, returned {words.value(job)}")
        return job

    def clone(self, job: str) -> str:
        """Clone a job and return the clone's id."""
        clone = self.need("clone_job", job)
        if not isinstance(clone, str) or not clone:
            raise NotTestable(f"clone_job, needed for this check, returned {words.value(clone)}")
        return clone

    def meta(self, job: str) -> dict[str, Any]:
        """A job's meta."""
        meta = self.need("get_job_meta", job)
        if not isinstance(meta, dict) or not isinstance(meta.get("status"), str):
            raise NotTestable(f"get_job_meta, needed for this check, returned {words.value(meta)}")
        return meta

    def status(self, job: str) -> str:
        """A job's status."""
        status: str = self.meta(job)["status"]
        return status

    def facts(self, job: str, *more: str) -> dict[str, Any]:
        """What of a job's meta nothing but an event may change: the whole of it once the job is done.

        Of a job that is not done it is what the contract names, and ``more``.
        """
        meta = self.meta(job)
        if not finished(meta["status"]):
            meta = {key: meta.get(key) for key in (*NAMED, *more)}
        return Facts(meta, lambda seconds: self._look(job, seconds), lambda status: self.scenario.due(job, status))

    def _look(self, job: str, seconds: float) -> dict[str, Any] | None:
        """A job's meta, read once more after some time where it can pass; None where it can't be read."""
        if self.scenario.system.clock is not None:
            self.scenario.sleep(seconds)
        meta = self.do("get_job_meta", job).value
        return meta if isinstance(meta, dict) else None

    def identity(self, job: str) -> dict[str, Any]:
        """What of a job's meta nothing at all may change."""
        meta = self.meta(job)
        return {key: meta.get(key) for key in NAMED if key != "status"}

    def entries(self, **flags: bool) -> list[dict[str, Any]]:
        """The entries of list_jobs."""
        try:
            jobs = self.need("list_jobs", **flags)
        except JudgedElsewhere:
            if not flags.pop("all", False):
                raise
            del self.scenario.steps[-1]
            return self._entries_of_everyone(**flags)
        if not isinstance(jobs, list) or not all(isinstance(entry, dict) for entry in jobs):
            raise NotTestable(f"list_jobs, needed for this check, returned {words.value(jobs)}")
        return jobs

    def _entries_of_everyone(self, **flags: bool) -> list[dict[str, Any]]:
        """What ``all=True`` would tell, put together from what every user is told."""
        found = [entry for actor in self.scenario.everyone() for entry in actor.entries(**flags)]
        return list({str(entry.get("job_id")): entry for entry in found}.values())

    def listed(self, **flags: bool) -> list[Any]:
        """The job ids of list_jobs, in its order."""
        return [entry.get("job_id") for entry in self.entries(**flags)]

    def info(self) -> Any:
        """The system info, with its three parts."""
        info = self.need("get_system_info")
        if not all(hasattr(info, part) for part in ("server_info", "client_info", "job_info")):
            raise NotTestable(f"get_system_info, needed for this check, returned {words.value(info)}")
        return info

    def executing(self) -> list[Any]:
        """The ids of the jobs that system info names."""
        return [getattr(entry, "job_id", None) for entry in self.info().job_info]

    def connect_times(self) -> dict[Any, Any]:
        """The last_connect_time of every client that system info names."""
        return {entry.name: entry.last_connect_time for entry in self.info().client_info}

    def monitor(
        self,
        job: str,
        callback: Callback | None = None,
        *args: Any,
        timeout: float = 0,
        poll: float = 2.0,
        by_name: bool = False,
        **kwargs: Any,
    ) -> Outcome:
        """Monitor a job, times in contract seconds, with an optional callback and arguments for it.

        With ``by_name`` everything is handed over by its name, and there can be no further positional arguments.
        """
        real = self.scenario.real
        if by_name:
            given = {"cb": callback} if callback else {}
            times = {"timeout": real(timeout), "poll_interval": real(poll)}
            return self.do("monitor_job", job_id=job, **given, **times, **kwargs)
        return self.do("monitor_job", job, real(timeout), real(poll), callback, *args, **kwargs)


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
