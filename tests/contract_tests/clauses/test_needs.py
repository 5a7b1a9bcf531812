"""The table of what clauses need says what they do need, and what is told to offer next opens as much as is told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests import NotClaimed, System
from contract_tests.clauses.catalogue import CATALOGUE, SUBJECTS
from contract_tests.clauses.needs import Opening, ahead, needs, openings
from contract_tests.contract.verdict import JUDGED
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.reference import SimulatedSystem
from contract_tests.system.needs import NEEDS, lacking
from tests.contract_tests.needs import Less
from tests.contract_tests.needs import needs as tried

if TYPE_CHECKING:
    from contract_tests.engine.report import Report
    from contract_tests.system.job_plan import JobPlan

ONCE = RunSettings(1)


@pytest.mark.slow
@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_table_says_what_the_clauses_of_a_subject_need(subject: str) -> None:
    """It is as trying finds it; ``python -m tests.contract_tests.needs`` writes it anew."""
    held = {clause.id: needs()[clause.id] for clause in SUBJECTS[subject] if clause.id in needs()}

    assert held == tried(SUBJECTS[subject])


def test_the_table_is_of_clauses_there_are() -> None:
    """What was renamed or removed is not in it."""
    assert set(needs()) <= {clause.id for clause in CATALOGUE}


@pytest.mark.slow
def test_what_is_told_to_open_is_open_then() -> None:
    """Step by step: so many clauses more are judged when just that is offered, from open_session alone.

    Of some clauses from each part of the interface, and of all on how jobs end, which ask for every plan there is.
    """
    served: list[str] = ["job_folder: waits"]
    some = [clause.id for clause in [*CATALOGUE][::5] if clause.judged]
    some += [clause.id for clause in CATALOGUE.matching("life.ends") if clause.id not in some]
    report = judged(served, some)
    told = report.openings
    assert sum(len(step.clauses) for step in told) == len(some) - report.conclusion.judged

    for step in told[:2]:
        before, (following, *_) = report.conclusion.judged, report.openings
        assert set(following.needs) == set(step.needs)
        served += step.needs
        report = judged(served, some)

        assert report.conclusion.judged == before + len(step.clauses)
        opened = {entry.clause.id for entry in report.clauses if entry.verdict in JUDGED}
        assert set(step.clauses) <= opened


def judged(served: list[str], clauses: list[str] | None = None) -> Report:
    """What a short run says of a system that serves so much."""
    return run_suite(partial(Less, served), ONCE, clauses=clauses)


def test_what_is_refused_counts_as_what_is_lacking() -> None:
    """A job_folder that is overridden and refuses a plan is told with the plan, and beside what comes first."""

    class Picky(SimulatedSystem):
        users = ("somebody",)

        def open_session(self, user: str | None = None) -> Any:
            return super().open_session(SimulatedSystem.users[0])

        def job_folder(self, plan: JobPlan) -> str:
            if plan.mark is not None:
                raise NotClaimed("results with a mark")
            return super().job_folder(plan)

    report = run_suite(Picky, ONCE, clauses=["download.repeat", "download.own-result"])

    assert report.openings == [
        Opening(("job_folder: mark",), ("download.repeat",)),
        Opening(("users",), ("download.own-result",)),
    ]


def test_a_trouble_that_can_not_be_ended_is_not_begun() -> None:
    """A system that offers an outage and no recovery lacks both; nothing of it is held against the sessions."""
    served = [need for need in NEEDS if need != "recover"]
    report = run_suite(partial(Less, served), ONCE, clauses=["submit.returns-id", "outage.open"])

    assert report.failures == []
    assert report.openings == [Opening(("recover",), ("outage.open",))]


def test_an_unclaimed_need_that_is_nothing_of_a_system_is_told_in_its_words() -> None:
    """Such as room for jobs side by side, which only a server can give."""
    assert openings({"a": ["to run job2 beside job1"], "b": ["clock"]}) == [
        Opening(("clock",), ("b",)),
        Opening(("to run job2 beside job1",), ("a",)),
    ]


def test_what_opens_the_most_for_every_need_is_told_first() -> None:
    """A clause that needs two things is opened by both, and counted once."""
    missing = {"a": ["clock"], "b": ["clock", "outage"], "c": ["outage", "clock"], "d": ["users"], "e": ["outage"]}

    assert openings(missing) == [
        Opening(("clock", "outage"), ("a", "b", "c", "e")),
        Opening(("users",), ("d",)),
    ]


def test_a_system_with_nothing_but_sessions_lacks_all_but_jobs_that_wait() -> None:
    """These the default job_folder makes; the reference lacks nothing."""
    assert [need for need in NEEDS if need not in lacking(System())] == ["job_folder: waits"]
    assert lacking(SimulatedSystem()) == []


@pytest.mark.slow
def test_what_lies_ahead_of_a_new_system_is_every_clause_it_can_not_try() -> None:
    """What init tells is what a run tells."""
    bare = judged(["job_folder: waits"])

    assert [set(step.clauses) for step in ahead(lacking(System()))] == [set(step.clauses) for step in bare.openings]
