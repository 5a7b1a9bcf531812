"""Runs the suite without pytest: every check, one after the other, into a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from contract_tests import resolve
from contract_tests.checks import all_checks
from contract_tests.checks.registry import Check
from contract_tests.deviations import Deviation, replay
from contract_tests.report import Report, build
from contract_tests.runner import CheckResult, RunSettings, run_check
from contract_tests.system import System
from contract_tests.verdict import FAILING, Verdict

Progress = Callable[[Check, "CheckResult | None"], None]
"""Told of every check, before it runs (without a result) and after."""


def reference_factory() -> Callable[[], System]:
    """The factory of the reference system."""
    return resolve.factory(resolve.REFERENCE)


def run_suite(
    factory: Callable[[], System],
    settings: RunSettings | None = None,
    *,
    clauses: Sequence[str] | None = None,
    deviations: Sequence[Deviation] = (),
    fail_fast: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Run the checks of ``clauses`` (all by default) on fresh systems from ``factory``.

    A clause with a declared deviation is judged by the deviation's witness alone. With ``fail_fast`` the run ends at
    the first clause that is not kept; what was not tried counts as not run.
    """
    settings = fitting(settings or RunSettings(), factory)
    wanted = None if clauses is None else set(clauses)
    declared = {deviation.clause: deviation for deviation in deviations}
    reference = reference_factory()
    results = []
    for check in all_checks():
        if wanted is not None and check.clause not in wanted:
            continue
        if progress:
            progress(check, None)
        result = judge(check, factory, settings, reference, declared.get(check.clause))
        results.append(result)
        if progress:
            progress(check, result)
        if fail_fast and (result.verdict in FAILING or result.verdict is Verdict.SUITE_ERROR):
            break
    report = build(resolve.label(factory), settings, results)
    report.deviations = list(deviations)
    return report


def fitting(settings: RunSettings, factory: Callable[[], System]) -> RunSettings:
    """The settings, with no more examples than the system wants to be tried on."""
    try:
        with factory() as system:
            most = system.examples
    except Exception:  # a system that can't be made is a result of the checks
        return settings
    return settings if most is None else replace(settings, examples=min(most, settings.examples))


def judge(
    check: Check,
    factory: Callable[[], System],
    settings: RunSettings,
    reference: Callable[[], System],
    deviation: Deviation | None,
) -> CheckResult:
    """What a check says of a system: by the witness of a declared deviation where there is one, else by trying."""
    if deviation is None:
        return run_check(check, factory, settings, reference)
    result = replay(deviation, factory)
    result.check = check.id
    return result


def check(factory: Callable[[], System], *, examples: int | None = None, seed: int = 0) -> Report:
    """Judge an implementation, without pytest: ``factory`` makes a fresh `System` each time it is called.

    Args:
        factory: a subclass of `System`, or a function that makes one.
        examples: examples per property; the default profile when left out.
        seed: where all drawing starts from.

    Returns:
        the report; ``report.verdict`` is ``conformant`` when every promise was kept.

    Raises:
        BadSystem: ``factory`` is no factory of systems.
    """
    usable = resolve.usable(factory, resolve.label(factory))
    settings = RunSettings(seed=seed) if examples is None else RunSettings(examples, seed)
    return run_suite(usable, settings)
