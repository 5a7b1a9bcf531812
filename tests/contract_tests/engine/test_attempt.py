"""An attempt: what is told of a failure, where it comes from, and what it says of the inputs that were tried."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from contract_tests.contract.verdict import Verdict
from contract_tests.engine.attempt import Attempt, Stopped
from contract_tests.engine.check_result import CheckResult, Origin
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.exceptions import JudgedElsewhere, NotTestable, Violation
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.system import NotClaimed, System
from tests.contract_tests.made_up_checks import JUDGED, check, run


@pytest.mark.parametrize(
    ("sleeps", "lines", "left_out"), [(38, 39, ""), (39, 40, ""), (40, 41, "… 1 more …"), (60, 41, "… 21 more …")]
)
def test_a_long_failure_is_told_by_its_beginning_and_its_end(sleeps: int, lines: int, left_out: str) -> None:
    """Up to forty steps are told; of more the first and the last twenty, and how many there are in between."""

    def body(s: Scenario) -> None:
        s.open()
        for number in range(sleeps):
            s.sleep(1.0 + number)
        s.require(False, "an end", "none")

    told = run(body).operations

    assert len(told) == lines
    assert told[0] == "alice opens a session"
    assert told[-1] == f"sleep({sleeps} s)"
    assert [line for line in told if "…" in line] == ([left_out] if left_out else [])
    assert not left_out or told[20] == left_out


def _failing(session: Any) -> None:
    raise ArithmeticError("no")


def origin(body: Any, system: type[System] = SimulatedSystem) -> Origin | None:
    """Where the failure of a body comes from."""
    return run(body, system).origin


def test_a_failure_comes_from_the_call_whose_outcome_shows_it() -> None:
    """With how it ended, the class of what it gave, and the line that raised it."""

    def returned(s: Scenario) -> None:
        alice = s.open()
        shown = alice.do("list_jobs")
        alice.do("get_system_info")
        s.require(False, "more", shown)

    def raised(s: Scenario) -> None:
        alice = s.open()
        alice.session.list_jobs = lambda: _failing(alice.session)
        s.require(False, "a list", alice.do("list_jobs"))

    assert origin(returned) == Origin("get_system_info", "returned", "list", "")
    found = origin(raised)
    assert found is not None
    assert found[:3] == ("list_jobs", "raised", "ArithmeticError")
    assert found.place.startswith("tests/contract_tests/engine/test_attempt.py:")
    assert found.place.endswith(", in _failing")


def test_a_failure_without_an_outcome_comes_from_what_failed_in_the_system() -> None:
    """Or from nothing that could be named."""

    class Broken(SimulatedSystem):
        def outage(self) -> None:
            raise ArithmeticError("no")

    found = origin(lambda s: s.on_system("outage"), Broken)

    assert found is not None
    assert found[:3] == ("", "raised", "ArithmeticError")
    assert found.place.endswith(", in outage")
    assert origin(lambda s: s.require(False, "good", "bad")) == Origin("", "", "", "")


def test_what_can_not_be_tried_names_what_the_system_lacks() -> None:
    """What was asked for first, then all that it does not offer; in other words where that has no name."""

    class Small(System):
        def open_session(self, user: str = "") -> object:
            return object()

    named = run(lambda s: s.now(), Small)
    assert (named.verdict, named.lacks[0]) == (Verdict.NOT_CLAIMED, "clock")
    assert {"clock", "users", "outage"} <= {*named.lacks[1:]}

    def unnamed(s: Scenario) -> None:
        raise NotClaimed("a word")

    assert run(unnamed, Small).lacks[0] == "a word"


def test_an_attempt_knows_what_its_first_inputs_took() -> None:
    """Whether anything was waited for, and whether they were the first user's alone; later ones change nothing."""

    def body(s: Scenario, user: int, seconds: float) -> None:
        alice = s.open(user)
        if seconds:
            s.sleep(seconds)
        alice.do("list_jobs")

    known = []
    for user, seconds in ((0, 0.0), (1, 0.0), (0, 1.0)):
        attempt = Attempt(check(body), SimulatedSystem)
        attempt.once({"user": user, "seconds": seconds})
        attempt.once({"user": 1, "seconds": 2.0})
        known.append((attempt.tried, attempt.alone, attempt.waits, attempt.threads, attempt.examples))

    assert known == [
        ({"user": 0, "seconds": 0.0}, True, False, True, 2),
        ({"user": 1, "seconds": 0.0}, False, False, True, 2),
        ({"user": 0, "seconds": 1.0}, True, True, True, 2),
    ]


def test_an_example_that_another_clause_is_about_is_left_out() -> None:
    """It is counted, with what the system need not offer; and nothing is held against anybody."""

    def body(s: Scenario, lacking: str) -> None:
        if lacking:
            raise JudgedElsewhere(lacking)

    attempt = Attempt(check(body), SimulatedSystem)
    attempt.once({"lacking": ""})
    attempt.once({"lacking": "a large result"})

    assert (attempt.examples, attempt.left_out, attempt.lacking) == (2, 1, "a large result")
    assert attempt.failure is None


def test_a_check_that_is_led_by_a_second_user_needs_one() -> None:
    """A system without one does not claim it, and nothing was done on it."""

    class OneUser(SimulatedSystem):
        users = ("admin@nvidia.com",)

    attempt = Attempt(check(lambda s: s.open()), OneUser)
    with pytest.raises(Stopped):
        attempt.once({"led by": 1})

    assert attempt.failure is not None
    assert attempt.failure.verdict is Verdict.NOT_CLAIMED
    assert attempt.failure.message == "the system does not offer a second user"
    assert (attempt.failure.inputs, attempt.failure.operations) == ({}, [])


class _Namesake(Exception):
    pass


_Namesake.__name__ = "JobNotFound"


def _raise(error: BaseException) -> None:
    raise error


ENDS: dict[str, tuple[Any, CheckResult]] = {
    "a broken promise": (
        lambda s: s.require(not s.open(), "nobody", "somebody"),
        CheckResult(
            f"{JUDGED}/made-up",
            JUDGED,
            Verdict.VIOLATED,
            "expected nobody; observed somebody",
            "nobody",
            "somebody",
            ["alice opens a session"],
            {"way": 1},
            origin=Origin("", "", "", ""),
        ),
    ),
    "what does not work": (
        lambda s: _raise(NotTestable("no way")),
        CheckResult(
            f"{JUDGED}/made-up",
            JUDGED,
            Verdict.NOT_TESTABLE,
            "no way",
            inputs={"way": 1},
            origin=Origin("", "", "", ""),
        ),
    ),
    "what is not offered": (
        lambda s: _raise(NotClaimed("a thing", "thing")),
        CheckResult(
            f"{JUDGED}/made-up",
            JUDGED,
            Verdict.NOT_CLAIMED,
            "the system does not offer a thing",
            lacks=["thing"],
        ),
    ),
    "a system that can't be closed": (
        lambda s: setattr(s.system, "close", lambda: _raise(OSError("held"))),
        CheckResult(
            f"{JUDGED}/made-up",
            JUDGED,
            Verdict.NOT_TESTABLE,
            "the system can't be closed: OSError: 'held'",
        ),
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_what_an_attempt_ends_in_is_told_in_full(end: str) -> None:
    """With its inputs and all that was done, where something was done with them; else without."""
    act, told = ENDS[end]
    attempt = Attempt(check(lambda s, way: act(s)), SimulatedSystem)
    with suppress(Stopped, Violation):
        attempt.once({"way": 1})

    assert attempt.failure == told


def test_classes_that_only_have_the_names_of_the_interface_are_told_once() -> None:
    """Those of all calls of the failure, by name and module."""

    def body(s: Scenario) -> None:
        alice = s.open()
        alice.do("get_job_meta", "none")
        alice.session.list_jobs = lambda: _raise(_Namesake())
        alice.do("list_jobs")
        alice.do("list_jobs")
        s.require(False, "good", "bad")

    assert run(body).namesakes == [("JobNotFound", __name__, "")]


def test_an_attempt_counts_cells_when_it_is_to() -> None:
    """As often as operations were performed, over all of its examples."""
    counted = []
    for counts in (True, False):
        attempt = Attempt(check(lambda s: s.open().do("list_jobs")), SimulatedSystem, counts=counts)
        attempt.once({})
        attempt.once({})
        counted.append(dict(attempt.coverage))

    assert counted == [{("list_jobs", "no job", "open"): 2, ("list_jobs", "any", "open"): 2}, {}]


def test_a_turn_is_told_with_the_turns_before_it() -> None:
    """On one system, all jobs deleted each time; the inputs of the failure say which turn it was."""

    class Third(SimulatedSystem):
        submitted = 0

    def body(s: Scenario) -> None:
        s.open().submit()
        Third.submitted += 1
        s.require(Third.submitted < 3, "two at most", Third.submitted)

    attempt = Attempt(check(body), Third)
    with pytest.raises(Exception, match="two at most"):
        attempt.once({"turn": 11})

    assert attempt.failure is not None
    assert attempt.failure.inputs == {"turn": 2}
    assert attempt.failure.operations[0] == "(after the same 2 times before on this system, all jobs deleted each time)"
    assert attempt.examples == 3
