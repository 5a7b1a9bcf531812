"""Operations as values: what a callback answers and remembers, and what an outcome says."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.scenario.operations import Callback, JobRef, Operation, Outcome, Runaway, Step
from contract_tests.system.system import NotClaimed
from flare_sim import JobNotFound


def test_a_callback_answers_as_it_is_told() -> None:
    """The first calls one by one, every later one alike; an exception is raised."""
    callback = Callback(answers=(True, KeyError("x"), 0), then=False)

    assert callback() is True
    with pytest.raises(KeyError):
        callback()
    assert [callback(), callback(), callback()] == [0, False, False]
    assert Callback()() is True


def test_a_callback_remembers_its_calls() -> None:
    """When, with what, and a copy of the meta as it was then; whatever is handed over in its place is kept."""
    times = iter([1.0, 2.5, 4.0])
    callback = Callback(now=lambda: next(times))
    meta = {"status": "RUNNING"}

    callback("session", "job", meta, 1, 2, more=3)
    meta["status"] = "spoilt"
    callback("session", "job", None)
    callback()

    first, second, third = callback.calls
    assert (first.time, first.session, first.job_id, first.meta) == (1.0, "session", "job", {"status": "RUNNING"})
    assert (first.args, first.kwargs, first.answer) == ((1, 2), {"more": 3}, True)
    assert (second.time, second.meta, second.args, second.kwargs) == (2.5, None, (), {})
    assert (third.time, third.session, third.job_id, third.meta) == (4.0, None, None, None)


@pytest.mark.parametrize("meta", [None, 7, "text", ["a"]])
def test_a_meta_that_is_none_is_remembered_as_it_is(meta: object) -> None:
    """A monitor that hands over anything else is wrong, which is for its own clause to say."""
    callback = Callback()
    callback("session", "job", meta)

    assert callback.calls[0].meta is meta
    assert callback.told is None


def test_a_callback_tells_the_status_it_was_told_last() -> None:
    """None before the first call, and where a meta has none."""
    callback = Callback()
    told = [callback.told]
    for meta in ({"status": "SUBMITTED"}, {"status": "RUNNING"}, {}):
        callback("session", "job", meta)
        told.append(callback.told)

    assert told == [None, "SUBMITTED", "RUNNING", None]


def test_a_callback_acts_before_it_answers() -> None:
    """With the number of the call; what it raises is raised."""
    numbers: list[int] = []
    callback = Callback(act=numbers.append)
    callback()
    callback()
    assert numbers == [1, 2]

    def fail(number: int) -> None:
        raise JobNotFound(str(number))

    with pytest.raises(JobNotFound, match="1"):
        Callback(answers=(False,), act=fail)()


def test_a_callback_that_is_called_too_often_ends_its_monitor() -> None:
    """After as many calls as any right monitor makes; nothing is done in the one more."""
    acted: list[int] = []
    callback = Callback(limit=2, act=acted.append)
    callback()
    callback()

    with pytest.raises(Runaway):
        callback()
    assert acted == [1, 2]
    assert Callback().limit == 2000


@pytest.mark.parametrize(
    ("callback", "text"),
    [
        (Callback(), "<callback: then True>"),
        (Callback(answers=(True, None), then=False), "<callback: True, None, then False>"),
        (Callback(answers=(KeyError("x"),)), "<callback: raises KeyError, then True>"),
        (Callback(then=ValueError("x")), "<callback: then raises ValueError>"),
    ],
)
def test_a_callback_is_told_by_its_answers(callback: Callback, text: str) -> None:
    """In the words of a failure."""
    assert str(callback) == text


@pytest.mark.parametrize(
    ("outcome", "returned", "raised"),
    [
        (Outcome("returned", 1), True, False),
        (Outcome("raised", None, JobNotFound("x"), ("JobNotFound", "InternalError")), False, True),
        (Outcome("raised", None, KeyError("x")), False, False),
        (Outcome("hung"), False, False),
        (Outcome("returned", contract_errors=("JobNotFound",)), True, False),
    ],
)
def test_an_outcome_returned_or_raised(outcome: Outcome, returned: bool, raised: bool) -> None:
    """One of the interface's exceptions, which may be several at once, or neither."""
    assert outcome.returned is returned
    assert outcome.raised("JobNotFound") is raised
    assert not outcome.raised("JobNotDone")


def test_an_outcome_took_the_time_between() -> None:
    """Where there is a clock to measure it by."""
    assert Outcome("returned", started=3.0, ended=5.5).took == 2.5
    for times in ({"started": 1.0}, {"ended": 1.0}, {}):
        without: dict[str, Any] = times
        with pytest.raises(NotClaimed, match="a clock the suite can see") as caught:
            _ = Outcome("returned", **without).took
        assert caught.value.need == "clock"


def test_a_job_goes_by_its_number() -> None:
    """And a step is one of the outermost calls unless it says otherwise."""
    step = Step(Operation("alice", "close"), Outcome("returned"))

    assert str(JobRef(3)) == "job3"
    assert (step.depth, step.meanwhile, step.operation.args, step.operation.kwargs) == (0, False, (), ())
