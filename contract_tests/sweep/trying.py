"""What is done with one seed, by whatever process: all that the plan tries with it, and what is told of that."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from contract_tests.contract.verdict import FAILING, Verdict, of_clause
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.deviations import with_expected
from contract_tests.engine.runner import run_check
from contract_tests.engine.suite_run import fitting, judge, reference_factory
from contract_tests.plain_text import in_a_line
from contract_tests.preflight.plug import preflight
from contract_tests.report.failures.causes import cause_of
from contract_tests.report.failures.text import finding
from contract_tests.scenario.check import Check
from contract_tests.sweep.plan import Plan, suite
from contract_tests.system import lookup, temporary_folders

_LONGEST = 300
"""Characters that are kept of what is told of a failure: the command that repeats it tells all."""


class AnotherSuite(Exception):
    """Whoever is to try something has another suite, which might find something else; the text says so, in a line."""


class Failure(NamedTuple):
    """What is kept of a check that failed.

    Attributes:
        check: its id.
        verdict: what it says.
        cause: what it comes from, in words that are the same for all that come from it.
        told: what was expected and observed, or why it failed, in a line.
    """

    check: str
    verdict: str
    cause: str
    told: str


class Found(NamedTuple):
    """What came of a seed, or of what is tried once.

    Attributes:
        seed: that seed, or `ONCE`.
        verdicts: on the clauses, by their ids.
        failures: of the checks.
    """

    seed: int | None
    verdicts: dict[str, Verdict]
    failures: list[Failure]


class Look(NamedTuple):
    """What a look at a system shows before anything is tried.

    Attributes:
        plan: the plan, as the system wants to be tried.
        isolated: whether several processes may try it at once.
    """

    plan: Plan
    isolated: bool


def look(plan: Plan, _: object = None) -> Look:
    """Have a look at the system that a plan is for.

    Raises:
        BadSystem: nothing can be judged of it.
        AnotherSuite: this is not the suite the plan is made for.
    """
    _same(plan)
    factory = lookup.factory(plan.system)
    preflight(factory)
    settings = fitting(plan.settings(0), factory)
    deviations = tuple(with_expected(plan.deviations, factory))
    fitted = replace(plan, examples=settings.examples, combinations=settings.combinations, deviations=deviations)
    return Look(fitted, lookup.asked(factory, lambda system: bool(system.isolated), False))


def tried(plan: Plan, seed: int | None) -> Found:
    """Try all that the plan tries with a seed, or `ONCE`.

    Raises:
        BadSystem: there is no such system, here.
        AnotherSuite: this is not the suite the plan is made for.
    """
    _same(plan)
    factory = lookup.factory(plan.system)
    try:
        results = [_tried(check, plan, factory, seed) for check in plan.checks(seed)]
    finally:
        temporary_folders.clear()
    verdicts: dict[str, list[Verdict]] = {}
    for result in results:
        verdicts.setdefault(result.clause, []).append(result.verdict)
    failed = [result for result in results if result.verdict in {*FAILING, Verdict.SUITE_ERROR}]
    return Found(seed, {clause: of_clause(found) for clause, found in verdicts.items()}, list(map(_failure, failed)))


def _tried(check: Check, plan: Plan, factory: lookup.Factory, seed: int | None) -> CheckResult:
    """What a check says; inputs are not shrunk, as the command that repeats a failure does that."""
    deviation, settings = plan.declared.get(check.clause), plan.settings(seed)
    if deviation is None:
        return run_check(check, factory, settings, reference_factory(), shrink=False)
    return judge(check, factory, settings, reference_factory(), deviation)


def _failure(result: CheckResult) -> Failure:
    told = in_a_line(finding(result))
    told = told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"
    return Failure(result.check, result.verdict.value, in_a_line(cause_of(result)), told)


def _same(plan: Plan) -> None:
    if plan.suite != suite():
        raise AnotherSuite(
            "a worker has another release of flare-sim, Hypothesis or Python than this process, "
            "so that it might find something else: install the same"
        )
