"""Runs the suite without pytest: every check, one after the other, into a report."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Final, NamedTuple

from contract_tests.clauses.checks import all_checks, check_called
from contract_tests.contract.verdict import FAILING, Verdict
from contract_tests.engine import processes
from contract_tests.engine.budget import Budget, TimeUp, hear
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.deviations import Deviation, judge_expected, replay, with_expected
from contract_tests.engine.report import Report, build
from contract_tests.engine.runner import run_check
from contract_tests.engine.scheduling.costs import cheapest_first, likeliest_first, priced, shortest_first
from contract_tests.engine.scheduling.crew import Crew
from contract_tests.engine.scheduling.pace import Pace, measured
from contract_tests.engine.scheduling.remarks import Remarks, duration
from contract_tests.engine.scheduling.schedule import FIRST_LOOK, Here, Schedule, Task
from contract_tests.engine.search import combinations
from contract_tests.engine.settings import RunSettings
from contract_tests.preflight.plug import preflight
from contract_tests.scenario.check import STATEFUL, Check
from contract_tests.system import lookup, supervision
from contract_tests.system.system import System

Progress = Callable[[Check, "CheckResult | None"], None]
"""Told of every check, before it runs (without a result) and after."""

_GLANCE: Final = 60.0
"""Seconds after which a glance at all checks has found nothing that shows at once."""

_GLANCE_TOLD: Final = 5.0
"""Seconds after which is told how far it has come."""

_WORTH_A_PROCESS: Final = 60
"""Checks that take as long as starting another process."""


def reference_factory() -> Callable[[], System]:
    """The factory of the reference system."""
    return lookup.factory(lookup.REFERENCE)


def run_suite(
    factory: Callable[[], System],
    settings: RunSettings | None = None,
    *,
    clauses: Sequence[str] | None = None,
    deviations: Sequence[Deviation] = (),
    fail_fast: bool = False,
    budget: float | None = None,
    progress: Progress | None = None,
    jobs: int | None = None,
    named: str = "",
    say: Callable[[str], None] = lambda line: None,
) -> Report:
    """Run the checks of ``clauses`` (all by default) on fresh systems from ``factory``.

    A clause with a declared deviation is judged by the deviation's witness alone; one that the system expects to fail
    by the first failure that is found. With ``fail_fast`` the run ends at the first clause that is not kept; a glance
    at all of them finds one that shows at once, and that is then tried first. One that can't be tried, as another
    promise is broken, is no end: that one is still to be found; a call that does not come back is one, as nobody wants
    to wait for the next. What was not tried counts as not run.
    With a ``budget``, in seconds of real time, nothing more is tried once it is used up, and what is under way is
    interrupted, if this is the main thread; what takes least is tried first, and what was not tried to its end counts
    as not run, too. With several ``jobs`` the checks run on that many
    processes, to the same report; these find the factory by the name it goes by, as `resolve.factory` does. Without
    ``named`` there is one process, nor is there more than one with a budget. When ``jobs`` is left out, a system that
    says it is isolated gets one per core, unless there is too little to do for that.

    Raises:
        BadSystem: a look at the system before any clause is tried shows that nothing can be judged.
        Lost: the system ended the process it was tried in, one of several.
    """
    limit = Budget(budget)
    settings, results = settings or RunSettings(), list[CheckResult]()
    try:
        with limit.interrupting():
            checks = [check for check in all_checks() if clauses is None or check.clause in clauses]
            if named and budget is None and (jobs or _processes(factory, len(checks))) > 1:
                processes.warm_up()
            preflight(factory)
            deviations = with_expected(deviations, factory)
            settings = fitting(settings, factory)
            declared = {deviation.clause: deviation for deviation in deviations}
            run = _Run(factory, settings, declared, limit, named, jobs, progress or _untold, say)
            for result in run.results(checks, fail_fast=fail_fast):
                results.append(result)
    except TimeUp:
        hear()
    report = build(lookup.label(factory), settings, results)
    report.deviations = list(deviations)
    return report


def _untold(check: Check, result: CheckResult | None) -> None:
    """Nobody wants to be told."""


class _Run(NamedTuple):
    """What is the same for all checks of a run."""

    factory: Callable[[], System]
    settings: RunSettings
    declared: Mapping[str, Deviation]
    limit: Budget
    named: str
    jobs: int | None
    tell: Progress
    say: Callable[[str], None]

    def results(self, checks: Sequence[Check], *, fail_fast: bool) -> Iterator[CheckResult]:
        """What comes of the checks, as it is known."""
        pace = measured(self.factory)
        results = self._scheduled(checks, pace) if pace.waits else self._in_turn(checks, fail_fast=fail_fast)
        with closing(results):
            for result in results:
                supervision.note("done", result.check)
                self.tell(check_called(result.check), result)
                yield result
                if fail_fast and _ends(result):
                    break

    def _begin(self, check: Check) -> None:
        supervision.note("trying", check.id)
        self.tell(check, None)

    # --- systems that wait ------------------------------------------------------------------------------------------

    def _scheduled(self, checks: Sequence[Check], pace: Pace) -> Generator[CheckResult, None, None]:
        """A first look at all checks, then all of each: side by side, as far as the system says it is isolated."""
        wish = _wish(self.factory)
        if self._beside(wish, checks):
            processes.warm_up()
        costs = priced(checks, self.settings, reference_factory(), wish.like)
        seconds = {check.id: costs[check.id].whole(pace) for check in checks}
        looks = [check for check in likeliest_first(checks, costs, pace) if check.clause not in self.declared]
        if sum(seconds.values()) <= FIRST_LOOK:
            looks = []
        remarks = Remarks(self.say, seconds)
        workers: Here | processes.Pool = Here(
            partial(_tried, self.limit.within(self.factory), self.settings, self.declared)
        )
        crew, order = Crew(1, fixed=1), cheapest_first(checks, costs)
        if self._beside(wish, looks):
            workers = processes.Pool(partial(_tried_elsewhere, self.named, self.settings, self.declared))
            crew = Crew(os.cpu_count() or 1, self.jobs)
            order = order if self.limit.left is not None else shortest_first(checks, costs, pace)
        remarks.begin(str(pace), len(looks), crew.most)
        complete = {check.id for check in looks if _is_one_example(check, self.settings)}
        schedule = Schedule(order, looks, complete, workers, crew, self.limit, self._begin, remarks)
        yield from schedule.results()

    def _beside(self, wish: _Wish, looks: Sequence[Check]) -> bool:
        """Whether several processes are used: that takes a name to find the system by, and something to do."""
        return bool(self.named) and (self.jobs or (2 if wish.isolated and looks else 1)) > 1

    # --- systems that compute ---------------------------------------------------------------------------------------

    def _in_turn(self, checks: Sequence[Check], *, fail_fast: bool) -> Generator[CheckResult, None, None]:
        """All of each check, one after the other, or one on each core; with a glance before a run that fails fast."""
        if self.limit.left is not None:
            checks = cheapest_first(checks, priced(checks, self.settings, reference_factory()))
        limited = self.limit.within(self.factory)
        suspect = _at_a_glance(checks, limited, self.settings, self.declared, self.say) if fail_fast else None
        if suspect:
            checks = [suspect, *(check for check in checks if check != suspect)]
        with closing(self._coming(checks, limited, alone=suspect is not None)) as coming:
            for check in checks:
                self._begin(check)
                yield next(coming)

    def _coming(
        self, checks: Sequence[Check], limited: Callable[[], System], *, alone: bool
    ) -> Generator[CheckResult, None, None]:
        jobs = self.jobs
        if not self.named or self.limit.left is not None or alone:
            jobs = 1
        elif jobs is None:
            jobs = _processes(self.factory, len(checks))
        if jobs > 1:
            work = partial(_judge_named, self.named, self.settings, self.declared)
            played = {check.clause for check in checks if check.kind == STATEFUL}
            long = {check.id for check in checks if check.clause in played}
            yield from processes.in_order(work, [check.id for check in checks], jobs, long)
        reference = reference_factory()
        for check in checks if jobs == 1 else ():
            if self.limit.left == 0.0:
                yield CheckResult(check.id, check.clause, Verdict.NOT_RUN, "the time ran out before it was tried")
            else:
                yield judge(check, limited, self.settings, reference, self.declared.get(check.clause))


def _ends(result: CheckResult) -> bool:
    """Whether a run that fails fast ends with a result."""
    if result.verdict is Verdict.NOT_TESTABLE:
        return result.origin is not None and result.origin.kind == "hung"
    return result.verdict in FAILING or result.verdict is Verdict.SUITE_ERROR


def _once(settings: RunSettings) -> RunSettings:
    """The settings of a first look: a single one of the inputs."""
    return replace(settings, examples=1, combinations=1)


def _is_one_example(check: Check, settings: RunSettings) -> bool:
    """Whether a first look at a check is all there is to try; the first of a clause's checks is tried repeatedly."""
    plain = not (check.kind or check.inputs or check.id == check.clause)
    return settings == _once(settings) or (plain and len(combinations(check)) == 1)


def _at_a_glance(
    checks: Sequence[Check],
    factory: Callable[[], System],
    settings: RunSettings,
    declared: Mapping[str, Deviation],
    say: Callable[[str], None],
) -> Check | None:
    """The first check that finds a broken promise on a single one of its inputs, unless that takes too long.

    A run that tries no more than that needs no glance.
    """
    if _once(settings) == settings:
        return None
    begun = told = monotonic()
    for number, check in enumerate(checks):
        if monotonic() - begun > _GLANCE:
            say(f"no more time for a first look, after {number} of {len(checks)} checks")
            break
        if monotonic() - told > _GLANCE_TOLD:
            told = monotonic()
            say(f"first look: {number} of {len(checks)} checks, {duration(told - begun)}")
        if check.clause not in declared:
            supervision.note("trying", check.id)
            result = run_check(check, factory, _once(settings), shrink=False)
            if result.verdict is not Verdict.SUITE_ERROR and _ends(result):
                return check
    return None


def _processes(factory: Callable[[], System], checks: int) -> int:
    """How many processes suit a system and so many checks."""
    if checks < _WORTH_A_PROCESS or not _wish(factory).isolated:
        return 1
    return os.cpu_count() or 1


def fitting(settings: RunSettings, factory: Callable[[], System]) -> RunSettings:
    """The settings, with no more examples and combinations than the system wants to be tried on."""
    wish = _wish(factory)
    examples = settings.examples if wish.examples is None else min(wish.examples, settings.examples)
    limits = [most for most in (wish.combinations, settings.combinations) if most is not None]
    return replace(settings, examples=examples, combinations=min(limits, default=None))


class _Wish(NamedTuple):
    """How a system wants to be tried; what the attributes mean says `System`."""

    examples: int | None = None
    combinations: int | None = None
    isolated: bool = False
    like: System | None = None


def _wish(factory: Callable[[], System]) -> _Wish:
    wish = lookup.asked(factory, lambda one: _Wish(one.examples, one.combinations, one.isolated, one), None)
    return wish or _Wish()


def judge(
    check: Check,
    factory: Callable[[], System],
    settings: RunSettings,
    reference: Callable[[], System],
    deviation: Deviation | None,
) -> CheckResult:
    """What a check says of a system: by the witness of a known deviation where there is one, else by trying."""
    if deviation is None:
        return run_check(check, factory, settings, reference, shrink=settings.examples > 1)
    if deviation.inputs is None:
        return judge_expected(check, factory, settings, reference, deviation)
    result = replay(deviation, factory)
    result.check = check.id
    return result


def _tried(
    factory: Callable[[], System], settings: RunSettings, declared: Mapping[str, Deviation], task: Task
) -> CheckResult:
    """What a check says of a system, of all its inputs or at a first look."""
    check = check_called(task.check)
    if task.look:
        return run_check(check, factory, _once(settings), shrink=False)
    return judge(check, factory, settings, reference_factory(), declared.get(check.clause))


def _tried_elsewhere(named: str, settings: RunSettings, declared: Mapping[str, Deviation], task: Task) -> CheckResult:
    return _tried(lookup.factory(named), settings, declared, task)


def _judge_named(named: str, settings: RunSettings, declared: Mapping[str, Deviation], check_id: str) -> CheckResult:
    check = check_called(check_id)
    return judge(check, lookup.factory(named), settings, reference_factory(), declared.get(check.clause))


def check(factory: Callable[[], System], *, examples: int | None = None, seed: int = 0) -> Report:
    """Judge an implementation, without pytest: ``factory`` makes a fresh `System` each time it is called.

    Args:
        factory: a subclass of `System`, or a function that makes one.
        examples: examples per property; the default profile when left out.
        seed: where all drawing starts from.

    Returns:
        the report; ``report.verdict`` is ``conformant`` when everything that MUST be kept was judged and is kept, and
        ``str(report.conclusion)`` is its headline.

    Raises:
        BadSystem: ``factory`` is no factory of systems, or nothing can be judged of those it makes; the text says what
            is wrong, where, and what to implement.
    """
    usable = lookup.usable(factory, lookup.label(factory))
    settings = RunSettings(seed=seed) if examples is None else RunSettings(examples, seed)
    return run_suite(usable, settings)
