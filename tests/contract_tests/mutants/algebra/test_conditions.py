"""What was told of a job, and what was the last that was done, before a call or before a job was made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra.altered import ABORT, CLONE, DELETE, LIST, META, METAS, SUBMIT, Change, altered
from contract_tests.mutants.algebra.call import Call
from contract_tests.system.job_plan import JobPlan
from flare_sim.spec import JobNotFound


class History:
    """A session of a system that is not altered, and calls as they would be made now."""

    def __init__(self, system: Any) -> None:
        self.system = system
        self.session = system.open_session()

    def submit(self) -> Any:
        """A job that waits."""
        return self.session.submit_job(self.system.job_folder(JobPlan(waits=True)))

    def about(self, job: Any = None, point: str = META) -> Call:
        """A call about a job, after all that was done."""
        return Call(point, {"job_id": job}, self.system, self.session, place=len(self.system.history))


@pytest.fixture
def history() -> Iterator[History]:
    """One that begins."""
    with altered("unaltered", Change({}))() as system:
        yield History(system)


def test_a_job_is_told_of_by_its_meta_and_by_lists(history: History) -> None:
    """By those alone that are asked about, and not by a call that failed."""
    one, other = history.submit(), history.submit()
    history.session.get_job_meta(one)
    with pytest.raises(JobNotFound):
        history.session.get_job_meta("other")
    told = [when.told_by(META)(history.about(job)) for job in (one, other, "other")]
    listed = when.told_by(LIST)(history.about(other))
    history.session.list_jobs()

    assert told == [True, False, False]
    assert [listed, when.told_by(LIST)(history.about(other)), when.told_by(*METAS)(history.about(other))] == [
        False,
        True,
        True,
    ]


def test_the_last_call_is_one_that_went_well(history: History) -> None:
    """Of the points that are asked about, and like the call in question."""
    one, other = history.submit(), history.submit()
    history.session.abort_job(one)
    with pytest.raises(JobNotFound):
        history.session.delete_job("other")
    call = history.about(other)

    assert when.last(call, SUBMIT, DELETE).answer == other
    assert when.last(call, ABORT).job_id == one
    assert when.last(call, ABORT, like=when.same_job) is None


def test_the_latest_is_forgotten_when_another_comes(history: History) -> None:
    """And it counts only if something is true of it."""
    job = history.submit()
    history.session.abort_job(job)
    after = history.about(point=SUBMIT)
    history.submit()
    later = history.about(point=SUBMIT)
    aborted = when.latest(ABORT, SUBMIT)

    assert [aborted(after), aborted(later)] == [True, False]
    assert when.latest(ABORT, SUBMIT, holds=when.was("SUBMITTED"))(after)
    assert not when.latest(ABORT, SUBMIT, holds=when.was("RUNNING"))(after)
    assert aborted.says == "after the latest abort_job"


def test_a_submission_is_no_clone(history: History) -> None:
    """And what is true is so of the call that made the job."""
    first = history.submit()
    clone = history.session.clone_job(first)
    second = history.submit()
    jobs = (first, clone, second, "nobody's")

    assert [when.submission(when.always)(history.about(job)) for job in jobs] == [True, False, True, False]
    assert [when.submission(when.after(CLONE))(history.about(job)) for job in jobs] == [False, False, True, False]
