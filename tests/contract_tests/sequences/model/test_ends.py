"""What the contract's model makes of how jobs end: that an aborted one does, and what a completed one leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.scenario.operations import Outcome
from contract_tests.sequences.model.jobs import Disagreement, Model
from contract_tests.system.job_plan import JobPlan

MARK = "mark-of-the-job"


def model_of(plan: JobPlan) -> Model:
    """A model that knows one job, on a system that is given ten seconds."""
    model = Model(patience=10.0)
    model.created(0, plan, Outcome("returned", "id1"))
    return model


def reads(model: Model, status: str, at: float) -> None:
    """Judge a meta with a status, told at a time."""
    model.now = at
    meta = {"job_id": "id1", "name": "contract-job", "submitter_name": "ann", "status": status}
    model.read(1, "ann", Outcome("returned", meta))


def test_an_aborted_job_is_done_in_time() -> None:
    """It may take as long as the system is given, from when it was first looked at."""
    model = model_of(JobPlan())
    reads(model, "RUNNING", 5.0)
    model.aborted(1, Outcome("returned"))
    reads(model, "RUNNING", 95.0)
    reads(model, "RUNNING", 105.0)
    reads(model, "FINISHED:ABORTED", 105.5)
    reads(model, "FINISHED:ABORTED", 1_000.0)


@pytest.mark.parametrize("status", ["SUBMITTED", "RUNNING"])
def test_an_aborted_job_that_goes_on_is_ruled_out(status: str) -> None:
    """A second abort gives it no more time."""
    model = model_of(JobPlan())
    reads(model, status, 5.0)
    model.aborted(1, Outcome("returned"))
    reads(model, status, 5.25)
    model.now = 12.0
    model.aborted(1, Outcome("returned"))

    with pytest.raises(Disagreement) as raised:
        reads(model, status, 15.5)

    assert raised.value.args == ("job1 to be done 10 s after it was aborted", status)


def test_nobody_knows_how_long_an_abort_takes_where_something_is_wrong() -> None:
    """With a client, say."""
    model = model_of(JobPlan())
    reads(model, "RUNNING", 5.0)
    model.aborted(1, Outcome("returned"))
    model.forgive()
    reads(model, "RUNNING", 100.0)


def result(folder: Path, *texts: str) -> Outcome:
    """A download of a result with files, in a folder of its own."""
    inside = folder / f"of {len(texts)} files" / "inside"
    inside.mkdir(parents=True)
    for number, text in enumerate(texts):
        (inside / f"{number}.txt").write_text(text)
    return Outcome("returned", str(inside.parent))


def test_the_result_of_a_completed_job_has_its_mark(tmp_path: Path) -> None:
    """In any file; where there is no folder nothing is judged."""
    model = model_of(JobPlan(mark=MARK))
    reads(model, "FINISHED:COMPLETED", 5.0)
    model.downloaded(1, result(tmp_path, f"a {MARK}, and more"))
    model.downloaded(1, Outcome("returned", "https://store/id1"))


def test_a_result_without_the_mark_is_ruled_out(tmp_path: Path) -> None:
    """As that of another job would be."""
    model = model_of(JobPlan(mark=MARK))
    reads(model, "FINISHED:COMPLETED", 5.0)

    with pytest.raises(Disagreement) as raised:
        model.downloaded(1, result(tmp_path, "mark-of-another"))

    assert raised.value.args == ("the result of job1, with its mark in 1 files", "in 0")


def test_a_result_is_no_less_than_that_of_a_job_with_the_same_plan(tmp_path: Path) -> None:
    """The definition may have the mark, too, and is in every result."""
    model = model_of(JobPlan(mark=MARK))
    reads(model, "FINISHED:COMPLETED", 5.0)
    model.downloaded(1, result(tmp_path, MARK, MARK, "more"))
    model.downloaded(1, result(tmp_path, MARK, MARK))

    with pytest.raises(Disagreement, match="with its mark in 2 files"):
        model.downloaded(1, result(tmp_path, MARK))


def test_the_result_of_a_failed_job_may_be_anything(tmp_path: Path) -> None:
    """So may that of a job that was to leave no mark."""
    failed, unmarked = model_of(JobPlan(mark=MARK)), model_of(JobPlan())
    reads(failed, "FINISHED:EXECUTION_EXCEPTION", 5.0)
    reads(unmarked, "FINISHED:COMPLETED", 5.0)
    outcome = result(tmp_path, "nothing")
    failed.downloaded(1, outcome)
    unmarked.downloaded(1, outcome)
