"""The schedule of a slow run: first looks, failures tried alone, and what is said when the time is up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.clauses.checks import check_called
from contract_tests.contract.verdict import Verdict
from contract_tests.engine import budget
from contract_tests.engine.budget import Budget
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.processes import Done, Lost
from contract_tests.engine.scheduling import schedule
from contract_tests.engine.scheduling.crew import Crew
from contract_tests.engine.scheduling.remarks import Remarks
from contract_tests.engine.scheduling.schedule import Here, Schedule, Task

IDS = ("shape.methods", "close.again", "list.empty", "meta.name", "abort.twice")
CHECKS = [check_called(check_id) for check_id in IDS]

Judge = Callable[[Task, int], Verdict]


class Workers:
    """Workers on a clock of their own; the one who began last is done first.

    Attributes:
        given: what they were given, and how many were under way by then.
        waited: how long they were waited for.
    """

    def __init__(self, judge: Judge, pass_time: Callable[[float], None]) -> None:
        self.given: list[tuple[Task, int]] = []
        self.stopped = False
        self.waited: list[float | None] = []
        self._judge, self._pass_time = judge, pass_time
        self._under_way: list[tuple[Task, int]] = []

    @property
    def busy(self) -> int:
        """How many are at work."""
        return len(self._under_way)

    def give(self, item: Any) -> None:
        """Note it."""
        self._under_way.append((item, self.busy))
        self.given.append(self._under_way[-1])

    def wait(self, seconds: float | None = None) -> list[Done]:
        """It takes a second."""
        self.waited.append(seconds)
        self._pass_time(1.0)
        task, beside = self._under_way.pop()
        verdict = self._judge(task, max(beside, self.busy))
        return [Done(task, 0, True, CheckResult(task.check, task.check, verdict), 0.0, 1.0)]

    def stop(self, patience: float) -> None:
        """Note it, unless nothing that is under way could come to its end."""
        self.stopped = patience > 0


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which nothing but the workers moves."""
    now = [0.0]
    monkeypatch.setattr(schedule, "monotonic", lambda: now[0])
    monkeypatch.setattr(budget, "monotonic", lambda: now[0])
    return now


class Run:
    """A run of the five checks, by workers who judge as they are told."""

    def __init__(
        self, passed: list[float], judge: Judge, *, looks: bool = True, at_once: int = 3, seconds: float | None = None
    ) -> None:
        def pass_time(seconds: float) -> None:
            passed[0] += seconds

        self.workers = Workers(judge, pass_time)
        self.begun: list[str] = []
        self._schedule = Schedule(
            CHECKS,
            CHECKS if looks else [],
            {"meta.name"},
            self.workers,
            Crew(at_once, at_once),
            Budget(seconds),
            lambda check: self.begun.append(check.id),
            Remarks(lambda line: None, dict.fromkeys(IDS, 1.0)),
        )

    def results(self) -> dict[str, Verdict]:
        """The verdict of every check."""
        found = list(self._schedule.results())
        assert sorted(result.check for result in found) == sorted(IDS)
        assert self.workers.stopped
        return {result.check: result.verdict for result in found}


def _keeps(task: Task, beside: int) -> Verdict:
    return Verdict.MET


def test_every_check_is_looked_at_and_then_tried(passed: list[float]) -> None:
    """But for what a first look sees all of."""
    run = Run(passed, _keeps)

    assert set(run.results().values()) == {Verdict.MET}
    tasks = [task for task, _ in run.workers.given]
    assert tasks[: len(IDS)] == [Task(check_id, look=True) for check_id in IDS]
    assert sorted(task.check for task in tasks if not task.look) == sorted(set(IDS) - {"meta.name"})
    assert max(beside for _, beside in run.workers.given) == 2


def test_what_is_not_claimed_at_a_first_look_is_not_tried_again(passed: list[float]) -> None:
    """More inputs would need the same."""
    run = Run(passed, lambda task, beside: Verdict.NOT_CLAIMED)

    assert set(run.results().values()) == {Verdict.NOT_CLAIMED}
    assert len(run.workers.given) == len(IDS)


@pytest.mark.parametrize(
    "verdict", [Verdict.VIOLATED, Verdict.NOT_TESTABLE, Verdict.SUITE_ERROR, Verdict.STALE_DEVIATION]
)
@pytest.mark.parametrize("looks", [False, True])
def test_what_fails_for_want_of_time_is_no_failure(passed: list[float], verdict: Verdict, looks: bool) -> None:
    """A check that fails beside others is tried again alone, and only then told."""
    run = Run(passed, lambda task, beside: verdict if beside else Verdict.MET, looks=looks)

    assert set(run.results().values()) == {Verdict.MET}


def test_a_failure_is_told_once_it_failed_alone(passed: list[float]) -> None:
    """Nothing else is under way then, and nothing begins."""
    run = Run(passed, lambda task, beside: Verdict.VIOLATED if task.check == "list.empty" else Verdict.MET)

    assert run.results()["list.empty"] is Verdict.VIOLATED
    assert [entry for entry in run.workers.given if entry[0] == Task("list.empty", look=False)] == [
        (Task("list.empty", look=False), 0)
    ]


def test_the_first_failure_does_not_wait_for_the_rest(passed: list[float]) -> None:
    """It shows at a first look, and is tried in full as soon as what is under way is done."""
    run = Run(
        passed, lambda task, beside: Verdict.VIOLATED if task.check == "shape.methods" else Verdict.MET, at_once=1
    )

    run.results()

    assert [task for task, _ in run.workers.given][:2] == [
        Task("shape.methods", look=True),
        Task("shape.methods", look=False),
    ]


def test_a_first_look_has_its_limit(passed: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """What it has not come to is tried all the same."""
    monkeypatch.setattr(schedule, "FIRST_LOOK", 1.0)
    run = Run(passed, _keeps, at_once=1)

    assert set(run.results().values()) == {Verdict.MET}
    assert 1 < sum(task.look for task, _ in run.workers.given) < len(IDS)


def test_when_the_time_is_up_the_rest_is_not_run(passed: list[float]) -> None:
    """What is known by then counts."""
    run = Run(passed, _keeps, looks=False, seconds=2.0)
    found = run.results()

    assert list(found.values()).count(Verdict.MET) == 2
    assert list(found.values()).count(Verdict.NOT_RUN) == 3


def test_nobody_is_waited_for_beyond_the_end_of_the_time(passed: list[float]) -> None:
    """Without an end as long as it takes."""
    limited, endless = Run(passed, _keeps, looks=False, seconds=3.0), Run(passed, _keeps, looks=False)
    limited.results()
    endless.results()

    assert limited.workers.waited == [3.0, 2.0, 1.0]
    assert endless.workers.waited == [None] * len(IDS)


def test_who_works_here_does_what_was_given_first() -> None:
    """And is busy until it has been waited for; what that takes is nobody's matter."""
    here = Here(str.upper)
    here.give("a")
    here.give("b")

    assert (here.busy, here.wait(), here.busy) == (2, [Done("a", 0, True, "A", 0.0, 0.0)], 1)
    here.stop(0.0)
    assert (here.wait(1.0), here.busy) == ([Done("b", 0, True, "B", 0.0, 0.0)], 0)


def test_a_failure_that_could_not_be_tried_alone_is_not_told(passed: list[float]) -> None:
    """It is not run, and says so."""
    run = Run(passed, lambda task, beside: Verdict.VIOLATED, looks=False, seconds=1.0)
    messages = {result.check: result.message for result in run._schedule.results()}

    assert messages == {
        IDS[0]: "the time ran out while it was tried",
        IDS[1]: "the time ran out while it was tried",
        IDS[2]: "it failed beside others, and the time ran out before it was tried alone",
        IDS[3]: "the time ran out before it was tried",
        IDS[4]: "the time ran out before it was tried",
    }


def test_a_failure_is_tried_alone_before_the_time_is_up(passed: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """In the last part of it, three fifths here, however much is left to be tried."""
    monkeypatch.setattr(schedule, "_ALONE", 0.6)
    run = Run(
        passed,
        lambda task, beside: Verdict.VIOLATED if task.check == IDS[1] else Verdict.MET,
        looks=False,
        at_once=2,
        seconds=5.0,
    )

    assert run.results() == {
        **dict.fromkeys(IDS, Verdict.MET),
        IDS[1]: Verdict.VIOLATED,
        IDS[4]: Verdict.NOT_RUN,
    }


def test_a_process_that_ends_is_told_with_its_check(passed: list[float]) -> None:
    """As it is elsewhere."""
    run = Run(passed, _keeps)
    lost = Lost(Task("shape.methods", look=True), 7)
    run.workers.wait = lambda seconds=None: [  # type: ignore[method-assign]
        Done(lost.item, 0, False, lost, 0.0, 0.0)
    ]

    with pytest.raises(Lost) as raised:
        run.results()

    assert (raised.value.item, raised.value.how) == ("shape.methods", "exit code 7")
    assert run.workers.stopped


def test_half_of_them_try_what_takes_least(passed: list[float]) -> None:
    """Side by side what takes longest begins early, and what is over soon is told soon."""
    run = Run(passed, _keeps, looks=False, at_once=4)
    run.results()

    assert [task.check for task, _ in run.workers.given][:4] == [IDS[4], IDS[3], IDS[0], IDS[1]]


def test_one_at_a_time_is_done_here() -> None:
    """In this process, in the order given, and failures are told at once."""
    tried: list[Task] = []

    def work(task: Task) -> CheckResult:
        tried.append(task)
        return CheckResult(task.check, task.check, Verdict.VIOLATED)

    run = Schedule(
        CHECKS,
        [],
        (),
        Here(work),
        Crew(1, 1),
        Budget(None),
        lambda check: None,
        Remarks(lambda line: None, dict.fromkeys(IDS, 1.0)),
    )

    assert [result.check for result in run.results()] == list(IDS)
    assert tried == [Task(check_id, look=False) for check_id in IDS]


def test_what_fails_late_waits_for_the_rest(passed: list[float]) -> None:
    """To wait for what takes long, again and again, would leave the workers with nothing to do."""
    run = Run(
        passed, lambda task, beside: Verdict.VIOLATED if task.check == IDS[0] and beside else Verdict.MET, looks=False
    )
    run.results()

    assert [task.check for task, _ in run.workers.given][-1] == IDS[0]
