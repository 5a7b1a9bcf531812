"""Failures by cause: what comes from the same stands together, and nothing is lost or told twice."""

from __future__ import annotations

import random
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import checks_of
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.check_result import CheckResult, Namesake, Origin
from contract_tests.engine.report import ClauseReport
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import RunSettings
from contract_tests.reference import SimulatedSystem
from contract_tests.report.failures.causes import ALONE, by_cause, cause_of
from tests.contract_tests.faulty_systems import CLAUSE

JUDGED: Final = [clause for clause in CATALOGUE if clause.judged]
NAMES: Final = ("", "get_job_meta", "close")


def failed(clause: str, expected: str, observed: str, origin: Origin | None = None) -> ClauseReport:
    """A clause that is violated, as one check of it shows."""
    result = CheckResult(clause, clause, Verdict.VIOLATED, "", expected, observed, origin=origin)
    return ClauseReport(CATALOGUE[clause], Verdict.VIOLATED, [result])


origins = st.builds(
    Origin,
    st.sampled_from(NAMES),
    st.sampled_from(["", "returned", "raised", "hung"]),
    st.sampled_from(["", "KeyError", "NoneType", "JobNotFound"]),
    st.sampled_from(["", "fake.py:3, in close", "fake.py:9, in _known"]),
)
texts = st.sampled_from(["JobNotFound", "JobNotFound for None", "None", "3 calls in 2 s", "raised KeyError: 'x'", ""])
failures = st.lists(
    st.builds(failed, st.sampled_from([c.id for c in JUDGED]), texts, texts, st.none() | origins),
    max_size=40,
    unique_by=lambda failure: failure.clause.id,
)


@given(failures)
def test_no_failure_is_hidden(found: list[ClauseReport]) -> None:
    """Each stands under one cause, once, and those of a cause in the order they had."""
    told = by_cause(found)

    assert sorted(f.clause.id for cause in told for f in cause.failures) == sorted(f.clause.id for f in found)
    for cause in told:
        assert cause.failures == [failure for failure in found if failure in cause.failures]


@given(failures)
def test_a_head_says_what_its_failures_share_and_no_other_has(found: list[ClauseReport]) -> None:
    """Two stand together if, and only if, they have one cause; the others are last."""
    told = by_cause(found)

    for cause in told[:-1]:
        assert cause.head not in ("", ALONE)
    for cause in told:
        causes = [cause_of(failure.deciding) for failure in cause.failures]
        if cause.head in ("", ALONE):
            assert (cause.head == "") is (len(told) == 1)
            every = [cause_of(failure.deciding) for failure in found]
            assert [every.count(one) for one in causes] == [1] * len(causes)
        else:
            assert set(causes) == {cause.head}
            assert len(causes) > 1
    heads = [cause.head for cause in told]
    assert len(heads) == len(set(heads))


@given(failures, st.integers())
def test_causes_do_not_depend_on_the_order_of_failures(found: list[ClauseReport], seed: int) -> None:
    """Whatever is found first, the same stand together."""
    shuffled = list(found)
    random.Random(seed).shuffle(shuffled)

    def together(every: list[ClauseReport]) -> dict[str, set[str]]:
        return {cause.head: {failure.clause.id for failure in cause.failures} for cause in by_cause(every)}

    assert together(found) == together(shuffled)


@given(failures)
def test_the_causes_of_most_failures_come_first(found: list[ClauseReport]) -> None:
    """One line of code that breaks much is seen before one that breaks little."""
    sizes = [len(cause.failures) for cause in by_cause(found) if cause.head not in ("", ALONE)]

    assert sizes == sorted(sizes, reverse=True)


NOT_DONE: Final = Origin("delete_job", "raised", "JobNotDone", "")
RAISED: Final = Origin("close", "raised", "KeyError", "fake.py:3, in close")


@pytest.mark.parametrize(
    ("one", "other", "head"),
    [
        (
            failed("unknown.clone-job", "JobNotFound", "raised KeyError: 'a'", RAISED),
            failed("delete.running", "a job to be deleted", "raised KeyError: 'b'", RAISED._replace(method="x")),
            "KeyError, raised at fake.py:3, in close",
        ),
        (
            failed("delete.running", "a job to be deleted", "raised JobNotDone", NOT_DONE),
            failed("denied.delete-job", "AuthorizationError", "raised JobNotDone", NOT_DONE),
            "JobNotDone, raised by delete_job",
        ),
        (
            failed("close.then.list-jobs", "SessionClosed", "returned []", Origin("list_jobs", "returned", "list", "")),
            failed("outage.close", "SessionClosed, again", "returned 1", Origin("close", "returned", "int", "")),
            "SessionClosed is not raised",
        ),
        (
            failed("monitor.timeout", "TIMEOUT after 1 s", "returned 1", Origin("monitor_job", "returned", "int", "")),
            failed("monitor.finished", "JOB_FINISHED", "returned 0", Origin("monitor_job", "returned", "int", "")),
            "monitor_job: expected a MonitorReturnCode; observed returned a value of type int",
        ),
        (
            failed("lost.monitor-job", "it at the next poll, 0.5 s later", "it 1 s later"),
            failed("misbehaving.monitor-job", "it at the next poll, 2 s later", "it 4.25 s later"),
            "expected it at the next poll; observed it … s later",
        ),
    ],
)
def test_what_has_one_cause_stands_together(one: ClauseReport, other: ClauseReport, head: str) -> None:
    """A line of code, or a method, and what it raised; an exception that is missing; an answer; values apart."""
    (cause,) = by_cause([one, other])

    assert cause.head == head
    assert cause.failures == [one, other]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RAISED, RAISED._replace(place="fake.py:4, in close")),
        (RAISED, RAISED._replace(what="ValueError")),
        (Origin("close", "returned", "int", ""), Origin("delete_job", "returned", "int", "")),
        (Origin("close", "returned", "int", ""), Origin("close", "returned", "NoneType", "")),
        (Origin("close", "hung", "NoneType", ""), Origin("close", "returned", "NoneType", "")),
    ],
)
def test_what_has_several_causes_stands_apart(one: Origin, other: Origin) -> None:
    """Another line, another error, another method, another answer."""
    (cause,) = by_cause([failed("close.again", "None", "x", one), failed("close.returns-none", "None", "x", other)])

    assert cause.head == ""


def test_exceptions_of_one_foreign_module_are_one_cause() -> None:
    """Whichever of them was raised, and where."""
    told = []
    for clause, name in (("unknown.clone-job", "JobNotFound"), ("submit.refuses.no-meta", "InvalidJobDefinition")):
        failure = failed(clause, name, f"raised mine.errors.{name}", Origin("x", "raised", name, f"mine.py:{clause}"))
        failure.checks[0].namesakes = [Namesake(name, "mine.errors", "spec = mine.errors")]
        told.append(failure)

    (cause,) = by_cause(told)

    assert cause.head == "exceptions of the module mine.errors that have no more than the interface's names"


def _fails(job_id: str) -> None:
    raise ValueError(job_id)


class Failing(SimulatedSystem):
    """The reference with sessions that can't delete."""

    def open_session(self, user: str | None = None) -> Any:
        """A session whose delete_job is another function, which fails."""
        session = super().open_session(user)
        session.delete_job = _fails
        return session


def test_what_a_session_raises_is_told_by_its_line() -> None:
    """The line is the implementer's, and what needs that call first has the same cause as what is about it."""
    results = [run_check(checks_of(clause)[0], Failing, RunSettings(2)) for clause in (CLAUSE, "delete.list")]

    assert [result.verdict for result in results] == [Verdict.VIOLATED, Verdict.NOT_TESTABLE]
    (told,) = {cause_of(result) for result in results}
    assert told.startswith("ValueError, raised at ")
    assert told.endswith(", in _fails")
    assert "test_causes.py:" in told
