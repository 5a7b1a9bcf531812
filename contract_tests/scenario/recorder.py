"""The recorder: carries operations out on one system, and notes each with its outcome and the time it took.

Every call goes through `Recorder.perform`, so the list of operations that a failure shows is what really happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from contract_tests.contract.interface import contract_names
from contract_tests.scenario import wording
from contract_tests.scenario.exceptions import JudgedElsewhere, NotTestable, Violation
from contract_tests.scenario.operations import SYSTEM, Callback, Interrupted, JobRef, Operation, Outcome, Runaway, Step
from contract_tests.system import bad_definitions
from contract_tests.system.helper_threads import HelperThreads
from contract_tests.system.job_plan import BadJob, JobPlan
from contract_tests.system.needs import endless, need_of
from contract_tests.system.system import Clock, NotClaimed, System
from contract_tests.system.watchdog import CallHung, limit

_SOME_RUN: Final = 30.0
"""Contract seconds that a job may run whose plan does not say."""

_MAKE_JOBS: Final = ("submit_job", "clone_job")

_PLAIN: Final = frozenset((str, int, float, bool, type(None)))
"""Types of arguments that are handed over as they are."""

_REPLIES: Final = ("submit_job", "clone_job", "get_job_meta", "list_jobs", "get_system_info")
"""The calls that take as long as a reply does: nothing has to be stopped or fetched before it."""


_DONE: Final = Outcome("returned")


class Recorder:
    """Carries out operations on one system and notes them.

    Attributes:
        steps: every operation performed, with its outcome.
        jobs: the ids of the jobs made so far, in order.
        made: when a job was made, in contract seconds, by its id.
        slowest: contract seconds that the slowest plain reply has taken so far.
        hung: whether a call had to be ended by the watchdog.
        aside: whether what is being performed goes on while another call waits.
        threads: in which the calls of sessions are made, each in another than the one before; None for the caller's.
        raced: whether threads have called at once, so that the next try may end otherwise.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.steps: list[Step] = []
        self.jobs: list[str] = []
        self.made: dict[str, float] = {}
        self.slowest = 0.0
        self.hung = False
        self.aside = False
        self.threads: HelperThreads | None = None
        self.raced = False
        self._depth = 0
        self._sessions: dict[str, Any] = {}
        self._plans: dict[str, JobPlan] = {}

    # --- time -------------------------------------------------------------------------------------------------------

    def now(self) -> float:
        """Contract seconds on the system's clock.

        Raises:
            NotClaimed: the system offers no clock.
        """
        return self._clock().time() / self.system.time_unit

    def _clock(self) -> Clock:
        clock = self.system.clock
        if clock is None:
            raise NotClaimed("a clock the suite can see", "clock")
        return clock

    def sleep(self, seconds: float) -> None:
        """Let contract seconds pass."""
        if seconds:
            self.on_system("sleep", seconds)
        else:
            self.now()  # a clock is needed even for no time at all

    def sleep_long(self, seconds: float, times: int = 1) -> None:
        """Let many contract seconds pass; so many ``times`` no more than the system's longest job may run."""
        self.sleep(min(seconds, self.system.longest / times))

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
        if operation.actor == SYSTEM:
            outcome = self._on_system(operation)
        else:
            args = [given if type(given) in _PLAIN else self._argument(given) for given in operation.args]
            kwargs = {name: self._argument(given) for name, given in operation.kwargs} if operation.kwargs else {}
            method = self._method(operation)
            if self.threads is not None:
                method = self.threads.calling(method, self.system.call_limit)
            self._depth += operation.method == "monitor_job"
            try:
                outcome = self._timed(method, args, kwargs)
            finally:
                self._depth = depth
            if outcome.ended != outcome.started and outcome.returned and operation.method in _REPLIES:
                self._took(operation.actor, outcome.took)
        value, noted = outcome.value, outcome
        if type(value) is dict or type(value) is list:  # as it was returned, whatever is done to it later
            noted = Outcome(outcome.kind, value.copy(), *outcome[2:])
        self.steps.insert(begun, Step(operation, noted, depth, self.aside))  # before what was done in its callback
        if operation.method in _MAKE_JOBS and outcome.returned and isinstance(value, str):
            self.jobs.append(value)
            self._plans[value] = self._plan(operation)
            if outcome.started is not None:
                self.made[value] = outcome.started
        return outcome

    def _method(self, operation: Operation) -> Any:
        try:
            return getattr(self._sessions[operation.actor], operation.method)
        except AttributeError as error:
            raise NotTestable(f"the session has no {operation.method}: {wording.error(error)}") from None

    def performed(self, method: str) -> list[Outcome]:
        """What came of every call of a method so far; of submit_job only where the definition was good."""
        return [
            step.outcome
            for step in self.steps
            if step.operation.method == method and not any(isinstance(value, BadJob) for value in step.operation.args)
        ]

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

    def due(self, job: str, status: object, ago: float = 0.0) -> bool:
        """Whether a job may have a status by itself by now, as it was planned; without a clock that can't be said.

        Or whether it might have had it some seconds ``ago``.
        """
        plan = self._plans.get(job)
        if plan is None or plan.waits or job not in self.made:
            return False
        age, dispatched = self.now() - ago - self.made[job], plan.dispatches or 0.0
        if status in ("DISPATCHED", "RUNNING"):
            return age > (dispatched if status == "RUNNING" else 0.0)
        return status == f"FINISHED:{plan.ends}" and age > dispatched + (plan.runs or 0.0)

    def left_to_run(self, job: str) -> float:
        """Contract seconds before which a job does not end by itself, as it was planned; 0 where that can't be said."""
        plan = self._plans.get(job)
        if plan is None or plan.waits or job not in self.made:
            return 0.0
        aborted = any(step.operation.method == "abort_job" and job in step.operation.args for step in self.steps)
        age = self.now() - self.made[job]
        return 0.0 if aborted else max(0.0, (plan.runs or 0.0) + (plan.dispatches or 0.0) - age)

    def _plan(self, operation: Operation) -> JobPlan:
        """The plan of a job that was just made: what was asked for, or what the job it was cloned from has."""
        source = next(iter((*operation.args, *dict(operation.kwargs).values())), None)
        if isinstance(source, JobRef):
            source = self.jobs[source.number - 1]
        return source if isinstance(source, JobPlan) else self._plans.get(str(source), JobPlan())

    def _argument(self, argument: Any) -> Any:
        """What is handed over for an argument: symbolic ones are filled in."""
        if isinstance(argument, JobRef):
            return self.jobs[argument.number - 1]
        if isinstance(argument, JobPlan):
            return self.given(argument)
        if isinstance(argument, BadJob):
            return bad_definitions.bad_job(argument)
        if isinstance(argument, Callback):
            argument.now = self._peek_time
        return argument

    def given(self, plan: JobPlan) -> Any:
        """What the system gives for a plan: the path of a job folder.

        Raises:
            NotClaimed: the system can't bring about what the plan asks for.
            NotTestable: it fails otherwise.
        """
        return self._offered(self.system.job_folder, self._scaled(plan))

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
        system = self.system
        clock = system.clock
        return None if clock is None else clock.time() / system.time_unit

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
        except (JudgedElsewhere, NotClaimed, NotTestable, Violation):
            raise
        except BaseException as error:  # also what ends a process, or a test, is something the session raised
            if isinstance(error, KeyboardInterrupt) and not isinstance(error, Interrupted):
                raise
            names = contract_names(error, self.system.spec)
            return Outcome("raised", None, error, names, started, self._peek_time())
        return Outcome("returned", value, None, (), started, self._peek_time())

    def _on_system(self, operation: Operation) -> Outcome:
        if operation.method == "sleep":
            clock, seconds = self._clock(), self.real(operation.args[0])
            self._offered(clock.sleep, seconds, within=self.system.call_limit + seconds)
            return _DONE
        if end := endless(self.system, operation.method):  # what goes on for ever would be held against the sessions
            raise NotClaimed(f"an end of what {operation.method} begins", end)
        return Outcome("returned", self._offered(getattr(self.system, operation.method), *operation.args))

    def _offered(self, function: Callable[..., Any], *args: Any, within: float | None = None) -> Any:
        """Call something the system offers; what it offers has to work, and to come back."""
        try:
            with limit(self.system.call_limit if within is None else within):
                return function(*args)
        except NotClaimed as error:
            error.need = error.need or need_of(function, args)
            raise
        except KeyboardInterrupt:
            raise
        except CallHung as error:
            self.hung = True
            raise NotTestable(f"{_offer(function)} did not come back") from error
        except BaseException as error:
            raise NotTestable(f"{_offer(function)} raised {wording.error(error)}") from error

    def on_system(self, method: str, *args: Any) -> Any:
        """Do something to the system itself: ``outage``, ``drop_client``, …; returns what it returns."""
        return self.perform(Operation(SYSTEM, method, args)).value


def _offer(function: Callable[..., Any]) -> str:
    return f"{getattr(function, '__name__', '') or wording.value(function)}, which the system offers,"
