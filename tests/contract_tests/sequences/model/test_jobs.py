"""The contract's own model: what it accepts and what it rules out, told by hand-written outcomes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from contract_tests.scenario.operations import Outcome
from contract_tests.sequences.model.jobs import Disagreement, Model, rank
from contract_tests.system.job_plan import JobPlan

A, B = 0, 1


def gave(value: Any = None) -> Outcome:
    """A call that returned."""
    return Outcome("returned", value)


def failed(name: str) -> Outcome:
    """A call that raised one of the interface's exceptions."""
    return Outcome("raised", error=RuntimeError(), contract_errors=(name,))


CRASHED = Outcome("raised", error=KeyError("x"))
HUNG = Outcome("hung")
GONE = failed("JobNotFound")


def meta(number: int, status: object = "SUBMITTED", owner: str = "ann", name: str = "contract-job") -> Outcome:
    """A meta of a job."""
    return gave({"job_id": f"id{number}", "name": name, "submitter_name": owner, "status": status})


def listed(*entries: tuple[int, str]) -> Outcome:
    """A list of jobs, each with a status."""
    return gave([{"job_id": f"id{number}", "status": status} for number, status in entries])


def info(*numbers: int) -> Outcome:
    """System info in which these jobs are executed."""
    jobs = [SimpleNamespace(job_id=f"id{number}") for number in numbers]
    return gave(SimpleNamespace(server_info=None, client_info=[], job_info=jobs))


ANY_END = frozenset({"JOB_FINISHED", "TIMEOUT", "ENDED_BY_CB"})


def code(name: str) -> Outcome:
    """A return code of a monitor."""
    return gave(SimpleNamespace(name=name))


def model_of(*owners: int, waits: bool = False) -> Model:
    """A model in which jobs id1, id2, … were submitted."""
    model = Model()
    for number, owner in enumerate(owners, 1):
        model.created(owner, JobPlan(waits=waits), gave(f"id{number}"))
    return model


def play(model: Model, *calls: tuple[Any, ...]) -> None:
    """Judge outcomes, each as a method of the model and its arguments."""
    for call in calls:
        getattr(model, call[0])(*call[1:])


ACCEPTED: dict[str, list[tuple[Any, ...]]] = {
    "a job goes through its life": [
        ("read", 1, "ann", meta(1, "SUBMITTED")),
        ("read", 1, "ann", meta(1, "DISPATCHED")),
        ("informed", info(1)),
        ("read", 1, "ann", meta(1, "RUNNING")),
        ("listed", None, listed((1, "RUNNING"), (2, "SUBMITTED"))),
        ("read", 1, "ann", meta(1, "FINISHED:COMPLETED")),
        ("read", 1, "ann", meta(1, "FINISHED:COMPLETED")),
        ("informed", info()),
        ("downloaded", 1, gave("/somewhere")),
        ("monitored", 1, code("JOB_FINISHED"), ANY_END),
    ],
    "steps of a life are missed": [
        ("read", 1, "ann", meta(1, "SUBMITTED")),
        ("read", 1, "ann", meta(1, "FINISHED:ABNORMAL")),
    ],
    "a status of a later version is no step back": [
        ("read", 1, "ann", meta(1, "APPROVED")),
        ("read", 1, "ann", meta(1, "DISPATCHED")),
    ],
    "lists are in any order": [("listed", None, listed((2, "RUNNING"), (1, "RUNNING")))],
    "a list holds one owner's jobs": [("listed", B, listed((2, "SUBMITTED"))), ("listed", A, listed((1, "SUBMITTED")))],
    "a deleted job is gone": [
        ("deleted", 1, gave()),
        ("read", 1, "ann", GONE),
        ("deleted", 1, GONE),
        ("aborted", 1, GONE),
        ("cloned", 1, A, GONE),
        ("downloaded", 1, GONE),
        ("monitored", 1, GONE, ANY_END),
        ("listed", None, listed((2, "SUBMITTED"))),
        ("informed", info(2)),
    ],
    "a clone is a job of its own": [
        ("cloned", 1, A, gave("id3")),
        ("deleted", 1, gave()),
        ("read", 3, "ann", meta(3)),
        ("listed", A, listed((3, "SUBMITTED"))),
    ],
    "an aborted job ends": [
        ("read", 1, "ann", meta(1, "RUNNING")),
        ("aborted", 1, gave()),
        ("read", 1, "ann", meta(1, "RUNNING")),
        ("read", 1, "ann", meta(1, "FINISHED:ABORTED")),
        ("aborted", 1, gave()),
    ],
    "a monitor ends in every way": [
        *(("monitored", 1, code(end), ANY_END) for end in ("TIMEOUT", "ENDED_BY_CB", "JOB_FINISHED")),
    ],
    "what a download of an undone job gives is not stated": [
        ("downloaded", 1, gave("")),
        ("downloaded", 1, gave(None)),
        ("downloaded", 1, failed("JobNotDone")),
    ],
    "an unknown submitter is not judged": [("read", 1, None, meta(1, owner="whoever"))],
}

DELETED: tuple[Any, ...] = ("deleted", 1, gave())
MADE: tuple[Any, ...] = ("created", A, False, gave("id1"))
RUNS: tuple[Any, ...] = ("read", 1, "ann", meta(1, "RUNNING"))
DONE: tuple[Any, ...] = ("read", 1, "ann", meta(1, "FINISHED:COMPLETED"))

RULED_OUT: dict[str, tuple[list[tuple[Any, ...]], str, str]] = {
    "no id": ([("created", A, False, gave(None))], "the id of a new job", "returned None"),
    "an empty id": ([("created", A, False, gave(""))], "the id of a new job", "returned ''"),
    "an old id": ([MADE], "an id that no job had before", "returned job1"),
    "the id of a deleted job": ([DELETED, MADE], "an id that no job had before", "returned job1"),
    "a refused submission": ([("created", A, False, failed("InternalError"))], "a new job", "raised RuntimeError"),
    "a submission that hangs": ([("created", A, False, HUNG)], "a new job", "did not come back"),
    "a clone of the same id": ([("cloned", 1, A, gave("id1"))], "an id that no job had before", "returned job1"),
    "a refused clone": ([("cloned", 1, A, GONE)], "job1 to be there", "raised RuntimeError"),
    "a job that is not there": ([("read", 1, "ann", GONE)], "job1 to be there", "raised RuntimeError"),
    "a job that is there again": (
        [DELETED, ("read", 1, "ann", meta(1))],
        "JobNotFound, as job1 was deleted",
        "returned {job_id: job1, name: 'contract-job', status: 'SUBMITTED', submitter_name: 'ann', … 4 keys}",
    ),
    "the wrong error of a deleted job": (
        [DELETED, ("aborted", 1, failed("InternalError"))],
        "JobNotFound, as job1 was deleted",
        "raised RuntimeError",
    ),
    "a foreign error of a deleted job": (
        [DELETED, ("cloned", 1, A, CRASHED)],
        "JobNotFound, as job1 was deleted",
        "raised KeyError: \"'x'\"",
    ),
    "a meta that is none": ([("read", 1, "ann", gave([]))], "the meta of job1", "returned []"),
    "another job's meta": ([("read", 1, "ann", meta(2))], "the job_id of job1", "'id2'"),
    "another user's meta": ([("read", 1, "ann", meta(1, owner="ben"))], "job1 to be of ann", "'ben'"),
    "another name": ([("read", 1, "ann", meta(1, name="another"))], "job1 to be called contract-job", "'another'"),
    "a status that is none": ([("read", 1, None, meta(1, 3))], "a status of job1", "3"),
    "an entry without a status": ([("listed", A, gave([{"job_id": "id1"}]))], "a status of job1", "None"),
    "no status": ([("read", 1, "ann", meta(1, ""))], "a status of job1", "''"),
    "a step back": ([RUNS, ("read", 1, "ann", meta(1, "SUBMITTED"))], "job1 not to step back", "it is SUBMITTED"),
    "a step back in a list": (
        [RUNS, ("listed", A, listed((1, "DISPATCHED")))],
        "job1 not to step back",
        "it is DISPATCHED",
    ),
    "another end": (
        [("read", 1, "ann", meta(1, "FINISHED:ABNORMAL")), ("read", 1, "ann", meta(1, "FINISHED:COMPLETED"))],
        "job1 to stay FINISHED:ABNORMAL",
        "it is FINISHED:COMPLETED",
    ),
    "an abort that nobody asked for": (
        [("read", 1, "ann", meta(1, "FINISHED:ABORTED"))],
        "job1, which nobody aborted, not to be aborted",
        "FINISHED:ABORTED",
    ),
    "a job missing from the list": (
        [("listed", None, listed((1, "RUNNING")))],
        "every live job in the list",
        "without job2",
    ),
    "another user's job in the list": (
        [("listed", A, listed((1, "RUNNING"), (2, "RUNNING")))],
        "no other job in the list",
        "also job2",
    ),
    "a strange job in the list": (
        [("listed", None, listed((1, "RUNNING"), (2, "RUNNING"), (9, "RUNNING")))],
        "no other job in the list",
        "also 'id9'",
    ),
    "a deleted job in the list": (
        [DELETED, ("listed", None, listed((1, "RUNNING"), (2, "RUNNING")))],
        "no other job in the list",
        "also job1",
    ),
    "a job twice in the list": (
        [("listed", A, listed((1, "RUNNING"), (1, "RUNNING")))],
        "every job once",
        "2 entries of 1 jobs",
    ),
    "a list that is none": ([("listed", None, gave(None))], "a list", "returned None"),
    "an abort that returns something": ([("aborted", 1, gave(True))], "None", "returned True"),
    "a refused abort": ([("aborted", 1, failed("JobNotDone"))], "job1 to be there", "raised RuntimeError"),
    "a deletion that returns something": ([("deleted", 1, gave("ok"))], "None", "returned 'ok'"),
    "a refused deletion": ([("deleted", 1, failed("JobNotDone"))], "job1 to be there", "raised RuntimeError"),
    "no result of a finished job": ([DONE, ("downloaded", 1, gave(None))], "a location", "returned None"),
    "a refused result of a finished job": (
        [DONE, ("downloaded", 1, failed("JobNotDone"))],
        "job1 to be there",
        "raised RuntimeError",
    ),
    "a crash of a download": (
        [("downloaded", 1, CRASHED)],
        "one of the interface's errors",
        "raised KeyError: \"'x'\"",
    ),
    "a monitor that ends in another way": (
        [("monitored", 1, code("TIMEOUT"), frozenset({"JOB_FINISHED", "ENDED_BY_CB"}))],
        "ENDED_BY_CB or JOB_FINISHED",
        "returned namespace(name='TIMEOUT')",
    ),
    "a monitor that has no reason to end": (
        [("monitored", 1, code("TIMEOUT"), frozenset())],
        "it to go on",
        "returned namespace(name='TIMEOUT')",
    ),
    "a monitor that returns nothing": (
        [("monitored", 1, gave(None), frozenset({"JOB_FINISHED"}))],
        "JOB_FINISHED",
        "returned None",
    ),
    "a job that goes on after its monitor": (
        [("monitored", 1, code("JOB_FINISHED"), ANY_END), ("read", 1, "ann", meta(1, "RUNNING"))],
        "job1 not to step back",
        "it is RUNNING",
    ),
    "a deleted job that is executed": (
        [DELETED, ("informed", info(1))],
        "no entry of job1, which was deleted",
        "it has one",
    ),
    "a finished job that is executed": (
        [DONE, ("informed", info(1))],
        "no entry of job1, which is FINISHED:COMPLETED",
        "it has one",
    ),
    "a strange job that is executed": ([("informed", info(9))], "entries of known jobs", "'id9'"),
    "a job without an id that is executed": (
        [("informed", gave(SimpleNamespace(server_info=None, client_info=[], job_info=[object()])))],
        "entries of known jobs",
        "None",
    ),
    "no system info": ([("informed", gave(None))], "system info", "returned None"),
    "refused system info": ([("informed", failed("NoConnection"))], "system info", "raised RuntimeError"),
}


@pytest.mark.parametrize("story", ACCEPTED)
def test_the_model_accepts(story: str) -> None:
    """What the clauses allow is no disagreement."""
    play(model_of(A, B), *ACCEPTED[story])


@pytest.mark.parametrize("story", RULED_OUT)
def test_the_model_rules_out(story: str) -> None:
    """What the clauses rule out is, by the last of the outcomes; the model says what it allows, and what it saw."""
    calls, *told = RULED_OUT[story]
    model = model_of(A, B)
    play(model, *calls[:-1])

    with pytest.raises(Disagreement) as caught:
        play(model, calls[-1])
    assert [*caught.value.args] == told


def test_a_job_aborted_while_it_waited_never_runs() -> None:
    """A job that can't have been running when it was aborted may not run afterwards, but may end."""
    model = model_of(A, waits=True)
    play(model, ("aborted", 1, gave()), ("read", 1, "ann", meta(1, "SUBMITTED")))

    with pytest.raises(Disagreement, match="job1, which was aborted before it ran, not to run"):
        model.read(1, "ann", meta(1, "RUNNING"))

    model = model_of(A, waits=True)
    play(model, ("aborted", 1, gave()), ("read", 1, "ann", meta(1, "FINISHED:ABORTED")))


def test_live_jobs_are_told_by_owner() -> None:
    """A deleted job is live no more, a clone is its maker's."""
    model = model_of(A, B, A)
    model.deleted(1, gave())
    model.cloned(2, A, gave("id4"))

    assert model.live() == ["id2", "id3", "id4"]
    assert model.live(A) == ["id3", "id4"]
    assert model.live(B) == ["id2"]


@pytest.mark.parametrize(
    ("status", "place"),
    [("SUBMITTED", 0), ("DISPATCHED", 1), ("RUNNING", 2), ("FINISHED:ANY", 3), ("LATER", 0), (None, 0), (["x"], 0)],
)
def test_a_status_has_a_place_in_the_life_of_a_job(status: object, place: int) -> None:
    """Unknown ones, and things that are none, count as the beginning."""
    assert rank(status) == place


def test_a_disagreement_calls_jobs_by_their_number() -> None:
    """The ids of one run tell nobody anything."""
    model = Model()
    model.created(A, JobPlan(waits=True), gave("4711"))

    with pytest.raises(Disagreement) as told:
        model.deleted(1, gave({"job_id": "4711", "status": "SUBMITTED"}))

    assert told.value.args == ("None", "returned {job_id: job1, status: 'SUBMITTED', … 2 keys}")


def test_a_status_of_a_later_release_is_no_step_back() -> None:
    """Stopping after running, say; and what it steps back to after that is one."""
    model = Model()
    model.created(0, JobPlan(), gave("job"))
    for status in ("RUNNING", "STOPPING"):
        model.read(1, None, gave({"job_id": "job", "name": "contract-job", "status": status}))

    with pytest.raises(Disagreement):
        model.read(1, None, gave({"job_id": "job", "name": "contract-job", "status": "DISPATCHED"}))


@pytest.mark.parametrize("act", ["deleted", "aborted"])
def test_what_a_call_did_counts_whatever_it_returned(act: str) -> None:
    """Where nobody judges, a deletion that returns something has still removed the job."""
    model = Model()
    model.created(A, JobPlan(waits=True), gave("4711"))
    with pytest.raises(Disagreement):
        getattr(model, act)(1, gave("done"))

    assert (model.jobs[1].deleted, model.jobs[1].aborted) == (act == "deleted", act == "aborted")


def test_a_clone_of_a_deleted_job_is_there_once_it_was_made() -> None:
    """Against the contract; where nobody judges, a list that holds it is no surprise."""
    model = Model()
    model.created(A, JobPlan(name="first"), gave("4711"))
    model.deleted(1, gave())
    with pytest.raises(Disagreement):
        model.cloned(1, B, gave("4712"))

    assert model.live(B) == ["4712"]
    assert model.jobs[2].plan.name == "first"


@pytest.mark.parametrize("outcome", [gave("4711"), gave(""), gave(None), failed("InternalError")])
def test_what_can_not_be_told_from_other_jobs_is_no_new_job(outcome: Outcome) -> None:
    """An id that another job has, or no id at all."""
    model = Model()
    model.created(A, JobPlan(), gave("4711"))
    with pytest.raises(Disagreement):
        model.created(A, JobPlan(), outcome)

    assert list(model.jobs) == [1]


@pytest.mark.parametrize(
    ("listed", "expected", "observed"),
    [
        (None, "a list", "returned None"),
        ([], "every live job in the list", "without job1, job3"),
        ([{"job_id": "a"}, {"job_id": "c"}, {"job_id": "x"}], "no other job in the list", "also 'x'"),
        ([{"job_id": "a"}, {"job_id": "c"}, {"job_id": "b"}], "no other job in the list", "also job2"),
        ([{"job_id": "a"}, {"job_id": "c"}, {}], "no other job in the list", "also None"),
        ([{"job_id": "a"}, {"job_id": "c"}, {"job_id": ["a"]}], "no other job in the list", "also ['a']"),
        ([{"job_id": "a"}, {"job_id": 3}], "every live job in the list", "without job3"),
        ([{"job_id": "a"}, {"job_id": "c"}, {"job_id": "a"}], "every job once", "3 entries of 2 jobs"),
    ],
)
def test_what_is_wrong_with_a_list_is_told_by_its_jobs(listed: object, expected: str, observed: str) -> None:
    """By their number, or by the id of one that nobody made; a deleted one is not to be there."""
    model = Model()
    for job in ("a", "b", "c"):
        model.created(0, JobPlan(), Outcome("returned", job))
    model.deleted(2, Outcome("returned"))

    with pytest.raises(Disagreement) as caught:
        model.listed(None, Outcome("returned", listed))

    assert caught.value.args == (expected, observed)
