"""Differential runs: the same calls on two systems, up to the first that turn out differently."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.engine import differential
from contract_tests.engine.settings import RunSettings
from contract_tests.reference import SimulatedSystem
from tests.contract_tests.faulty_systems import Reluctant


class OtherSeed(SimulatedSystem):
    """The reference with other ids."""

    def __init__(self) -> None:
        super().__init__(seed=7)


def test_two_systems_that_differ_in_ids_alone_do_not_differ() -> None:
    """Ids, times and wording are nobody's business."""
    assert differential.diff(SimulatedSystem, OtherSeed, RunSettings(30)) is None


def test_the_first_difference_is_shown_side_by_side_after_few_calls() -> None:
    """A short sequence leads there, and both outcomes are told."""
    found = differential.diff(Reluctant, SimulatedSystem, RunSettings(150))

    assert found is not None
    assert "delete_job" in found.call
    assert "JobNotDone" in found.first
    assert "None" in found.second
    assert len(found.done) <= 8


def test_a_sequence_is_compared_call_by_call() -> None:
    """The calls before the difference were the same on both."""
    calls = [["submit", 0, "long"], ["sleep", 3.0], ["meta", 1, 1], ["delete", 0, 1], ["list", 0, True, False]]

    found = differential.compare(Reluctant, SimulatedSystem, calls)

    assert found is not None
    assert "delete_job(job1)" in found.call
    assert [line for line in found.done if "get_job_meta" in line]
    assert differential.compare(SimulatedSystem, OtherSeed, calls) is None


START: list[list[Any]] = [["submit", 0, "long"], ["sleep", 3.0]]


def answering(method: str, answer: Any) -> type[SimulatedSystem]:
    """The reference with sessions that answer a call otherwise, by what they are told."""

    class Other(SimulatedSystem):
        def open_session(self, user: str | None = None) -> Any:
            session = super().open_session(user)
            right = getattr(session, method)
            setattr(session, method, lambda *args, **options: answer(right, *args, **options))
            return session

    return Other


def first_difference(method: str, answer: Any, call: list[Any]) -> tuple[str, str, str] | None:
    """The call that turns out differently, and what the other system and the reference make of it."""
    found = differential.compare(answering(method, answer), SimulatedSystem, [*START, call])
    return None if found is None else (found.call, found.first, found.second)


def raising(error: BaseException) -> Any:
    """An answer that is an error."""

    def answer(right: Any, *args: Any) -> None:
        raise error

    return answer


@pytest.mark.parametrize(
    ("method", "answer", "call", "told"),
    [
        (
            "get_job_meta",
            lambda right, job: {**right(job), "status": "FINISHED:COMPLETED"},
            ["meta", 1, 1],
            (
                "alice-2: get_job_meta(job1)",
                "{'job_id': 'job1', 'status': 'FINISHED:COMPLETED'}",
                "{'job_id': 'job1', 'status': 'not finished'}",
            ),
        ),
        (
            "get_job_meta",
            lambda right, job: {"status": 7},
            ["meta", 0, 1],
            ("alice: get_job_meta(job1)", "{'status': 'not finished'}", "{'job_id': 'job1', 'status': 'not finished'}"),
        ),
        (
            "get_job_meta",
            raising(ArithmeticError("no")),
            ["meta", 0, 1],
            (
                "alice: get_job_meta(job1)",
                "raised ArithmeticError: 'no'",
                "{'job_id': 'job1', 'status': 'not finished'}",
            ),
        ),
        (
            "list_jobs",
            lambda right, **how: [*right(**how), {"job_id": "else"}],
            ["list", 0, False, True],
            (
                "alice: list_jobs(detailed=True)",
                "[{'job_id': 'job1', 'status': 'not finished'}, {'job_id': 'text'}]",
                "[{'job_id': 'job1', 'status': 'not finished'}]",
            ),
        ),
        ("abort_job", lambda right, job: right(job) or 7, ["abort", 0, 1], ("alice: abort_job(job1)", "int", "None")),
        ("monitor_job", lambda right, *how: True, ["monitor", 0, 1, 2, 0], ("", "bool", "TIMEOUT")),
        ("get_system_info", lambda right: None, ["info", 0], ("", "None", "{'jobs': ['job1']}")),
        ("submit_job", lambda right, path: "else", ["submit", 0, "waits"], ("", "job1", "job2")),
    ],
)
def test_what_two_systems_make_of_a_call_is_told_without_ids_and_times(
    method: str, answer: Any, call: list[Any], told: tuple[str, str, str]
) -> None:
    """Jobs by their number, a status as far as systems of different speed agree, a value by its class."""
    found = first_difference(method, answer, call)

    assert found is not None
    assert told[0] in found[0]
    assert found[1:] == told[1:]


@pytest.mark.parametrize(
    ("method", "answer", "call"),
    [
        ("get_job_meta", lambda right, job: {**right(job), "more": 1, "status": "WAITING"}, ["meta", 0, 1]),
        ("list_jobs", lambda right, **how: right(**how)[::-1], ["list", 0, True, True]),
        ("download_job_result", lambda right, job: "elsewhere", ["download", 0, 2]),
    ],
)
def test_what_systems_may_do_differently_is_no_difference(method: str, answer: Any, call: list[Any]) -> None:
    """More keys, other words for what is not done, another order, another place."""
    calls: list[list[Any]] = [*START, ["submit", 0, "short"], ["sleep", 30.0], call]

    assert differential.compare(answering(method, answer), SimulatedSystem, calls) is None


def test_errors_are_the_same_when_the_interface_says_so() -> None:
    """Whatever they say; another error is a difference, told with its text."""
    gone: list[list[Any]] = [*START, ["delete", 0, 1], ["meta", 0, 1]]
    quiet, odd = answering("get_job_meta", raising(KeyError("x"))), answering("close", raising(ValueError()))

    found = differential.compare(quiet, SimulatedSystem, gone)
    assert found is not None
    assert found.first == "raised KeyError: \"'x'\""
    assert found.second.startswith("raised JobNotFound: ")
    assert differential.compare(odd, odd, gone) is None


def test_what_was_alike_is_told_with_what_came_of_it() -> None:
    """Call after call, up to the difference; calls on jobs before there is one are left out."""
    calls: list[list[Any]] = [["delete", 0, 1], ["info", 3], *START, ["abort", 0, 1], ["delete", 2, 1]]

    found = differential.compare(answering("delete_job", raising(ValueError())), SimulatedSystem, calls)

    assert found is not None
    assert found.calls == calls
    assert found.done[0].startswith("bob-2: get_system_info() returned SystemInfo")
    assert found.done[1].startswith("alice: submit_job(<job folder: runs 200 s>) returned job1")
    assert [line.partition(" returned")[0] for line in found.done[2:]] == ["sleep(3 s)", "alice: abort_job(job1)"]
    assert found.call == "alice: delete_job(job1)"


def test_a_system_that_runs_fewer_jobs_is_compared_as_far_as_both_have_one() -> None:
    """A call on a job is left out where one of them has none."""
    refusing = answering("submit_job", raising(ValueError("full")))

    found = differential.compare(refusing, refusing, [["submit", 0, "long"], ["meta", 0, 1]])
    assert found is None
    other = differential.compare(SimulatedSystem, refusing, [["submit", 0, "long"], ["meta", 0, 1]])
    assert other is not None
    assert (other.call, other.second) == ("alice: submit_job(<job folder: runs 200 s>)", "raised ValueError: 'full'")


def test_what_is_found_is_made_short() -> None:
    """A difference that any call shows is shown by a job and a call."""
    found = differential.diff(answering("submit_job", raising(ValueError())), SimulatedSystem, RunSettings(5))

    assert found is not None
    assert found.calls[0] == ["submit", 0, "long"]
    assert len(found.calls) == 2
