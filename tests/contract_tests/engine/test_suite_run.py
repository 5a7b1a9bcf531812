"""A run of the suite: how many processes it takes."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable
from typing import Any

import pytest

from contract_tests.contract.verdict import Verdict
from contract_tests.engine import processes
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import reference_factory, run_suite
from contract_tests.reference import SimulatedSystem
from contract_tests.system.lookup import REFERENCE
from contract_tests.system.system import System


class Shared(SimulatedSystem):
    """One of which there must be no other at the same time."""

    isolated = False


class Silent(System):
    """Says nothing of itself."""

    def open_session(self, user: str = "") -> Any:
        """A session of a server of its own."""
        return SimulatedSystem().open_session()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of processes that are asked for, on a machine with four cores; nothing is really run on them."""
    numbers: list[int] = []

    def in_order(work: Callable[[Any], Any], items: Iterable[str], jobs: int) -> Generator[CheckResult, None, None]:
        numbers.append(jobs)
        for check_id in items:
            yield CheckResult(check_id, check_id.partition("/")[0], Verdict.MET)

    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setattr(processes, "in_order", in_order)
    return numbers


def test_an_isolated_system_gets_every_core(asked: list[int]) -> None:
    """The reference, say."""
    assert run_suite(reference_factory(), named=REFERENCE).counts["met"] > 0
    assert asked == [4]


def test_a_user_may_know_better(asked: list[int]) -> None:
    """What was said counts, for a system that is not isolated as well."""
    run_suite(Shared, named="tests.contract_tests.engine.test_suite_run:Shared", jobs=3)

    assert asked == [3]


@pytest.mark.parametrize("factory", [Shared, Silent])
def test_any_other_system_stays_alone(factory: type[System], asked: list[int]) -> None:
    """A system has to say that it is isolated: a port can be taken but once."""
    run_suite(
        factory, RunSettings(1), clauses=["close.again"], named="tests.contract_tests.engine.test_suite_run:Shared"
    )

    assert not factory.isolated
    assert asked == []


def test_no_process_is_started_for_a_few_checks(asked: list[int]) -> None:
    """It would take longer than they do."""
    report = run_suite(reference_factory(), RunSettings(1), clauses=["close.again"], named=REFERENCE)

    assert (asked, report.counts["met"]) == ([], 1)
