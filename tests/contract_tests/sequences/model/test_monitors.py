"""The model of a monitor: what its callback was called with and when, and when it ended."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import Any

import pytest

from contract_tests.scenario.operations import Callback, CallRecord, Outcome
from contract_tests.sequences.model.jobs import Disagreement
from contract_tests.sequences.model.monitors import Monitor

Code = Enum("Code", ["JOB_FINISHED", "TIMEOUT", "ENDED_BY_CB"])

SESSION = object()


def call(
    time: float, *, answer: bool = True, took: float = 0.0, status: str = "RUNNING", **otherwise: Any
) -> CallRecord:
    """A call of a callback, by default as it has to be."""
    meta = {"status": status}
    record = CallRecord(time, SESSION, "1", meta, ("more",), {"named": 1}, ended=time + took, answer=answer)
    return replace(record, **otherwise)


def ended(code: str, started: float, ended: float) -> Outcome:
    """What came of a monitor."""
    return Outcome("returned", Code[code], started=started, ended=ended)


def judge(outcome: Outcome, *calls: CallRecord, timeout: float = 0.0, poll: float = 2.0) -> None:
    """Judge a monitor with these calls."""
    callback = Callback(calls=list(calls))
    Monitor(SESSION, "1", callback, timeout, poll, ("more",), {"named": 1}, slack=0.01).judge(outcome)


DONE = call(14.0, status="FINISHED:COMPLETED")


@pytest.mark.parametrize(
    ("outcome", "calls", "timeout"),
    [
        (ended("JOB_FINISHED", 10, 14), [call(10), call(12), DONE], 0),
        (ended("JOB_FINISHED", 10, 14), [call(10), call(12), DONE], 4),
        (ended("JOB_FINISHED", 14, 14), [DONE], 1),
        (ended("TIMEOUT", 10, 14), [call(10), call(12)], 4),
        (ended("TIMEOUT", 10, 13), [call(10), call(12), call(13)], 3),
        (ended("TIMEOUT", 10, 12), [call(10), call(12)], 1),
        (ended("TIMEOUT", 10, 19), [call(10, took=9)], 3),
        (ended("TIMEOUT", 10, 21), [call(10, took=9), call(21)], 3),
        (ended("TIMEOUT", 10, 19), [call(10, took=9), call(19)], 3),
        (ended("ENDED_BY_CB", 10, 12), [call(10), call(12, answer=False)], 0),
        (ended("ENDED_BY_CB", 10, 15), [call(10, took=3), call(13, took=2, answer=False)], 0),
        (Outcome("raised", error=KeyError()), [], 0),
        (Outcome("returned", Code.TIMEOUT), [call(10)], 90),
    ],
)
def test_right_monitors_are_left_alone(outcome: Outcome, calls: list[CallRecord], timeout: float) -> None:
    """With a last look when the time is up or none, with slow callbacks, and without a clock."""
    judge(outcome, *calls, timeout=timeout)


@pytest.mark.parametrize(
    ("observed", "outcome", "calls", "timeout"),
    [
        ("none", ended("TIMEOUT", 10, 14), [], 4),
        ("after 1.5 s", ended("JOB_FINISHED", 12.5, 14), [DONE], 0),
        ("1 s", ended("JOB_FINISHED", 13, 14), [call(13), DONE], 0),
        ("0 s", ended("JOB_FINISHED", 14, 14), [DONE, DONE], 0),
        ("4 s", ended("JOB_FINISHED", 10, 14), [call(10), DONE], 0),
        ("3 s", ended("JOB_FINISHED", 10, 14), [call(10, took=1), DONE], 0),
        ("3 s later", ended("TIMEOUT", 10, 13), [call(10)], 3),
        ("a call after call 1", ended("ENDED_BY_CB", 10, 12), [call(10, answer=False), call(12)], 0),
        ("2 s later", ended("ENDED_BY_CB", 10, 12), [call(10, answer=False)], 0),
        ("after 2 s", ended("TIMEOUT", 10, 12), [call(10), call(12)], 3),
        ("a poll after 4 s", ended("JOB_FINISHED", 10, 14), [call(10), call(12), DONE], 1),
    ],
)
def test_a_monitor_that_is_wrong_is_found_out(
    observed: str, outcome: Outcome, calls: list[CallRecord], timeout: float
) -> None:
    """A call that is missing, too early, too late or not wanted; an end that is."""
    with pytest.raises(Disagreement) as found:
        judge(outcome, *calls, timeout=timeout)

    assert found.value.args[1] == observed


@pytest.mark.parametrize(
    "wrong", [{"session": object()}, {"job_id": "2"}, {"args": ()}, {"args": ("more", 1)}, {"kwargs": {}}]
)
def test_what_a_callback_is_called_with_is_judged_even_if_the_monitor_raised(wrong: dict[str, Any]) -> None:
    """The session itself, the job's id, and what was handed over for it, in every call."""
    with pytest.raises(Disagreement, match="callback to get"):
        judge(Outcome("raised", error=KeyError()), call(10), call(12, **wrong))


@pytest.mark.parametrize(
    ("codes", "calls", "timeout", "done"),
    [
        ({"JOB_FINISHED"}, [call(12), DONE], 4, False),
        ({"TIMEOUT"}, [call(12), call(14)], 4, False),
        ({"TIMEOUT"}, [call(12), call(14)], 4, True),  # in the callback, after the last poll
        ({"ENDED_BY_CB"}, [call(12), call(14, answer=False)], 4, False),
        ({"ENDED_BY_CB", "JOB_FINISHED"}, [replace(DONE, answer=False)], 4, False),
        (set(), [call(12)], 0, False),
        ({"JOB_FINISHED"}, None, 0, False),
        ({"JOB_FINISHED"}, None, 4, True),
        ({"JOB_FINISHED", "TIMEOUT"}, None, 4, False),
    ],
)
def test_how_a_monitor_may_end(codes: set[str], calls: list[CallRecord] | None, timeout: float, done: bool) -> None:
    """As the last poll found the job, where a callback was told of it."""
    callback = None if calls is None else Callback(calls=calls)

    assert Monitor(SESSION, "1", callback, timeout).codes(done=done) == codes


def test_without_a_callback_there_is_nothing_to_judge_but_the_code() -> None:
    """However long it took."""
    Monitor(SESSION, "1", None, 3.0).judge(ended("JOB_FINISHED", 10, 9000))
