"""Running a check: every way it can end, and whose fault that is."""

from __future__ import annotations

from asyncio import CancelledError
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.contract.verdict import Verdict
from contract_tests.engine import runner
from contract_tests.engine.runner import run_check, try_inputs
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.exceptions import JudgedElsewhere
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, LazyStrategy, integers
from contract_tests.scenario.wording import why
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import System
from tests.contract_tests.made_up_checks import JUDGED, QUICK, SILENT, THOROUGH, check, real_check, run

if TYPE_CHECKING:
    pass


def test_a_check_that_finds_nothing_wrong_is_met() -> None:
    """A body that returns has found its clause kept."""
    result = run(lambda s: s.open().submit())

    assert (result.verdict, result.message, result.operations, result.inputs) == (Verdict.MET, "", [], {})
    assert result.clause == JUDGED
    assert result.examples == 1


def test_a_broken_promise_is_a_violation() -> None:
    """The result says what was expected, what was observed, and everything that was done."""

    def body(s: Scenario) -> None:
        alice = s.open()
        job = alice.submit(JobPlan(runs=2.0))
        s.sleep(1.5)
        s.require(False, "the impossible", alice.do("get_job_meta", job).value["name"])

    result = run(body)

    assert (result.verdict, result.expected, result.observed) == (Verdict.VIOLATED, "the impossible", "contract-job")
    assert [line.split(" ", 2)[:2] for line in result.operations] == [
        ["alice", "opens"],
        ["alice:", "submit_job(<job"],
        ["sleep(1.5", "s)"],
        ["alice:", "get_job_meta(job1)"],
    ]


def test_a_result_has_the_real_seconds_that_it_took(monkeypatch: pytest.MonkeyPatch) -> None:
    """From when the search began to when it was over, whatever the clock shows."""
    now = [5000.0]
    monkeypatch.setattr(runner, "monotonic", lambda: now[0])

    def body(s: Scenario) -> None:
        now[0] += 1.5

    assert run(body).seconds == 1.5 * run(body).examples


def test_what_the_system_does_not_offer_is_not_claimed() -> None:
    """A clause that needs more than the system has is not judged; the message says what it lacks."""

    class Small(System):
        pass

    result = run(lambda s: s.on_system("outage"), Small)

    assert (result.verdict, result.message) == (Verdict.NOT_CLAIMED, "the system does not offer an outage")
    assert (result.operations, result.inputs) == ([], {})


@pytest.mark.parametrize("error", [OSError("no power"), SystemExit(0), KeyError("x"), pytest.skip.Exception("later")])
def test_what_is_offered_and_does_not_work_is_not_testable(error: BaseException) -> None:
    """What a system offers has to work; that it does not is told as the system's fault."""

    class Broken(SimulatedSystem):
        def outage(self) -> None:
            raise error

    result = run(lambda s: s.on_system("outage"), Broken, reference=SimulatedSystem)

    assert result.verdict is Verdict.NOT_TESTABLE
    assert "outage, which the system offers, raised" in result.message
    assert type(error).__name__ in result.message


@pytest.mark.parametrize("error", [RuntimeError("no factory"), SystemExit(0), pytest.skip.Exception("later")])
def test_a_system_that_cannot_be_made_is_not_testable(error: BaseException) -> None:
    """A factory that raises is reported, and ends no process."""

    def make() -> System:
        raise error

    result = run(lambda s: None, make)

    assert result.verdict is Verdict.NOT_TESTABLE
    assert result.message == f"the system can't be made: {why(error)}"
    assert str(error) in result.message
    assert (result.operations, result.inputs, result.examples) == ([], {}, 0)


@pytest.mark.parametrize("error", [RuntimeError("no end"), SystemExit(0)])
def test_a_system_that_cannot_be_closed_is_not_testable(error: BaseException) -> None:
    """Closing is part of what a system offers: an error there is the system's, not the suite's."""

    class Clingy(SimulatedSystem):
        def close(self) -> None:
            super().close()
            raise error

    for result in (
        run(lambda s, number: None, Clingy, reference=SimulatedSystem, number=integers(0, 9)),
        run(lambda s: s.open(), Clingy),
        try_inputs(check(lambda s: None), {}, Clingy),
        run_check(real_check("life.model"), Clingy, QUICK, SimulatedSystem),
    ):
        assert result.verdict is Verdict.NOT_TESTABLE
        assert result.message == f"the system can't be closed: {why(error)}"
        assert str(error) in result.message


def test_a_violation_is_told_even_when_the_system_cannot_be_closed() -> None:
    """What was found before counts for more."""

    class Clingy(SimulatedSystem):
        def close(self) -> None:
            super().close()
            raise RuntimeError("no end")

    result = run(lambda s: s.require(False, "good", "bad"), Clingy, reference=SimulatedSystem)

    assert (result.verdict, result.observed) == (Verdict.SUITE_ERROR, "bad")
    assert run(lambda s: s.require(False, "good", "bad"), Clingy).verdict is Verdict.VIOLATED


def test_a_session_that_cannot_be_opened_is_not_testable() -> None:
    """A check that is about something else can't be tried."""

    class Shut(System):
        def open_session(self, user: str = "") -> Any:
            raise OSError("no door")

    result = run(lambda s: s.open(), Shut)

    assert result.verdict is Verdict.NOT_TESTABLE
    assert "opening a session raised OSError: 'no door'" in result.message


def test_a_session_without_an_implementation_is_not_testable() -> None:
    """A System that defines nothing says which method is missing."""
    result = run(lambda s: s.open(), System)

    assert result.verdict is Verdict.NOT_TESTABLE
    assert "System does not define open_session" in result.message


@pytest.mark.parametrize("error", [SystemExit(0), pytest.skip.Exception("later"), GeneratorExit(), CancelledError()])
def test_what_ends_a_process_or_a_test_is_just_an_error(error: BaseException) -> None:
    """A session that raises what means something to a test runner is told to have raised it."""

    def body(s: Scenario) -> None:
        alice = s.open()
        alice.session.list_jobs = raising
        outcome = alice.do("list_jobs")
        s.require(outcome.returned, "a list", outcome)

    def raising() -> None:
        raise error

    result = run(body)

    assert result.verdict is Verdict.VIOLATED
    assert result.observed.startswith(f"raised {type(error).__name__}")


def test_an_interrupt_from_the_keyboard_is_nobodys_fault() -> None:
    """It ends the run at once."""

    class Interrupted(SimulatedSystem):
        def outage(self) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(lambda s: s.on_system("outage"), Interrupted)


def test_a_check_that_needs_a_call_that_fails_is_not_testable() -> None:
    """The message names the call that was needed."""
    result = run(lambda s: s.open().need("get_job_meta", "no such job"))

    assert result.verdict is Verdict.NOT_TESTABLE
    assert "get_job_meta, needed for this check, raised JobNotFound" in result.message


@pytest.mark.parametrize("error", [ZeroDivisionError("oops"), AssertionError("no"), AttributeError("gone")])
def test_a_check_that_crashes_is_a_fault_of_the_suite(error: Exception) -> None:
    """An error of a body's own is never held against the system; it is told with where it happened."""

    def body(s: Scenario) -> None:
        s.open()
        raise error

    result = run(body)

    assert result.verdict is Verdict.SUITE_ERROR
    assert "the check itself failed" in result.message
    assert "in body" in result.message
    assert result.operations == ["alice opens a session"]


def test_a_violation_that_the_reference_shows_too_is_a_fault_of_the_suite() -> None:
    """A check that the reference fails on the same inputs accuses nobody."""
    result = run(lambda s: s.require(False, "good", "bad"), reference=SimulatedSystem)

    assert result.verdict is Verdict.SUITE_ERROR
    assert "the reference fails this check on the same inputs" in result.message


def test_a_violation_that_the_reference_does_not_show_stays_one() -> None:
    """The reference is asked with the very inputs that failed."""
    asked = []

    def body(s: Scenario, number: int) -> None:
        faulty = isinstance(s.system, Faulty)
        if not faulty:
            asked.append(number)
        s.require(not faulty or number < 5, "less than 5", number)

    class Faulty(SimulatedSystem):
        pass

    result = run(body, Faulty, THOROUGH, SimulatedSystem, number=integers(0, 50))

    assert (result.verdict, result.inputs, asked) == (Verdict.VIOLATED, {"number": 5}, [5])


def test_a_check_of_a_silent_clause_gives_what_was_observed() -> None:
    """Where the interface is silent, observations are collected once each, and nothing is judged."""
    result = run(lambda s, how: f"it does {how[0]}", clause=SILENT, how=Each("this", "that", "there"))

    assert (result.verdict, result.message) == (Verdict.UNDEFINED, "it does t")

    result = run(lambda s, how: f"it does {how}", clause=SILENT, how=Each("this", "that"))

    assert result.message == "it does this; it does that"


def test_an_implementation_that_answers_otherwise_on_every_try_has_broken_its_promise() -> None:
    """What was expected and observed is told, and that it was not so on every try."""
    seen: list[int] = []

    def body(s: Scenario, number: int) -> None:
        seen.append(number)
        s.require(len(seen) != 3, "the same", "another")

    result = run(body, settings=THOROUGH, number=integers(0, 50))

    assert result.verdict is Verdict.VIOLATED
    assert result.message == (
        "expected the same; observed another (not on every try: the implementation answers the same calls differently)"
    )


def test_a_check_that_only_a_system_makes_crash_is_not_testable() -> None:
    """What the system gave makes no sense there; where the reference does as well, the check is at fault."""

    class Odd(SimulatedSystem):
        def open_session(self, user: str | None = None) -> Any:
            session = super().open_session(user)
            session.list_jobs = lambda: None
            return session

    def body(s: Scenario) -> None:
        len(s.open().do("list_jobs").value)

    result = run(body, Odd, reference=SimulatedSystem)

    assert result.verdict is Verdict.NOT_TESTABLE
    assert result.message.startswith("what the system gives makes no sense here: the check itself failed: TypeError")
    assert run(body, Odd, reference=Odd).verdict is Verdict.SUITE_ERROR


def test_a_clause_whose_examples_are_all_judged_elsewhere_is_not_tried() -> None:
    """By want of what the system need not offer, or of any call that its sessions take; one example is enough."""

    def body(s: Scenario, lacking: str) -> None:
        if lacking != "nothing":
            raise JudgedElsewhere(lacking)

    named = run(body, lacking=Each("a large result"))
    assert (named.verdict, named.message) == (Verdict.NOT_CLAIMED, "the system does not offer a large result")
    unnamed = run(body, lacking=Each("", ""))
    assert unnamed.verdict is Verdict.NOT_TESTABLE
    assert unnamed.message == "the session takes none of the calls it needs"
    assert run(body, lacking=Each("", "nothing")).verdict is Verdict.MET


def test_a_search_that_fails_itself_is_a_fault_of_the_suite() -> None:
    """It is told which check that was, and what went wrong."""

    def no_strategy() -> Any:
        raise ArithmeticError("nothing to draw from")

    result = run(lambda s, number: None, number=LazyStrategy(no_strategy))

    assert (result.check, result.verdict) == (f"{JUDGED}/made-up", Verdict.SUITE_ERROR)
    assert result.message == "the search failed: ArithmeticError: 'nothing to draw from'"
