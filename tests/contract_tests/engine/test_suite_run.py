"""A run of the suite: how many processes it takes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container, Generator, Iterable
from typing import Any

import pytest

from contract_tests.contract.verdict import Verdict
from contract_tests.engine import processes, suite_run
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.scheduling.pace import Pace
from contract_tests.engine.scheduling.remarks import Remarks
from contract_tests.engine.scheduling.schedule import Here
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import reference_factory, run_suite
from contract_tests.preflight.plug import preflight
from contract_tests.reference import SimulatedSystem
from contract_tests.system import supervision
from contract_tests.system.lookup import REFERENCE
from contract_tests.system.lookup import factory as factory_called
from contract_tests.system.system import System


class Shared(SimulatedSystem):
    """One of which there must be no other at the same time."""

    isolated = False


class Silent(System):
    """Says nothing of itself."""

    def open_session(self, user: str = "") -> Any:
        """A session of a server of its own."""
        return SimulatedSystem().open_session()


@pytest.fixture(autouse=True)
def warmed_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done when the run had what starts processes begin; here nothing begins."""
    done: list[str] = []

    def look(factory: Callable[[], System]) -> None:
        done.append("looked at")
        preflight(factory)

    monkeypatch.setattr(processes, "warm_up", lambda: done.append("begun"))
    monkeypatch.setattr(suite_run, "preflight", look)
    return done


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of processes that are asked for, on a machine with four cores; nothing is really run on them."""
    numbers: list[int] = []

    def in_order(
        work: Callable[[Any], Any], items: Iterable[str], jobs: int, long: Container[str]
    ) -> Generator[CheckResult, None, None]:
        numbers.append(jobs)
        for check_id in items:
            yield CheckResult(check_id, check_id.partition("/")[0], Verdict.MET)

    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setattr(processes, "in_order", in_order)
    return numbers


def test_an_isolated_system_gets_every_core(asked: list[int], warmed_up: list[str]) -> None:
    """The reference, say; what starts the processes begins before the system is looked at, as it takes as long."""
    assert run_suite(reference_factory(), named=REFERENCE).counts["met"] > 0
    assert asked == [4]
    assert warmed_up == ["begun", "looked at"]


def test_a_user_may_know_better(asked: list[int]) -> None:
    """What was said counts, for a system that is not isolated as well."""
    run_suite(Shared, named="tests.contract_tests.engine.test_suite_run:Shared", jobs=3)

    assert asked == [3]


def test_a_run_on_several_processes_is_the_same_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is handed the name of the system, and of a check."""
    handed: list[str] = []

    def in_order(
        work: Callable[[Any], Any], items: Iterable[str], jobs: int, long: Container[str]
    ) -> Generator[CheckResult, None, None]:
        for item in items:
            handed.append(item)
            yield work(item)

    monkeypatch.setattr(processes, "in_order", in_order)
    named = "tests.contract_tests.faulty_systems:Reluctant"
    reports = [
        run_suite(factory_called(named), RunSettings(2), clauses=CLAUSES, named=named, jobs=jobs).as_dict()
        for jobs in (2, 1)
    ]

    assert reports[0] == reports[1]
    assert {check_id.partition("/")[0] for check_id in handed} == set(CLAUSES)


@pytest.mark.parametrize(("jobs", "most"), [(None, 4 * 8), (3, 3)])
def test_a_system_that_waits_gets_as_many_as_its_waiting_allows(
    jobs: int | None, most: int, pools: list[Here], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On every core, or as many as somebody asks for."""
    begun: list[int] = []
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setattr(Remarks, "begin", lambda self, pace, looks, most: begun.append(most))
    run_suite(reference_factory(), RunSettings(1), clauses=CLAUSES, named=REFERENCE, jobs=jobs)

    assert begun == [most]


@pytest.mark.parametrize("factory", [Shared, Silent])
def test_any_other_system_stays_alone(factory: type[System], asked: list[int]) -> None:
    """A system has to say that it is isolated: a port can be taken but once."""
    run_suite(
        factory, RunSettings(1), clauses=["close.again"], named="tests.contract_tests.engine.test_suite_run:Shared"
    )

    assert not factory.isolated
    assert asked == []


def test_no_process_is_started_for_a_few_checks(asked: list[int], warmed_up: list[str]) -> None:
    """It would take longer than they do."""
    report = run_suite(reference_factory(), RunSettings(1), clauses=["close.again"], named=REFERENCE)

    assert (asked, report.counts["met"]) == ([], 1)
    assert warmed_up == ["looked at"]


CLAUSES = ("shape.methods", "submit.new-id", "delete.running", "close.again")


@pytest.fixture
def pools(monkeypatch: pytest.MonkeyPatch) -> list[Here]:
    """The pools that a run makes, where every call is slow; what they are given is done in this process."""
    made: list[Here] = []

    def pool(work: Callable[[Any], Any]) -> Here:
        made.append(Here(work))
        return made[-1]

    monkeypatch.setattr(processes, "Pool", pool)
    monkeypatch.setattr(suite_run, "measured", lambda factory: Pace(10.0, 1.0, waits=True))
    return made


def test_a_system_that_waits_is_tried_side_by_side_to_the_same_report(
    pools: list[Here], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If it says that it is isolated: a first look, all of each check, and what fails."""
    named = "tests.contract_tests.faulty_systems:Reluctant"
    side_by_side = run_suite(factory_called(named), RunSettings(2), clauses=CLAUSES, named=named).as_dict()
    monkeypatch.setattr(suite_run, "measured", lambda factory: Pace(0.0, 0.0, waits=False))

    assert len(pools) == 1
    assert side_by_side == run_suite(factory_called(named), RunSettings(2), clauses=CLAUSES, named=named).as_dict()
    assert side_by_side["counts"]["violated"]


@pytest.mark.parametrize(
    ("factory", "clauses", "jobs", "named", "pooled"),
    [
        (SimulatedSystem, CLAUSES, None, REFERENCE, True),
        (SimulatedSystem, CLAUSES, None, "", False),
        (SimulatedSystem, CLAUSES, 1, REFERENCE, False),
        (Shared, CLAUSES, None, "tests.contract_tests.engine.test_suite_run:Shared", False),
        (Shared, CLAUSES, 2, "tests.contract_tests.engine.test_suite_run:Shared", True),
        (SimulatedSystem, ("shape.methods",), None, REFERENCE, False),
    ],
    ids=["isolated", "without a name", "one process", "shared", "shared, by wish", "little to do"],
)
def test_who_waits_is_tried_side_by_side_where_that_is_safe(
    factory: type[System], clauses: tuple[str, ...], jobs: int | None, named: str, pooled: bool, pools: list[Here]
) -> None:
    """It has to say that it is isolated, and be found by its name; and there has to be something to do."""
    report = run_suite(factory, RunSettings(1), clauses=clauses, named=named, jobs=jobs)

    assert report.counts["met"] == len(clauses)
    assert bool(pools) is pooled


def test_a_run_that_waits_says_how_long_it_may_take(pools: list[Here]) -> None:
    """Before it begins, and how far it has come after that."""
    told: list[str] = []
    run_suite(reference_factory(), RunSettings(1), clauses=CLAUSES, named=REFERENCE, say=told.append)

    assert "a call takes 1e+04 ms" in told[0]
    assert "one by one, side by side" in told[0]
    assert any(line.startswith("first look: ") for line in told)


class Hasty(SimulatedSystem):
    """Has no time for long jobs."""

    longest = 50.0


def test_how_long_a_run_may_take_is_told_of_what_the_system_offers(pools: list[Here]) -> None:
    """One that can't be waited for as long takes less."""
    told: list[str] = []
    for factory in (SimulatedSystem, Hasty):
        run_suite(factory, RunSettings(1), clauses=["life.final"], say=told.append, jobs=1)

    whole, less = (int(found[1]) for line in told if (found := re.search(r" checks take about (\d+) min", line)))
    assert less < whole / 10


def test_a_run_that_computes_says_nothing() -> None:
    """It is over soon."""
    told: list[str] = []
    run_suite(reference_factory(), RunSettings(1), clauses=CLAUSES, fail_fast=True, say=told.append)

    assert told == []


def test_a_glance_says_how_far_it_is_and_has_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """After five seconds, again and again, and after a minute all is tried as in any run."""
    now = iter(range(0, 10_000, 4))
    monkeypatch.setattr(suite_run, "monotonic", lambda: float(next(now)))
    monkeypatch.setattr(suite_run, "_GLANCE", 20.0)
    told: list[str] = []
    report = run_suite(reference_factory(), RunSettings(2), clauses=CLAUSES, fail_fast=True, say=told.append)

    assert report.counts["met"] == len(CLAUSES)
    assert told[0].startswith("first look: ")
    assert told[-1].startswith("no more time for a first look, after ")


def test_a_glance_finds_what_shows_at_once() -> None:
    """It is tried first then, and nothing else."""
    begun: list[str] = []
    named = "tests.contract_tests.faulty_systems:Reluctant"
    report = run_suite(
        factory_called(named),
        RunSettings(2),
        clauses=CLAUSES,
        fail_fast=True,
        progress=lambda check, result: begun.append(check.clause),
    )

    assert set(begun) == {"delete.running"}
    assert [entry.clause.id for entry in report.clauses if entry.checks] == ["delete.running"]


def test_a_run_that_waits_and_fails_fast_ends_at_the_first_failure(pools: list[Here]) -> None:
    """What comes after it is not run."""
    named = "tests.contract_tests.faulty_systems:Reluctant"
    report = run_suite(factory_called(named), RunSettings(1), clauses=CLAUSES, named=named, fail_fast=True)

    assert report.counts["violated"] == 1
    assert report.counts["not run"] > len(report.clauses) + len(report.observations) - len(CLAUSES)


def test_a_run_notes_what_it_is_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check after check, so that it can be told should one end the process."""
    noted: list[tuple[str, str]] = []
    monkeypatch.setattr(supervision, "note", lambda what, check: noted.append((what, check)))

    report = run_suite(SimulatedSystem, RunSettings(1), clauses=["close.again"], jobs=1)

    checks = [check.check for entry in report.clauses for check in entry.checks]
    assert noted == [note for check in checks for note in (("trying", check), ("done", check))]
