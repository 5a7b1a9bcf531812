"""One check tried on given inputs and a fresh system, with every way that can end turned into a result."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from itertools import count
from typing import Any, Final

from contract_tests.contract.interface import namesake, spec_line
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.budget import OutOfTime
from contract_tests.engine.check_result import CheckResult, Namesake, Origin
from contract_tests.engine.coverage import Cell, cells
from contract_tests.preflight.places import raised_at
from contract_tests.scenario import wording
from contract_tests.scenario.check import Check
from contract_tests.scenario.exceptions import JudgedElsewhere, NotTestable, Violation
from contract_tests.scenario.operations import SYSTEM, WAIT, Step
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import LED, SETTINGS, THREADED, TURN
from contract_tests.sequences.repeated_runs import CALLS, RepeatedSystem, before, only_first
from contract_tests.system.helper_threads import HelperThreads
from contract_tests.system.needs import lacking
from contract_tests.system.system import NotClaimed, System
from contract_tests.system.watchdog import failure, limit

SystemFactory = Callable[[], System]

_STEPS_SHOWN: Final = 40


class Stopped(BaseException):
    """Ends a search at once: nothing is gained by trying more inputs."""


class SuiteError(Exception):
    """The check itself failed."""


class Attempt:
    """The runs of one check: counts examples, and keeps the last failure, which Hypothesis makes the smallest one.

    Attributes:
        shrink: whether smaller inputs are looked for.
        counts: whether it notes in ``coverage`` what was exercised.
        examples, left_out: how many were tried, and how many of them could not be judged here.
        lacking: what the system need not offer, for want of which one was left out; empty if that was another clause's.
        failure: what the last failure was.
        tried: the first inputs that were tried; ``alone`` says whether they took the first user only, ``waits``
            whether anything was waited for, ``threads`` whether the system may be called from several threads.
        raced: whether threads have called at once, so that the same inputs may end otherwise.
        observations: what was observed where the interface is silent.
    """

    def __init__(self, check: Check, factory: SystemFactory, *, shrink: bool = True, counts: bool = True) -> None:
        self.check = check
        self.shrink = shrink
        self.counts = counts
        self.factory = factory
        self.examples = 0
        self.left_out = 0
        self.lacking = ""
        self.failure: CheckResult | None = None
        self.tried: dict[str, Any] | None = None
        self.alone = self.waits = self.threads = self.raced = False
        self.observations: list[str] = []
        self.coverage: Counter[Cell] = Counter()

    def once(self, inputs: dict[str, Any]) -> None:
        """Run the body on a fresh system.

        Raises:
            Violation: the clause is broken.
            Stopped: the check can't go on.
            SuiteError: the check itself failed.
        """
        system = self.fresh()
        try:
            self._turns(system, inputs)
        except BaseException:
            close(system)  # what was found counts for more than a system that can't be closed
            raise
        self.end(system)

    def _turns(self, system: System, inputs: dict[str, Any]) -> None:
        """Run the body once, or as many times as the inputs ask for."""
        own = {name: value for name, value in inputs.items() if name not in SETTINGS}
        again = TURN in inputs or LED in inputs
        repeated: Any = self._repeated(system, inputs.get(LED, 0)) if again else system
        self.threads = bool(system.threads)
        performed, slowest = 0, 0.0
        for turn in count():
            scenario = self._begin(repeated)
            scenario.slowest = slowest  # how slow the system is was learned on the turns before
            told = {**inputs, TURN: turn} if TURN in inputs else inputs
            try:
                with HelperThreads() if inputs.get(THREADED) else nullcontext() as scenario.threads:
                    self.guarded(scenario, told, partial(self.check.body, scenario, **own))
            finally:
                self.raced = self.raced or scenario.raced
                if self.counts:
                    self.coverage.update(cells(scenario.steps, scenario.states, scenario.jobs))
            if self.tried is None:
                self.tried = own
                self.alone = only_first(scenario.steps)
                self.waits = any(map(_waits, scenario.steps))
            performed, slowest = performed + len(scenario.steps), scenario.slowest
            if turn == inputs.get(TURN, 0) or performed >= CALLS or not repeated.settle(scenario.steps):
                break

    def _repeated(self, system: System, leader: int) -> RepeatedSystem:
        try:
            return RepeatedSystem(system, leader)
        except NotClaimed as error:
            self._fail(Verdict.NOT_CLAIMED, f"the system does not offer {error}", None, {})
            raise Stopped from error

    def fresh(self) -> System:
        """A fresh system.

        Raises:
            Stopped: there is none, or no time for one.
        """
        try:
            with limit(System.call_limit):
                return self.factory()
        except KeyboardInterrupt:
            raise
        except OutOfTime as error:
            self.out_of_time()
            raise Stopped from error
        except BaseException as error:
            self._fail(Verdict.NOT_TESTABLE, f"the system can't be made: {wording.why(error)}", None, {})
            raise Stopped from error

    def out_of_time(self) -> None:
        """Note that the time ran out; what was found counts for more than what was not tried."""
        if self.failure is None:
            self._fail(Verdict.NOT_RUN, f"the time ran out after {self.examples} examples", None, {})

    def end(self, system: System) -> None:
        """Close the system after an example in which nothing was found."""
        trouble = close(system)
        if trouble:
            self._fail(Verdict.NOT_TESTABLE, f"the system can't be closed: {trouble}", None, {})
            raise Stopped

    def _begin(self, system: System) -> Scenario:
        self.examples += 1
        try:
            return Scenario(system)
        except Exception as error:
            self._fail(Verdict.NOT_TESTABLE, f"the system can't be used: {wording.error(error)}", None, {})
            raise Stopped from error

    def guarded(self, scenario: Scenario, inputs: dict[str, Any], act: Callable[[], Any]) -> None:
        """Run a piece of a body, and turn every way it can end into a result."""
        try:
            observed = act()
            if scenario.hung:  # it was none of the check's affair, but the next one would be waited for, too
                raise _not_back(scenario.steps)
        except Violation as error:
            self._fail(Verdict.VIOLATED, str(error), scenario, inputs, error)
            if scenario.hung:  # looking for smaller inputs would mean to wait for each of them
                raise Stopped from error
            raise
        except NotClaimed as error:
            self._fail(Verdict.NOT_CLAIMED, f"the system does not offer {error}", None, {})
            if self.failure is not None:
                self.failure.lacks = [error.need or str(error), *lacking(scenario.system)]
            raise Stopped from error
        except JudgedElsewhere as elsewhere:
            self.left_out += 1
            self.lacking = str(elsewhere)
            return
        except NotTestable as error:
            self._fail(Verdict.NOT_TESTABLE, str(error), scenario, inputs, error)
            raise Stopped from error
        except Exception as error:
            where = traceback.format_exc(limit=-4)
            self._fail(
                Verdict.SUITE_ERROR, f"the check itself failed: {wording.error(error)}\n{where}", scenario, inputs
            )
            raise SuiteError from error
        if isinstance(observed, str):
            told = wording.in_real_time(observed, scenario.system.time_unit)
            self.observations += [told] if told not in self.observations else []

    def _fail(
        self,
        verdict: Verdict,
        message: str,
        scenario: Scenario | None,
        inputs: dict[str, Any],
        because: Violation | NotTestable | None = None,
    ) -> None:
        found = (because.expected, because.observed) if isinstance(because, Violation) else ("", "")
        unit = scenario.system.time_unit if scenario else 1.0
        message, expected, observed = (wording.in_real_time(text, unit) for text in (message, *found))
        self.failure = CheckResult(
            self.check.id,
            self.check.clause,
            verdict,
            message,
            expected,
            observed,
            [*before(inputs), *_told(scenario)] if scenario else [],
            dict(inputs),
            namesakes=_namesakes(scenario) if scenario else [],
            origin=_origin(scenario.steps, because) if scenario and because else None,
        )


def _not_back(steps: list[Step]) -> NotTestable:
    """What is said of a check in which a call did not come back: the session's, if it was one of these."""
    hung = next((step for step in steps if step.outcome.kind == "hung"), None)
    name = hung.operation.method if hung else "a call of the system"
    return NotTestable(f"{name} did not come back", hung.outcome if hung else None)


def _waits(step: Step) -> bool:
    """Whether time had to pass in a step; what it took to be answered does not count."""
    method = step.operation.method
    return method in ("sleep", WAIT) or (method == "monitor_job" and step.outcome.returned)


def close(system: System) -> str:
    """Close a system; what went wrong with that, in words, or nothing."""
    error = failure(system.close, system.call_limit)
    return "" if error is None else wording.why(error)


def _namesakes(scenario: Scenario) -> list[Namesake]:
    """The classes raised in a scenario that only have the names of the interface's exceptions, each once."""
    found = {}
    for outcome in (step.outcome for step in scenario.steps):
        cls = namesake(outcome.error, outcome.contract_errors) if outcome.error is not None else None
        if cls is not None:
            found[cls] = Namesake(cls.__name__, str(cls.__module__), spec_line(cls, type(scenario.system)))
    return list(found.values())


def _origin(steps: list[Step], because: Violation | NotTestable) -> Origin:
    """What a failure comes from: the outcome that shows it; else what failed in the system, if anything did."""
    outcome, error = because.outcome, because.__cause__
    if outcome is None:
        return Origin("", *(("raised", type(error).__name__, raised_at(error)) if error else ("", "", "")))
    showing = [step for step in steps if step.outcome is outcome]
    calls = [step for step in steps if step.operation.actor != SYSTEM and not step.depth]  # a dict is noted as a copy
    method = next((step.operation.method for step in reversed(showing or calls)), "")
    told = outcome.value if outcome.returned else outcome.error
    return Origin(method, outcome.kind, type(told).__name__, raised_at(outcome.error))


def _told(scenario: Scenario) -> list[str]:
    """The operations of a scenario in words; of a long one the beginning and the end."""
    steps: list[Step] = scenario.steps
    unit = scenario.system.time_unit
    told = [wording.in_real_time(wording.step(step, scenario.jobs, unit), unit) for step in steps]
    lines = wording.folded(told)
    if len(lines) > _STEPS_SHOWN:
        half = _STEPS_SHOWN // 2
        lines = [*lines[:half], f"… {len(lines) - 2 * half} more …", *lines[-half:]]
    return lines
