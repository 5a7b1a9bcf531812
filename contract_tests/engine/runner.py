"""Runs one check on one implementation: draws the inputs, finds the smallest that fail, says whose fault it is.

Hypothesis is imported when the first check runs, and configured here in full, so that neither the profile nor the
database of a user's own tests can change what a run does.
"""

from __future__ import annotations

import itertools
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.budget import OutOfTime
from contract_tests.engine.coverage import Cell, cells
from contract_tests.scenario import wording
from contract_tests.scenario.check import STATEFUL, WALK, Check
from contract_tests.scenario.exceptions import JudgedElsewhere, NotTestable, Violation
from contract_tests.scenario.operations import Step
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import LED, TURN
from contract_tests.sequences import walks
from contract_tests.sequences.repeated_runs import CALLS, TURNS, RepeatedSystem, before, only_first
from contract_tests.system.system import NotClaimed, System
from contract_tests.system.watchdog import CallHung, limit

SystemFactory = Callable[[], System]

PROFILES: Final = {"quick": 5, "default": 12, "deep": 150}
"""Examples per property, by name."""

_STEPS_SHOWN: Final = 40

_SEQUENCES: Final = 8
"""Sequences of calls per example: one is cheap, and what is deep shows in few of them."""


@dataclass(frozen=True)
class RunSettings:
    """How thoroughly to try.

    Attributes:
        examples: examples per property.
        seed: where all drawing starts from.
        combinations: the most combinations of its listed inputs that a check is tried on; None for all of them.
    """

    examples: int = PROFILES["default"]
    seed: int = 0
    combinations: int | None = None


@dataclass
class CheckResult:
    """What came of a check.

    Attributes:
        check: its id.
        clause: the id of the clause it judges.
        verdict: what it says.
        message: why, in a sentence; for an undefined clause what was observed.
        expected, observed: of a violation, in the interface's terms.
        operations: what was done, in words, one operation each.
        inputs: the inputs that led there; JSON can hold them.
        examples: how many examples were tried.
        coverage: how often each operation was performed, by operation, state of the job and state of the session.
    """

    check: str
    clause: str
    verdict: Verdict
    message: str = ""
    expected: str = ""
    observed: str = ""
    operations: list[str] = field(default_factory=list)
    inputs: dict[str, Any] = field(default_factory=dict)
    examples: int = 0
    coverage: list[tuple[str, str, str, int]] = field(default_factory=list)


class _Stopped(BaseException):
    """Ends a search at once: nothing is gained by trying more inputs."""


class _SuiteError(Exception):
    """The check itself failed."""


class _Attempt:
    """The runs of one check: counts examples, and keeps the last failure, which Hypothesis makes the smallest one.

    Without ``counts`` it does not tell what was exercised.
    """

    def __init__(self, check: Check, factory: SystemFactory, *, shrink: bool = True, counts: bool = True) -> None:
        self.check = check
        self.shrink = shrink
        self.counts = counts
        self.factory = factory
        self.examples = 0
        self.left_out = 0
        self.failure: CheckResult | None = None
        self.tried: dict[str, Any] | None = None
        self.alone = False
        self.observations: list[str] = []
        self.coverage: Counter[Cell] = Counter()

    def once(self, inputs: dict[str, Any]) -> None:
        """Run the body on a fresh system.

        Raises:
            Violation: the clause is broken.
            _Stopped: the check can't go on.
            _SuiteError: the check itself failed.
        """
        system = self._fresh()
        try:
            self._turns(system, inputs)
        except BaseException:
            _close(system)  # what was found counts for more than a system that can't be closed
            raise
        self._end(system)

    def _turns(self, system: System, inputs: dict[str, Any]) -> None:
        """Run the body once, or as many times as the inputs ask for."""
        own = {name: value for name, value in inputs.items() if name not in (TURN, LED)}
        lasting: Any = system if own == inputs else self._lasting(system, inputs.get(LED, 0))
        performed, slowest = 0, 0.0
        for turn in range(inputs.get(TURN, 0) + 1):
            scenario = self._begin(lasting)
            scenario.slowest = slowest  # how slow the system is was learned on the turns before
            told = {**inputs, TURN: turn} if TURN in inputs else inputs
            try:
                self._guarded(scenario, told, partial(self.check.body, scenario, **own))
            finally:
                if self.counts:
                    self.coverage.update(cells(scenario.steps, scenario.states, scenario.jobs))
            if self.tried is None:
                self.tried = own
                self.alone = only_first(scenario.steps)
            performed, slowest = performed + len(scenario.steps), scenario.slowest
            if turn == inputs.get(TURN, 0) or performed >= CALLS or not lasting.settle(scenario.steps):
                break

    def _lasting(self, system: System, leader: int) -> RepeatedSystem:
        try:
            return RepeatedSystem(system, leader)
        except NotClaimed as error:
            self._fail(Verdict.NOT_CLAIMED, f"the system does not offer {error}", None, {})
            raise _Stopped from error

    def _fresh(self) -> System:
        try:
            with limit(System.call_limit):
                return self.factory()
        except KeyboardInterrupt:
            raise
        except OutOfTime as error:
            if self.failure is None:  # what was found counts for more than what was not tried
                self._fail(Verdict.NOT_RUN, f"the time ran out after {self.examples} examples", None, {})
            raise _Stopped from error
        except BaseException as error:
            self._fail(Verdict.NOT_TESTABLE, f"the system can't be made: {_why(error)}", None, {})
            raise _Stopped from error

    def _end(self, system: System) -> None:
        """Close the system after an example in which nothing was found."""
        trouble = _close(system)
        if trouble:
            self._fail(Verdict.NOT_TESTABLE, f"the system can't be closed: {trouble}", None, {})
            raise _Stopped

    def _begin(self, system: System) -> Scenario:
        self.examples += 1
        try:
            return Scenario(system)
        except Exception as error:
            self._fail(Verdict.NOT_TESTABLE, f"the system can't be used: {wording.error(error)}", None, {})
            raise _Stopped from error

    def _guarded(self, scenario: Scenario, inputs: dict[str, Any], act: Callable[[], Any]) -> None:
        """Run a piece of a body, and turn every way it can end into a result."""
        try:
            observed = act()
        except Violation as error:
            self._fail(Verdict.VIOLATED, str(error), scenario, inputs, error)
            if scenario.hung:  # looking for smaller inputs would mean to wait for each of them
                raise _Stopped from error
            raise
        except NotClaimed as error:
            self._fail(Verdict.NOT_CLAIMED, f"the system does not offer {error}", None, {})
            raise _Stopped from error
        except JudgedElsewhere:
            self.left_out += 1
            return
        except NotTestable as error:
            self._fail(Verdict.NOT_TESTABLE, str(error), scenario, inputs)
            raise _Stopped from error
        except Exception as error:
            where = traceback.format_exc(limit=-4)
            self._fail(
                Verdict.SUITE_ERROR, f"the check itself failed: {wording.error(error)}\n{where}", scenario, inputs
            )
            raise _SuiteError from error
        if isinstance(observed, str) and observed not in self.observations:
            self.observations.append(observed)

    def _fail(
        self,
        verdict: Verdict,
        message: str,
        scenario: Scenario | None,
        inputs: dict[str, Any],
        violation: Violation | None = None,
    ) -> None:
        self.failure = CheckResult(
            self.check.id,
            self.check.clause,
            verdict,
            message,
            violation.expected if violation else "",
            violation.observed if violation else "",
            [*before(inputs), *_told(scenario)] if scenario else [],
            dict(inputs),
        )

    def search(self, settings: RunSettings) -> None:
        """Try the check on every combination of its listed inputs and on drawn ones; stops at the first failure."""
        if self.check.kind == STATEFUL:
            self._search_sequences(settings)
            return
        if self.check.kind == WALK:
            self._search_walks(settings)
            return
        listed = combinations(self.check, settings.combinations)
        least = min(2, settings.examples)
        for fixed in listed:
            if not self.check.inputs:
                self.once(fixed)
            else:
                self._search_inputs(fixed, max(least, settings.examples // len(listed)), settings.seed)
        thorough = settings.examples >= PROFILES["quick"]
        first = self.check.id == self.check.clause  # that of several checks which says most about its clause
        if thorough and first and self.tried is not None and CATALOGUE[self.check.clause].judged:
            self._search_lasting(self.tried)

    def _search_lasting(self, inputs: dict[str, Any]) -> None:
        """Try inputs that have passed once more: by another user, and turn after turn on one system."""
        examples, left_out = self.examples, self.left_out
        if self.alone:
            self._once_more({**inputs, LED: 1})
        self._once_more({**inputs, TURN: TURNS - 1})
        self.examples, self.left_out = examples, left_out

    def _once_more(self, inputs: dict[str, Any]) -> None:
        """Try inputs; what the check needs first, and can't have there, is no more than the end of it."""
        try:
            self.once(inputs)
        except _Stopped:
            if self.failure is not None and self.failure.verdict in (Verdict.VIOLATED, Verdict.NOT_RUN):
                raise
            self.failure = None

    def _search_walks(self, settings: RunSettings) -> None:
        for number in range(max(1, settings.examples // 6)):
            brief = settings.examples < PROFILES["quick"]
            calls = walks.drawn(f"{settings.seed}/{self.check.id}/{number}", brief=brief)
            try:
                self.once({"calls": calls})
            except Violation:
                if self.shrink:
                    walks.shortened(calls, self._fails)
                raise

    def _fails(self, calls: list[list[Any]]) -> bool:
        """Whether a check fails on a walk; the last failure is the one that is told."""
        last = self.failure
        try:
            self.once({"calls": calls})
        except Violation:
            return True
        except (_Stopped, _SuiteError):
            self.failure = last
        return False

    def _search_inputs(self, fixed: dict[str, Any], examples: int, seed: int) -> None:
        from hypothesis import given
        from hypothesis import seed as seeded

        @given(**{name: domain.strategy() for name, domain in self.check.inputs.items()})
        def example(**drawn: Any) -> None:
            self.once({**fixed, **drawn})

        seeded(seed)(hypothesis_settings(examples, shrink=self.shrink)(example))()

    def _search_sequences(self, settings: RunSettings) -> None:
        from contract_tests.sequences import state_machine

        current: list[Any] = []

        def open_system() -> System:
            return self._fresh()

        def begun(scenario: Scenario, calls: list[list[Any]]) -> None:
            self.examples += 1
            current[:] = [scenario, calls]

        def guard(act: Callable[[], None]) -> None:
            scenario, calls = current
            self._guarded(scenario, {"calls": calls}, act)

        def end(system: System, *, failed: bool) -> None:
            if failed:
                _close(system)
            else:
                self._end(system)

        sequences = settings.examples * min(settings.examples, _SEQUENCES)  # few stay few, for systems on real time
        config = hypothesis_settings(sequences, shrink=self.shrink)
        state_machine.run(open_system, begun, guard, end, config, settings.seed)


def _close(system: System) -> str:
    """Close a system; what went wrong with that, in words, or nothing."""
    try:
        with limit(system.call_limit):
            system.close()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return _why(error)
    return ""


def _why(error: BaseException) -> str:
    return "it did not come back" if isinstance(error, CallHung) else wording.error(error)


def hypothesis_settings(examples: int, *, shrink: bool = True) -> Any:
    """Settings that leave nothing to the profile a user has loaded."""
    from hypothesis import HealthCheck, Phase, Verbosity, settings

    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=False,
        print_blob=False,
        report_multiple_bugs=False,
        stateful_step_count=30,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )


def combinations(check: Check, most: int | None = None) -> list[dict[str, Any]]:
    """The combinations of a check's listed inputs; of more than are wanted the first, and others at even distances."""
    names = list(check.each)
    values = itertools.product(*(check.each[name].values for name in names))
    found = [dict(zip(names, chosen, strict=True)) for chosen in values]
    if most is None or most >= len(found):
        return found
    return [found[index * len(found) // most] for index in range(most)]


def _told(scenario: Scenario) -> list[str]:
    """The operations of a scenario in words; of a long one the beginning and the end."""
    steps: list[Step] = scenario.steps
    lines = wording.folded([wording.step(step, scenario.jobs) for step in steps])
    if len(lines) > _STEPS_SHOWN:
        half = _STEPS_SHOWN // 2
        lines = [*lines[:half], f"… {len(lines) - 2 * half} more …", *lines[-half:]]
    return lines


def run_check(
    check: Check,
    factory: SystemFactory,
    settings: RunSettings,
    reference: SystemFactory | None = None,
    *,
    shrink: bool = True,
) -> CheckResult:
    """Run a check on fresh systems from ``factory`` and say what came of it.

    A failure is tried again, with the same inputs, on ``reference``: when the reference fails too, the check is at
    fault and not the implementation; when only the implementation makes the check itself fail, the clause is not
    testable. Without ``shrink`` the inputs of a failure are the first that were found.
    """
    attempt = _Attempt(check, factory, shrink=shrink)
    try:
        attempt.search(settings)
    except (Violation, _Stopped, _SuiteError):
        pass
    except Exception as error:  # Hypothesis itself: flaky replies, for instance
        attempt.failure = _of_search(attempt, error)
    result = attempt.failure or _passed(attempt)
    if result.verdict in (Verdict.VIOLATED, Verdict.SUITE_ERROR) and reference is not None:
        result = _blamed(check, result, reference)
    result.examples = attempt.examples
    result.coverage = [(*cell, count) for cell, count in sorted(attempt.coverage.items())]
    return result


def _passed(attempt: _Attempt) -> CheckResult:
    check = attempt.check
    if 0 < attempt.examples <= attempt.left_out:
        return CheckResult(check.id, check.clause, Verdict.NOT_TESTABLE, "the session takes none of the calls it needs")
    if not CATALOGUE[check.clause].judged:
        return CheckResult(check.id, check.clause, Verdict.UNDEFINED, "; ".join(attempt.observations))
    return CheckResult(check.id, check.clause, Verdict.MET)


def _of_search(attempt: _Attempt, error: Exception) -> CheckResult:
    """A result for a search that ended with an error of its own; a violation seen on the way stays a violation."""
    if attempt.failure is not None and attempt.failure.verdict is Verdict.VIOLATED:
        attempt.failure.message += " (not on every try: the implementation answers the same calls differently)"
        return attempt.failure
    check = attempt.check
    return CheckResult(check.id, check.clause, Verdict.SUITE_ERROR, f"the search failed: {wording.error(error)}")


def try_inputs(check: Check, inputs: dict[str, Any], factory: SystemFactory) -> CheckResult:
    """Run a check once, on given inputs, without any search; needs neither Hypothesis nor pytest."""
    attempt = _Attempt(check, factory, counts=False)
    with suppress(Violation, _Stopped, _SuiteError):
        attempt.once(inputs)
    return attempt.failure or _passed(attempt)


def _blamed(check: Check, result: CheckResult, reference: SystemFactory) -> CheckResult:
    """The result, once it is known what the reference makes of the same inputs."""
    on_reference = try_inputs(check, result.inputs, reference)
    reference_fails = on_reference.verdict in (Verdict.VIOLATED, Verdict.SUITE_ERROR)
    if result.verdict is Verdict.SUITE_ERROR:
        if not reference_fails and result.operations:  # without any the search failed, not the check
            result.verdict = Verdict.NOT_TESTABLE
            result.message = f"what the system gives makes no sense here: {result.message}"
    elif reference_fails:
        result.verdict = Verdict.SUITE_ERROR
        result.message = f"the reference fails this check on the same inputs: {on_reference.message}"
    return result
