"""The run of a slow system: a first look at every check, then all of each, as many at once as the waiting allows.

What fails beside others may have failed because of them, so it is tried again alone before it is told: for that the
others come to their end, and nothing else begins. During the first look, and right after it, that is soon; later a
failure waits until all else is done, or the budget comes to its end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Generator, Sequence
from time import monotonic
from typing import Any, Final, NamedTuple, Protocol

from contract_tests.contract.verdict import FAILING, Verdict
from contract_tests.engine.budget import Budget, TimeUp, hear
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.processes import Done, Lost
from contract_tests.engine.scheduling.crew import Crew
from contract_tests.engine.scheduling.remarks import Remarks
from contract_tests.scenario.check import Check

SUSPECT: Final = FAILING | {Verdict.SUITE_ERROR}
"""What is told of a check that has to be tried alone."""

FIRST_LOOK: Final = 10.0
"""Seconds for a first look at every check; what it has not come to by then is tried with all the rest."""

_ALONE: Final = 0.2
"""The share of the time that is spent on trying failures alone, until the end."""

_PATIENCE: Final = 0.5
"""Seconds in which what is under way has to end when the time is up."""


class Task(NamedTuple):
    """What is asked of a process: a check, on a single one of its inputs or as a whole."""

    check: str
    look: bool


class Workers(Protocol):
    """Who does tasks: a `processes.Pool`, or this process itself."""

    @property
    def busy(self) -> int:
        """How many are under way."""

    def give(self, item: Any) -> None:
        """Begin with one."""

    def wait(self, seconds: float | None = None) -> list[Done]:
        """Wait for something to be done."""

    def stop(self, patience: float) -> None:
        """End what is under way."""


class Here:
    """Does one task at a time, in this process, when it is waited for."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self._work = work
        self._given: deque[Any] = deque()

    @property
    def busy(self) -> int:
        """Whether there is a task."""
        return len(self._given)

    def give(self, item: Any) -> None:
        """Take a task on."""
        self._given.append(item)

    def wait(self, seconds: float | None = None) -> list[Done]:
        """Do it."""
        item = self._given.popleft()
        return [Done(item, 0, True, self._work(item), 0.0, 0.0)]

    def stop(self, patience: float) -> None:
        """Nothing is under way."""


class Schedule:
    """Which check is tried when, and whose result counts.

    Args:
        checks: the checks in the order in which all of each is tried; side by side and without a budget half of what
            is under way is from its end, so that it is over soon whatever takes longest.
        looks: those that a first look is taken at, in that order.
        complete: the ids of those of which a first look sees everything.
        workers: who tries them.
        crew: how many at once.
        limit: the budget of the run.
        begin: told of every check that is begun.
        remarks: told how far it has come.
    """

    def __init__(
        self,
        checks: Sequence[Check],
        looks: Sequence[Check],
        complete: Container[str],
        workers: Workers,
        crew: Crew,
        limit: Budget,
        begin: Callable[[Check], None],
        remarks: Remarks,
    ) -> None:
        self._open = {check.id: check for check in checks}
        self._whole, self._looks = dict(self._open), deque(looks)
        self._complete, self._workers, self._crew, self._limit = complete, workers, crew, limit
        self._begin, self._remarks = begin, remarks
        self._under_way: dict[Task, bool] = {}
        """What is being tried, and whether that is, or has been, beside something else."""
        self._suspects: dict[str, Check] = {}
        self._started = monotonic()
        self._looked: float | None = None
        self._whole_begun = False
        self._last: set[str] = set()
        self._draining: float | None = None
        self._alone = 0.0

    def results(self) -> Generator[CheckResult, None, None]:
        """What comes of every check, as soon as it is known.

        Raises:
            Lost: the system ended the process it was tried in.
        """
        try:
            while self._open and self._limit.left != 0.0:
                self._hand_out()
                for done in self._workers.wait(self._limit.left):
                    yield from self._taken(done)
        except TimeUp:
            hear()
        finally:
            self._workers.stop(_PATIENCE)
        for check in self._open.values():
            yield CheckResult(check.id, check.clause, Verdict.NOT_RUN, self._why_not(check))

    def _why_not(self, check: Check) -> str:
        if check.id in self._suspects:
            return "it failed beside others, and the time ran out before it was tried alone"
        begun = any(task.check == check.id for task in self._under_way)
        return f"the time ran out {'while' if begun else 'before'} it was tried"

    # --- what is begun ----------------------------------------------------------------------------------------------

    def _hand_out(self) -> None:
        if self._suspects and self._time_for_suspects():
            self._draining = self._draining or monotonic()
            if not self._workers.busy:
                self._give(Task(next(iter(self._suspects)), look=False))
            return
        while self._workers.busy < self._crew.size and (task := self._next()):
            self._give(task)

    def _time_for_suspects(self) -> bool:
        """Whether failures are tried alone now: as long as what they would have to wait for is but a look."""
        if self._draining is not None or not (self._looks or self._whole):
            return True
        left, passed = self._limit.left, monotonic() - self._started
        ending = left is not None and left < _ALONE * (left + passed)
        return ending or not (self._whole_begun or (self._looks and self._alone > _ALONE * passed))

    def _next(self) -> Task | None:
        if self._looked is not None and monotonic() - self._looked > FIRST_LOOK:
            self._looks.clear()
        if self._looks:
            self._remarks.looks(len(self._looks) - 1)
            return Task(self._looks.popleft().id, look=True)
        if self._suspects and not self._whole_begun:
            return None
        at_once = self._crew.size if self._limit.left is None else 0
        from_end = 2 * sum(task.check in self._last for task in self._under_way) < at_once - 1
        for check_id in reversed(self._whole) if from_end else self._whole:
            if Task(check_id, look=True) not in self._under_way:
                del self._whole[check_id]
                self._whole_begun = True
                if from_end:
                    self._last.add(check_id)
                return Task(check_id, look=False)
        return None

    def _give(self, task: Task) -> None:
        self._begin(self._open[task.check])
        self._under_way = {**dict.fromkeys(self._under_way, True), task: bool(self._under_way)}
        self._workers.give(task)

    # --- what comes of it -------------------------------------------------------------------------------------------

    def _taken(self, done: Done) -> Generator[CheckResult, None, None]:
        """Take in what is done: the result of a check, if it is known by that."""
        task: Task = done.item
        if isinstance(done.value, Lost):
            done.value.item = task.check
        result: CheckResult = done.result()
        if self._looked is None:
            self._looked = monotonic()
        beside = self._under_way.pop(task)
        self._crew.spent(done.cpu, done.wall)
        if result.verdict in SUSPECT and (task.look or beside):
            self._suspects[task.check] = self._open[task.check]
            self._whole.pop(task.check, None)
        elif not task.look or result.verdict is Verdict.NOT_CLAIMED or self._sees_all(task, result):
            self._cleared(task.check)
            del self._open[task.check]
            self._remarks.done(task.check, self._crew.size)
            yield result

    def _sees_all(self, task: Task, result: CheckResult) -> bool:
        return task.check in self._complete and result.verdict is not Verdict.NOT_RUN

    def _cleared(self, check_id: str) -> None:
        """Nothing more is to be done for a check; when it was the last that was tried alone, others follow."""
        self._whole.pop(check_id, None)
        if self._suspects.pop(check_id, None) and not self._suspects and self._draining is not None:
            self._alone += monotonic() - self._draining
            self._draining = None
