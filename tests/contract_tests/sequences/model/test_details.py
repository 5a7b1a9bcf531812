"""What the contract's model makes of detailed lists: they tell of a job what its meta does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from contract_tests.scenario.operations import Outcome
from contract_tests.sequences.model.jobs import Disagreement, Model
from contract_tests.system.job_plan import JobPlan

SUBMITTERS = ("ann", "ben")


def told(number: int, **changes: Any) -> dict[str, Any]:
    """What is told of a job: the first is ann's, the second ben's."""
    meta = {"job_id": f"id{number}", "name": "contract-job", "submitter_name": SUBMITTERS[number - 1]}
    return {**meta, "status": "SUBMITTED", "submit_time": 5.0, **changes}


def listed(*entries: dict[str, Any], detailed: bool = True, plain: Sequence[dict[str, Any]] = ()) -> None:
    """Judge a list of everybody's jobs after the meta of the first one, and after a plain list, if there is one."""
    model = Model()
    for owner in range(2):
        model.created(owner, JobPlan(), Outcome("returned", f"id{owner + 1}"))
    model.read(1, "ann", Outcome("returned", told(1)))
    if plain:
        model.listed(None, Outcome("returned", list(plain)))
    model.listed(None, Outcome("returned", list(entries)), detailed=detailed, submitters=SUBMITTERS)


def test_a_detailed_list_tells_what_metas_do() -> None:
    """In any order; a plain one, or one without such keys, may say what it likes of the rest."""
    listed(told(2), told(1))
    listed({"job_id": "id1", "status": "RUNNING"}, {"job_id": "id2", "status": "RUNNING"})
    listed(told(1, name="another"), told(2), detailed=False)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "another"}, "job1 to be called contract-job"),
        ({"submitter_name": "ben"}, "job1 to be of ann"),
        ({"submit_time": 6.0}, "job1 submitted at 5.0, as told before"),
    ],
)
def test_what_is_told_otherwise_is_ruled_out(change: dict[str, Any], expected: str) -> None:
    """Each of what does not change in the life of a job."""
    with pytest.raises(Disagreement) as raised:
        listed(told(1, **change), told(2))

    assert raised.value.args[0] == expected


def bare(number: int, **more: Any) -> dict[str, Any]:
    """An entry that tells nothing beyond what every one does."""
    return {"job_id": f"id{number}", "status": "SUBMITTED", **more}


def test_a_detailed_list_tells_what_a_plain_one_does_not() -> None:
    """Under whatever name; and nobody knows what has to be there as long as there was no plain one."""
    listed(told(2), told(1), plain=(bare(1), bare(2)))
    listed(bare(2), bare(1, NAME="contract-job", by="ann", at=5.0), plain=(bare(1), bare(2)))
    listed(bare(1), bare(2), plain=(told(1), told(2)))
    listed(bare(1), bare(2), plain=(told(1, submit_time="1970-01-01"), told(2)))


def test_a_detailed_list_that_tells_no_more_than_a_plain_one_is_ruled_out() -> None:
    """Where the meta tells more."""
    with pytest.raises(Disagreement) as raised:
        listed(bare(1), bare(2), plain=(bare(1), bare(2)))

    assert raised.value.args == ("name, submitter_name, submit_time of job1, as in its meta", "an entry without")
