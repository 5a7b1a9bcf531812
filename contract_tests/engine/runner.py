"""Runs one check on one implementation: searches, and says whose fault a failure is."""

from __future__ import annotations

from contextlib import suppress
from time import monotonic
from typing import Any, Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.attempt import Attempt, Stopped, SuiteError, SystemFactory
from contract_tests.engine.budget import TimeUp, hear
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.search import search
from contract_tests.engine.settings import RunSettings
from contract_tests.scenario import wording
from contract_tests.scenario.check import Check
from contract_tests.scenario.exceptions import Violation


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
    begun = monotonic()
    attempt = Attempt(check, factory, shrink=shrink)
    try:
        search(attempt, settings)
    except (Violation, Stopped, SuiteError):
        pass
    except TimeUp:
        hear()
        attempt.out_of_time()
    except Exception as error:  # Hypothesis itself: flaky replies, for instance
        attempt.failure = _of_search(attempt, error)
    result = attempt.failure or _passed(attempt)
    if result.verdict in (Verdict.VIOLATED, Verdict.SUITE_ERROR) and reference is not None:
        result = _blamed(check, result, reference)
    result.examples, result.seconds = attempt.examples, monotonic() - begun
    result.coverage = [(*cell, count) for cell, count in sorted(attempt.coverage.items())]
    return result


def _passed(attempt: Attempt) -> CheckResult:
    check = attempt.check
    if 0 < attempt.examples <= attempt.left_out:
        if attempt.lacking:
            told = f"the system does not offer {attempt.lacking}"
            return CheckResult(check.id, check.clause, Verdict.NOT_CLAIMED, told)
        return CheckResult(check.id, check.clause, Verdict.NOT_TESTABLE, "the session takes none of the calls it needs")
    if not CATALOGUE[check.clause].judged:
        return CheckResult(check.id, check.clause, Verdict.UNDEFINED, "; ".join(attempt.observations))
    return CheckResult(check.id, check.clause, Verdict.MET)


def _of_search(attempt: Attempt, error: Exception) -> CheckResult:
    """A result for a search that ended with an error of its own; a violation seen on the way stays a violation."""
    if attempt.failure is not None and attempt.failure.verdict is Verdict.VIOLATED:
        attempt.failure.message += " (not on every try: the implementation answers the same calls differently)"
        return attempt.failure
    check = attempt.check
    return CheckResult(check.id, check.clause, Verdict.SUITE_ERROR, f"the search failed: {wording.error(error)}")


RACES: Final = 20
"""How often given inputs are tried when threads race in them, which one try may win by luck."""


def try_inputs(check: Check, inputs: dict[str, Any], factory: SystemFactory) -> CheckResult:
    """Run a check once, on given inputs, without any search; needs neither Hypothesis nor pytest.

    Where threads race it is run until a race is lost, `RACES` times at most, each time on a fresh system.
    """
    attempt = Attempt(check, factory, counts=False)
    with suppress(Violation, Stopped, SuiteError):
        attempt.once(inputs)
        while attempt.raced and attempt.failure is None and attempt.examples < RACES:
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
