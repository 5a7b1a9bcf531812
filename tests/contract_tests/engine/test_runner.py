"""Running a check: every way it can end, the smallest failing inputs, and whose fault it was."""

from __future__ import annotations

import time
from asyncio import CancelledError
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.clauses.checks import all_checks
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import run_check, try_inputs
from contract_tests.engine.settings import PROFILES, RunSettings
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.exceptions import NotTestable
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers, lists, sampled_from
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed, System
from tests.contract_tests.bodies import JUDGED, SILENT, check, real_check, recording
from tests.contract_tests.faulty import Narrow

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.engine.check_result import CheckResult

QUICK = RunSettings(examples=PROFILES["quick"])
THOROUGH = RunSettings(examples=100)


def run(
    body: Callable[..., Any],
    system: Callable[[], System] = SimulatedSystem,
    settings: RunSettings = QUICK,
    reference: Callable[[], System] | None = None,
    **inputs: Any,
) -> CheckResult:
    """What comes of a made-up check."""
    return run_check(check(body, **inputs), system, settings, reference)


# --- the ways a check can end -----------------------------------------------------------------------------------------


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
        ["sleep(1.5)"],
        ["alice:", "get_job_meta(job1)"],
    ]


def test_a_violation_has_the_smallest_inputs() -> None:
    """Of all the inputs that break a promise, the report shows the least."""
    result = run(
        lambda s, number, letters: s.require(number < 17, "less than 17", number),
        settings=THOROUGH,
        number=integers(0, 1000),
        letters=lists(sampled_from("a", "b"), 0, 9),
    )

    assert (result.verdict, result.inputs) == (Verdict.VIOLATED, {"number": 17, "letters": []})


def test_all_listed_inputs_are_tried() -> None:
    """Every combination of listed inputs is tried, however few examples were asked for."""
    seen = set()

    def body(s: Scenario, state: str, by: int, number: int) -> None:
        seen.add((state, by))

    result = run(
        body, settings=RunSettings(examples=1), state=Each("a", "b", "c"), by=Each(0, 1), number=integers(0, 10)
    )

    assert seen == {(state, by) for state in "abc" for by in (0, 1)}
    assert result.verdict is Verdict.MET
    assert result.examples >= 6


def test_listed_inputs_of_a_violation_are_told() -> None:
    """The combination that failed is among the inputs."""
    result = run(lambda s, state: s.require(state != "b", "not b", state), state=Each("a", "b", "c"))

    assert result.inputs == {"state": "b"}


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
    assert "the system can't be made" in result.message


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
        assert "the system can't be closed" in result.message


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


def test_an_implementation_that_answers_differently_each_time_is_still_violating() -> None:
    """A violation that does not come back when it is tried again is told, with the remark that it comes and goes."""
    asked = []

    def body(s: Scenario, number: int) -> None:
        asked.append(number)
        s.require(len(asked) != 3, "the same each time", "a surprise")

    result = run(body, settings=THOROUGH, number=integers(0, 1000))

    assert (result.verdict, result.observed) == (Verdict.VIOLATED, "a surprise")
    assert "not on every try" in result.message


def test_nothing_more_is_tried_once_a_check_cannot_go_on() -> None:
    """Not claimed and not testable end a search at its first example."""
    tried = []

    def body(s: Scenario, number: int, which: str) -> None:
        tried.append(number)
        raise NotClaimed("more") if which == "a" else NotTestable("later")

    run(body, settings=THOROUGH, number=integers(0, 1000), which=Each("a", "b"))

    assert len(tried) == 1


def test_a_fresh_system_is_made_for_every_example_and_closed() -> None:
    """No example sees what another left behind, however it ended."""
    system = recording()
    result = run(lambda s, number: s.require(number < 50, "less", number), system, THOROUGH, number=integers(0, 100))

    assert result.verdict is Verdict.VIOLATED
    assert len(system.made) == result.examples
    assert system.closed == system.made


def test_the_state_machine_closes_every_system_it_opens() -> None:
    """Sequences leave nothing open either."""
    system = recording()
    result = run_check(real_check("life.model"), system, RunSettings(examples=3))

    assert result.verdict is Verdict.MET
    assert system.closed == system.made
    assert len(system.made) == result.examples > 3


# --- calls that never come back ---------------------------------------------------------------------------------------


class Hanging(SimulatedSystem):
    """A system on which whatever is named in `hangs` waits for ever."""

    call_limit = 0.5
    hangs = ""

    def _wait(self, name: str) -> None:
        while self.hangs == name:
            time.sleep(0.01)

    def open_session(self, user: str | None = None) -> Any:
        """Hang, or give a session that does."""
        self._wait("open_session")
        session = super().open_session(user)
        if self.hangs in ("list_jobs", "submit_job"):
            setattr(session, self.hangs, lambda *args, **kwargs: self._wait(self.hangs))
        return session

    def job_folder(self, plan: JobPlan) -> str:
        """Hang or not."""
        self._wait("job_folder")
        return super().job_folder(plan)

    def outage(self) -> None:
        """Hang or not."""
        self._wait("outage")

    def close(self) -> None:
        """Hang or not."""
        self._wait("close")
        super().close()


def hanging(where: str) -> type[Hanging]:
    """A system that hangs in one place."""
    return type("HangsThere", (Hanging,), {"hangs": where})


def test_a_call_that_never_comes_back_is_a_violation() -> None:
    """The call under test is ended and reported, not waited for."""

    def body(s: Scenario) -> None:
        outcome = s.open().do("list_jobs")
        s.require(outcome.returned, "a list", outcome)

    result = run(body, hanging("list_jobs"), reference=SimulatedSystem)

    assert (result.verdict, result.observed) == (Verdict.VIOLATED, "did not come back")
    assert result.operations[-1] == "alice: list_jobs() did not come back"


def test_a_hang_is_not_made_smaller() -> None:
    """Each further try would be waited for, so the first inputs that hang are the ones that are told."""

    def body(s: Scenario, number: int) -> None:
        outcome = s.open().do("list_jobs")
        s.require(outcome.returned, "a list", outcome)

    assert run(body, hanging("list_jobs"), THOROUGH, number=integers(0, 1000)).examples == 1


@pytest.mark.parametrize("where", ["submit_job", "open_session", "job_folder", "outage"])
def test_a_hang_on_the_way_is_not_testable(where: str) -> None:
    """A call that is needed first and never comes back ends the check; nobody waits for it."""

    def body(s: Scenario) -> None:
        s.open().submit()
        s.on_system("outage")

    result = run(body, hanging(where), reference=SimulatedSystem)

    assert result.verdict is Verdict.NOT_TESTABLE
    assert "did not come back" in result.message


def test_a_system_that_is_never_closed_is_not_testable() -> None:
    """A close that hangs is ended as well."""
    result = run(lambda s: None, hanging("close"))

    assert result.verdict is Verdict.NOT_TESTABLE
    assert "did not come back" in result.message


def test_a_monitor_that_asks_for_ever_is_ended() -> None:
    """A callback that is called far too often ends its monitor, which then counts as one that never came back."""
    from contract_tests.scenario.operations import Callback

    def body(s: Scenario) -> None:
        alice = s.open()
        outcome = alice.monitor(alice.submit(JobPlan(waits=True)), Callback(limit=10), poll=0.5)
        s.require(outcome.returned, "an end", outcome)

    result = run(body)

    assert result.verdict is Verdict.VIOLATED
    assert "did not come back" in result.observed


# --- trying given inputs ----------------------------------------------------------------------------------------------


def test_given_inputs_are_tried_once() -> None:
    """A single try neither searches nor shrinks."""
    tried = []

    def body(s: Scenario, number: int) -> None:
        tried.append(number)
        s.require(number < 10, "less than 10", number)

    result = try_inputs(check(body, number=integers(0, 100)), {"number": 70}, SimulatedSystem)

    assert (result.verdict, result.inputs, tried) == (Verdict.VIOLATED, {"number": 70}, [70])
    assert try_inputs(check(body, number=integers(0, 100)), {"number": 7}, SimulatedSystem).verdict is Verdict.MET


def test_every_verdict_of_a_single_try_is_told() -> None:
    """Not claimed, not testable and suite error come out of a single try as they do of a search."""

    def body(s: Scenario, how: str) -> None:
        if how == "claim":
            raise NotClaimed("it")
        if how == "test":
            raise NotTestable("it")
        raise ZeroDivisionError

    found = [try_inputs(check(body), {"how": how}, SimulatedSystem).verdict for how in ("claim", "test", "crash")]

    assert found == [Verdict.NOT_CLAIMED, Verdict.NOT_TESTABLE, Verdict.SUITE_ERROR]


def test_inputs_that_do_not_fit_are_a_fault_of_the_suite() -> None:
    """A reproducer of an older release whose inputs have changed is no failure of the system."""
    result = try_inputs(check(lambda s, number: None), {"other": 1}, SimulatedSystem)

    assert result.verdict is Verdict.SUITE_ERROR


def test_a_form_that_a_session_does_not_take_is_left_out() -> None:
    """A check of something else is decided by the calls that the session takes."""
    flags = Each({}, {"all": True})
    kept = run(
        lambda s, flags: s.require(s.open().do("list_jobs", **flags).value == [], "[]", "more"), Narrow, flags=flags
    )
    broken = run(
        lambda s, flags: s.require(s.open().do("list_jobs", **flags).value, "jobs", "none"), Narrow, flags=flags
    )

    assert kept.verdict is Verdict.MET
    assert (broken.verdict, broken.inputs) == (Verdict.VIOLATED, {"flags": {}})


def test_a_check_of_which_nothing_is_left_is_not_testable() -> None:
    """No verdict without a single call."""
    result = run(lambda s: s.open().do("list_jobs", all=True), Narrow)

    assert result.verdict is Verdict.NOT_TESTABLE


def test_a_lost_parameter_is_held_against_a_session_once() -> None:
    """The clauses about the parameter name it, and what only happens to use it is judged without."""
    judged = {
        found.id: run_check(found, Narrow, QUICK).verdict
        for found in all_checks()
        if found.clause
        in ("list.all", "list.all-false", "list.dicts", "list.order", "download.no-effect", "life.final")
    }

    assert {name.partition("/")[0] for name, verdict in judged.items() if verdict is Verdict.VIOLATED} == {
        "list.all",
        "list.all-false",
    }
    assert set(judged.values()) == {Verdict.VIOLATED, Verdict.MET}
