"""The suite as pytest tests: one test per check, in a module of one's own or added by ``--flare-contract``."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any, Final, NamedTuple

import pytest

from contract_tests.clauses.checks import all_checks
from contract_tests.contract.verdict import FAILING, Verdict
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.suite_run import judge, reference_factory
from contract_tests.preflight import places
from contract_tests.pytest_suite.options import FIXTURE, options_of
from contract_tests.report.failures.text import failure_text, finding
from contract_tests.scenario import wording
from contract_tests.scenario.check import Check
from contract_tests.system import lookup, supervision
from contract_tests.system.system import System

MARKER: Final = "flare_contract"
"""The marker of the suite's tests."""

STASH: Final = pytest.StashKey["Told"]()
"""Where a test leaves its check's result, for the plugin to put on the test's report."""

STOPPED: Final = pytest.StashKey[bool]()
"""Left by a test that found a system of which nothing can be judged: the plugin ends the run."""


class Told(NamedTuple):
    """What a test of the suite tells.

    Attributes:
        system: what was judged.
        result: what came of the check.
        expected: why it is known to fail, where the system or a mark on the test says so; empty without a reason.
        text: the result for people; it does not travel.
    """

    system: str
    result: CheckResult
    expected: str | None
    text: str = ""

    def to_json(self) -> str:
        """All of it as text, which travels between processes."""
        kept = {**asdict(self.result), "verdict": self.result.verdict.value}
        return json.dumps([self.system, kept, self.expected], default=repr)

    @classmethod
    def from_json(cls, text: str) -> Told:
        """What `to_json` made the text of."""
        system, kept, expected = json.loads(text)
        return cls(system, CheckResult(**{**kept, "verdict": Verdict(kept["verdict"])}), expected)


def contract_suite(system: Callable[[], System] | str | None = None) -> Callable[..., None]:
    """A test function that runs the whole suite, one parameter set per check.

    Args:
        system: a subclass of `System`, a function that makes one, or ``"pkg.mod:Factory"``; left out, the system is
            the one of the fixture ``flare_system_factory``, else the one that the command line, the ini-file or the
            environment names, else the reference.

    Use it in a test module: ``test_contract = contract_suite(MySystem)``.
    """

    @pytest.mark.flare_contract
    @pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
    def test_contract(check: Check, request: pytest.FixtureRequest) -> None:
        options = options_of(request.config)
        supervision.note("trying", check.id)
        try:
            factory = _factory(system, request, options.named)
            name, settings = options.label_of(factory), options.settings_for(factory)
            supervision.note("system", (name, settings))
            options.look_at(factory)
            deviation = options.deviation(factory, check.clause)
        except lookup.BadSystem as error:
            request.node.stash[STOPPED] = True
            raise pytest.fail.Exception(f"flare-contract: {error}", pytrace=False) from None
        result = judge(check, factory, settings, reference_factory(), deviation)
        expected = deviation.reason if deviation and deviation.inputs is None else None
        text = failure_text(result, name, settings, options.again(request.node.nodeid))
        told = Told(name, result, expected, text)
        request.node.stash[STASH] = told
        supervision.note("result", told.to_json())
        supervision.note("done", check.id)
        if result.verdict is Verdict.NOT_CLAIMED:
            pytest.skip(f"not claimed: {result.message}")
        if result.verdict is Verdict.KNOWN_DEVIATION:
            pytest.xfail(f"known deviation: {result.message}")
        if result.verdict not in (Verdict.MET, Verdict.UNDEFINED):
            pytest.fail(text, pytrace=False)

    test_contract.__doc__ = "A clause of the FLARE API's contract is kept."
    made: Callable[..., None] = test_contract
    return made


def tell(told: Told, report: pytest.TestReport) -> None:
    """Put what a test tells on its report, and what came of it where the summary of the run looks for it.

    A mark ``xfail`` on a test of the suite is an expected failure like those of `System.expected_failures`.
    """
    result = told.result
    if result.verdict in FAILING and hasattr(report, "wasxfail"):
        reason = report.wasxfail.removeprefix("reason: ").strip()
        told = told._replace(expected=reason)
        if reason:
            told = told._replace(result=replace(result, verdict=Verdict.KNOWN_DEVIATION, message=reason))
    report.flare_contract = told.to_json()  # type: ignore[attr-defined]
    if told.result.verdict is Verdict.KNOWN_DEVIATION and report.skipped:
        report.longrepr = told.text  # rather than the line of this suite that says so
    crash = getattr(report.longrepr, "reprcrash", None)
    if report.failed and crash is not None:
        crash.message = finding(result)


def _factory(
    system: Callable[[], System] | str | None, request: pytest.FixtureRequest, named: str
) -> Callable[[], System]:
    if isinstance(system, str):
        return lookup.factory(system)
    if system is not None:
        return lookup.usable(system, getattr(system, "__qualname__", repr(system)))
    found = _fixture(request)
    if found is not None:
        return lookup.usable(found, f"what the fixture {FIXTURE} gives")
    if options_of(request.config).conftests():
        raise lookup.BadSystem(f"a conftest has the fixture {FIXTURE}, but it is not seen here; name the system")
    return lookup.factory(named)


def _fixture(request: pytest.FixtureRequest) -> Any:
    """What the fixture gives; None where there is none.

    Raises:
        BadSystem: it fails; the text says how, and where.
    """
    try:
        return request.getfixturevalue(FIXTURE)
    except pytest.FixtureLookupError as error:
        if error.argname != FIXTURE:
            raise lookup.BadSystem(f"the fixture {FIXTURE} asks for {error.argname}, which is no fixture") from error
        return None
    except (Exception, pytest.fail.Exception) as error:
        at = places.raised_at(error)
        where = f"\n  at:        {at}" if at else ""
        raise lookup.BadSystem(
            f"nothing can be judged yet: the fixture {FIXTURE} raised {wording.error(error)}{where}"
            f"\n  implement: {FIXTURE}, which returns a subclass of contract_tests.System, or a function that makes one"
        ) from error
