"""The suite as pytest tests: one test per check, in a module of one's own or added by ``--flare-contract``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, Final

import pytest

from contract_tests.clauses.checks import all_checks
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.suite_run import judge, reference_factory
from contract_tests.pytest_suite.options import FIXTURE, options_of
from contract_tests.report.failures.text import failure_text
from contract_tests.scenario.check import Check
from contract_tests.system import lookup, supervision
from contract_tests.system.system import System

STASH: Final = pytest.StashKey[str]()
"""Where a test leaves its check's result, as JSON text, for the plugin to put on the test's report."""

STOPPED: Final = pytest.StashKey[bool]()
"""Left by a test that found a system of which nothing can be judged: the plugin ends the run."""


def contract_suite(system: Callable[[], System] | str | None = None) -> Callable[..., None]:
    """A test function that runs the whole suite, one parameter set per check.

    Args:
        system: a subclass of `System`, a function that makes one, or ``"pkg.mod:Factory"``; left out, the system is
            the one of the fixture ``flare_system_factory``, else the one that the command line, the ini-file or the
            environment names, else the reference.

    Use it in a test module: ``test_contract = contract_suite(MySystem)``.
    """

    @pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
    def test_contract(check: Check, request: pytest.FixtureRequest) -> None:
        options = options_of(request.config)
        supervision.note("trying", check.id)
        try:
            factory = _factory(system, request, options.named)
            name, settings = lookup.label(factory), options.settings_for(factory)
            supervision.note("system", (name, settings))
            options.look_at(factory)
        except lookup.BadSystem as error:
            request.node.stash[STOPPED] = True
            raise pytest.fail.Exception(f"flare-contract: {error}", pytrace=False) from None
        result = judge(check, factory, settings, reference_factory(), options.deviations.get(check.clause))
        kept = {**asdict(result), "verdict": result.verdict.value}
        told = request.node.stash[STASH] = json.dumps([name, kept], default=repr)
        supervision.note("result", told)
        supervision.note("done", check.id)
        if result.verdict is Verdict.NOT_CLAIMED:
            pytest.skip(f"not claimed: {result.message}")
        if result.verdict is Verdict.KNOWN_DEVIATION:
            pytest.xfail(f"known deviation: {result.message}")
        if result.verdict not in (Verdict.MET, Verdict.UNDEFINED):
            pytest.fail(failure_text(result, name, settings.seed), pytrace=False)

    test_contract.__doc__ = "A clause of the FLARE API's contract is kept."
    test_contract.flare_contract = True
    made: Callable[..., None] = test_contract
    return made


def holds(items: Iterable[pytest.Item]) -> bool:
    """Whether tests of the suite are among these."""
    return any(getattr(getattr(item, "function", None), "flare_contract", False) for item in items)


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
    try:
        return request.getfixturevalue(FIXTURE)
    except pytest.FixtureLookupError as error:
        if error.argname != FIXTURE:
            raise
        return None
