"""A budget of real time: what is tried within it, and what is said of the rest."""

from __future__ import annotations

import gc
import signal
import threading
import time
from contextlib import suppress
from typing import Any

import pytest

from contract_tests.clauses.checks import checks_of
from contract_tests.contract.verdict import Overall, Verdict
from contract_tests.engine import budget
from contract_tests.engine.budget import Budget, TimeUp
from contract_tests.engine.deviations import Deviation
from contract_tests.engine.runner import run_check
from contract_tests.engine.scheduling.costs import cheapest_first, priced
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import fitting, judge, reference_factory, run_suite
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers
from tests.contract_tests.made_up_checks import check

CLAUSES = ("shape.methods", "close.again", "list.empty", "life.ends.completed")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> type[SimulatedSystem]:
    """A system that takes a second to make, on a clock that nothing else moves."""
    passed = [0.0]
    monkeypatch.setattr(budget, "monotonic", lambda: passed[0])

    class Slow(SimulatedSystem):
        def __init__(self) -> None:
            super().__init__()
            passed[0] += 1.0

    return Slow


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="nobody is interrupted there")
def test_nobody_is_interrupted_while_garbage_is_collected(recwarn: pytest.WarningsRecorder) -> None:
    """What is raised there would reach nobody: it comes right after."""

    def collecting(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            time.sleep(0.02)

    def waiting() -> None:
        gc.collect()
        time.sleep(5.0)

    gc.callbacks.append(collecting)
    try:
        with pytest.raises(TimeUp), Budget(0.01).interrupting():
            waiting()
    finally:
        gc.callbacks.remove(collecting)
    assert list(recwarn) == []


def test_without_a_budget_the_factory_stays_as_it_is() -> None:
    """Nothing is wrapped where nothing is limited."""
    assert Budget(None).within(SimulatedSystem) is SimulatedSystem


def test_the_factory_works_until_the_time_is_up(slow: type[SimulatedSystem]) -> None:
    """What begins before the end is made; after that nothing is."""
    limited = Budget(1.5).within(slow)

    assert [type(limited()), type(limited())] == [slow, slow]
    with pytest.raises(budget.OutOfTime, match=r"the budget of 1\.5 s is used up"):
        limited()


def test_what_is_left_when_the_time_is_up_is_not_run(slow: type[SimulatedSystem]) -> None:
    """Such a run is partial, and says how far it came; there is no silent pass."""
    report = run_suite(slow, RunSettings(2), clauses=CLAUSES, budget=9.5)  # half of it for the plug and the pace
    verdicts = {entry.clause.id: entry.verdict for entry in report.clauses if entry.checks}

    assert report.verdict is Overall.PARTIAL
    assert verdicts["shape.methods"] is Verdict.MET
    assert verdicts["life.ends.completed"] is Verdict.NOT_RUN
    assert report.counts["not run"] > len(report.clauses) + len(report.observations) - len(CLAUSES)


def test_a_check_that_is_cut_short_is_not_run(slow: type[SimulatedSystem]) -> None:
    """To have seen nothing wrong in some of its inputs is no result; how many were tried is told."""
    body = check(lambda s, state: s.open(), state=Each("a", "b", "c", "d"))
    result = run_check(body, Budget(2.5).within(slow), RunSettings(2))

    assert (result.verdict, result.examples) == (Verdict.NOT_RUN, 3)
    assert "3 examples" in result.message


def test_a_violation_counts_although_there_is_no_time_to_make_it_small(slow: type[SimulatedSystem]) -> None:
    """Time that runs out while inputs are shrunk takes back nothing."""

    def body(s: Scenario, number: int) -> None:
        s.open()
        s.require(number < 3, "less than 3", number)

    result = run_check(check(body, number=integers(0, 1000)), Budget(10.0).within(slow), RunSettings(100))

    assert result.verdict is Verdict.VIOLATED


def test_a_deviation_that_was_not_tried_is_not_stale(slow: type[SimulatedSystem]) -> None:
    """Whether its witness still shows it is not known."""
    declared = Deviation("close.again", "for a test", "", None, "close.again", {})
    report = run_suite(slow, clauses=["close.again"], deviations=[declared], budget=0.0)

    assert report.counts == {"not run": len(report.clauses) + len(report.observations)}


def test_what_takes_least_is_tried_first() -> None:
    """Order is by the contract seconds that a clause takes; the checks of a clause stay together."""
    clauses = ("life.ends.unschedulable", "life.ends.completed", "shape.methods")
    checks = [found for clause in clauses for found in checks_of(clause)]
    ordered = cheapest_first(checks, priced(checks, RunSettings(), reference_factory()))

    assert sorted(map(id, ordered)) == sorted(map(id, checks))
    assert [found.clause for found in ordered] == [clause for clause in reversed(clauses) for _ in checks_of(clause)]


def test_a_system_says_how_many_combinations_are_enough() -> None:
    """Of the listed inputs the first are tried, and others at even distances; those of other systems are all tried."""
    seen: list[Any] = []
    made = check(lambda s, state, by: seen.append((state, by)), state=Each("a", "b", "c"), by=Each(0, 1))

    run_check(made, SimulatedSystem, RunSettings(2, combinations=3))

    assert seen == [("a", 0), ("b", 0), ("c", 0)]


def test_the_system_has_the_say_in_a_run() -> None:
    """What it wants reaches the settings of the run."""

    class Few(SimulatedSystem):
        combinations = 2

    assert run_suite(Few, RunSettings(2), clauses=[]).settings == RunSettings(2, combinations=2)
    assert run_suite(Few, RunSettings(2, combinations=3), clauses=[]).settings == RunSettings(2, combinations=2)


@pytest.mark.parametrize("system", [None, 4])
def test_a_run_may_be_content_with_fewer(system: int | None) -> None:
    """Than what the system wants, or all that there are."""

    class Content(SimulatedSystem):
        combinations = system

    assert run_suite(Content, RunSettings(2, combinations=3), clauses=[]).settings.combinations == 3


def test_a_single_example_is_a_single_one_and_is_not_made_smaller() -> None:
    """Where an example takes seconds, none is spent on making a failure nicer; it is only shown once more."""

    class Slow(SimulatedSystem):
        examples = 1

    def body(s: Scenario, number: int) -> None:
        s.require(not isinstance(s.system, Slow), "another system", number)

    made = check(body, number=integers(5, 1000))
    kept = judge(made, SimulatedSystem, RunSettings(1), SimulatedSystem, None)
    broken = judge(made, Slow, fitting(RunSettings(), Slow), SimulatedSystem, None)

    assert (kept.verdict, kept.examples) == (Verdict.MET, 1)
    assert (broken.verdict, broken.examples) == (Verdict.VIOLATED, 2)


def test_a_failure_is_made_small_where_there_are_more_examples_than_one() -> None:
    """The smallest inputs are told."""

    class Faulty(SimulatedSystem):
        pass

    def body(s: Scenario, number: int) -> None:
        s.require(not isinstance(s.system, Faulty) or number < 17, "less", number)

    found = judge(check(body, number=integers(0, 1000)), Faulty, RunSettings(100), SimulatedSystem, None)

    assert (found.verdict, found.inputs) == (Verdict.VIOLATED, {"number": 17})


class _Dawdling(SimulatedSystem):
    """Opens four sessions; who asks for another waits."""

    begun = 0

    def open_session(self, user: str | None = None) -> Any:
        """The look at the plug, and at the pace, get theirs; the first check after them waits."""
        type(self).begun += 1
        if type(self).begun > 4:
            self.wait()
        return super().open_session(user)

    def wait(self) -> None:
        """As long as it takes."""


def _raise(seconds: float) -> None:
    raise TimeUp(f"{seconds} s")


def test_who_waits_when_the_time_is_up_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that waits for ever is not run, nor is what comes after it; what was found before counts."""
    monkeypatch.setattr(_Dawdling, "begun", 0)
    monkeypatch.setattr(_Dawdling, "wait", lambda self: _raise(900.0))
    results = []
    clauses = ("shape.methods", "close.again", "shape.return-codes")

    report = run_suite(
        _Dawdling, RunSettings(2), clauses=clauses, budget=900.0, progress=lambda check, result: results.append(result)
    )

    assert report.verdict is Overall.PARTIAL
    assert report.counts["not run"] >= len(report.clauses) + len(report.observations) - 2
    assert [result.message for result in results if result and result.verdict is Verdict.NOT_RUN]


def test_where_nobody_can_be_interrupted_what_is_left_is_not_begun(slow: type[SimulatedSystem]) -> None:
    """In another thread than the main one: each check that was to come says so."""
    reports = []
    runs = threading.Thread(
        target=lambda: reports.append(run_suite(slow, RunSettings(2), clauses=CLAUSES, budget=9.5, jobs=1))
    )
    runs.start()
    runs.join()

    told = [check.message for entry in reports[0].clauses for check in entry.checks if check.verdict is Verdict.NOT_RUN]
    assert told.count("the time ran out before it was tried") > 1
    assert "the time ran out after 0 examples" not in told


def _wait_through(interruptions: int) -> None:
    """Wait as if for ever, and let so many interruptions pass."""
    if interruptions:
        with suppress(TimeUp):
            _wait_through(interruptions - 1)
    time.sleep(20.0)


@pytest.mark.parametrize("swallowed", [0, 1])
def test_a_budget_ends_a_wait(swallowed: int) -> None:
    """In the main thread; who catches the first interruption gets another."""
    with pytest.raises(TimeUp), Budget(0.01).interrupting():
        _wait_through(swallowed)

    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_nobody_is_interrupted_who_has_signals_of_his_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest-timeout, say: its alarm stays its own."""
    previous = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    try:
        with Budget(0.01).interrupting():
            assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
        assert signal.getsignal(signal.SIGALRM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGALRM, previous)
