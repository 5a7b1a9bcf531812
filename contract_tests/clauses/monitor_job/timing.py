"""monitor_job: its timeouts, and the time between its polls."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final, NamedTuple

from contract_tests.clauses.monitor_job.monitored_jobs import POLL, lasting, started
from contract_tests.clauses.shared.monitoring import CALLBACK, callback, code
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.interleaving import Interleaving
from contract_tests.scenario.job_states import LONG, UNDONE, finished
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers, quarter_seconds, sampled_from
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()


def _never_times_out(s: Scenario, runs: float, callback_given: bool, arguments: dict[str, float]) -> None:
    alice = s.open()
    alice.monitor(alice.submit(JobPlan(waits=True)), timeout=3)  # a timeout that must not be remembered
    runs = min(runs, s.system.longest)
    job = alice.submit(JobPlan(runs=runs))
    cb = Callback(limit=100_000) if callback_given else None
    poll = max(2.0, runs / 200)
    outcome = alice.do("monitor_job", job, **{**arguments, "poll_interval": s.real(poll)}, **({"cb": cb} if cb else {}))
    s.require(code(outcome) == "JOB_FINISHED", f"JOB_FINISHED after the {runs:g} s the job runs", outcome)


_RUNS = Each(10.0, 200.0, 4_000.0, 90_000.0)


@CHECKS.check("monitor.no-timeout", runs=_RUNS, callback_given=CALLBACK)
def _no_timeout(s: Scenario, runs: float, callback_given: bool) -> None:
    _never_times_out(s, runs, callback_given, {"timeout": 0})


@CHECKS.check("monitor.no-timeout", variant="a float", callback_given=CALLBACK)
def _no_timeout_float(s: Scenario, callback_given: bool) -> None:
    """A timeout of 0.0 may be refused where only whole numbers are taken, but it is no time that has passed."""
    alice = s.open()
    outcome = alice.do("monitor_job", started(s, alice, 6.0), 0.0, s.real(1.0), callback(callback_given))
    right = code(outcome) == "JOB_FINISHED" or outcome.raised("InvalidArgumentError")
    s.require(right, "JOB_FINISHED, or InvalidArgumentError for a timeout of 0.0", outcome)


@CHECKS.check("monitor.timeout-default", runs=_RUNS, callback_given=CALLBACK)
def _timeout_default(s: Scenario, runs: float, callback_given: bool) -> None:
    _never_times_out(s, runs, callback_given, {})


class _MonitorWithTimeout:
    """A monitor with a timeout of a job that will not be done by then, and how it must end."""

    def __init__(
        self,
        s: Scenario,
        timeout: float,
        poll: float,
        act: Callable[[], object] | None = None,
        *,
        callback_given: bool,
    ) -> None:
        self.s, self.timeout, self.poll, self.call = s, timeout, poll, 0.0
        self.cb = Callback(act=partial(self._acts, act) if act else None) if callback_given else None

    def _acts(self, act: Callable[[], object], number: int) -> None:
        began = self.s.now()
        act()
        self.call = max(self.call, self.s.now() - began)

    def run(self, actor: Actor, job: str, *, by_name: bool = False) -> Outcome:
        """Monitor the job."""
        return actor.monitor(job, self.cb, timeout=self.timeout, poll=self.poll, by_name=by_name)

    def ends(self, outcome: Outcome) -> None:
        """By TIMEOUT."""
        self.s.require(code(outcome) == "TIMEOUT", f"TIMEOUT after {self.timeout:g} s", outcome)

    def not_early(self, outcome: Outcome) -> None:
        """Not before the timeout."""
        early = code(outcome) == "TIMEOUT" and outcome.took < self.timeout - self.s.slack
        self.s.require(not early, f"no TIMEOUT before {self.timeout:g} s", outcome)

    def not_late(self, outcome: Outcome) -> None:
        """Not much after it."""
        parts = f"{self.timeout:g} s, a poll of {self.poll:g} s" + (f", a call of {self.call:g} s" if self.call else "")
        in_time = outcome.took <= self.timeout + self.poll + self.call + self.s.slack
        self.s.require(outcome.returned and in_time, f"an end within {parts}", outcome)


def _monitors_twice(s: Scenario, actor: Actor, job: str) -> None:
    actor.monitor(job, Callback(answers=(True,), then=False), poll=2)


_SLOW: Final[dict[str, Callable[[Scenario, Actor, str], object]]] = {
    "half a second": lambda s, actor, job: s.sleep(0.5),
    "2 s": lambda s, actor, job: s.sleep(2.0),
    "9 s": lambda s, actor, job: s.sleep(9.0),
    "monitoring for 2 s": lambda s, actor, job: actor.monitor(job, timeout=2, poll=2),
    "monitoring for 9 s": lambda s, actor, job: actor.monitor(job, timeout=9, poll=9),
    "monitoring without a timeout": _monitors_twice,
}
"""What takes a callback so long; monitors that it starts have timeouts and intervals of their own."""


def _timeout_checks(clause: str, assertion: str) -> None:
    """Declare the checks of a clause about timeouts; ``assertion`` names the method of `_MonitorWithTimeout`."""

    @CHECKS.check(
        clause,
        state=Each("waiting", "running"),
        callback_given=CALLBACK,
        timeout=integers(1, 60),
        poll=sampled_from(0.25, 0.5, 1.0, 2.0, 3.0, 7.0, 20.0, 90.0),
        slow=sampled_from(0.0, 0.0, 0.5, 3.0),
        later=quarter_seconds(0, 1),
    )
    def any_values(
        s: Scenario, state: str, callback_given: bool, timeout: int, poll: float, slow: float, later: float
    ) -> None:
        alice = s.open()
        job = s.job(state, alice) if state == "running" else alice.submit(JobPlan(waits=True))
        s.sleep(later)
        timed = _MonitorWithTimeout(s, timeout, poll, partial(s.sleep, slow), callback_given=callback_given)
        getattr(timed, assertion)(timed.run(alice, job))

    @CHECKS.check(
        clause,
        variant="every length",
        timeout=Each(1, 2, 10, 59, 61, 599, 3_601, 90_001),
        poll=Each(0.45, 1.0, 20.0),
        callback_given=CALLBACK,
    )
    def every_length(s: Scenario, timeout: int, poll: float, callback_given: bool) -> None:
        alice = s.open()
        whole_time = min(timeout, int(s.system.longest / 4) or 1)
        poll = max(poll, whole_time / 40) if whole_time > 60 else min(poll, s.system.longest / 4)
        job = alice.submit(JobPlan(runs=whole_time * 2 + min(LONG, s.system.longest / 4)))
        s.sleep(0.75)
        timed = _MonitorWithTimeout(s, whole_time, poll, callback_given=callback_given)
        getattr(timed, assertion)(timed.run(alice, job))

    @CHECKS.check(clause, variant="a moment before", timeout=Each(1, 7, 60), polls=Each(1, 3), callback_given=CALLBACK)
    def a_moment_before(s: Scenario, timeout: int, polls: int, callback_given: bool) -> None:
        alice = s.open()
        moment = 4 * s.slack if s.slack < timeout / 40 else 0.0  # where the clock is too coarse, no moment
        timed = _MonitorWithTimeout(s, timeout, (timeout - moment) / polls, callback_given=callback_given)
        getattr(timed, assertion)(timed.run(alice, s.job("running", alice)))

    @CHECKS.check(
        clause,
        variant="slow callback",
        by=Each(*_SLOW),
        poll=Each(0.5, 2.0),
        timeout=Each(6, 20),
    )
    def slow_callback(s: Scenario, by: str, poll: float, timeout: int) -> None:
        alice = s.open()
        job = s.job("running", alice)
        timed = _MonitorWithTimeout(s, timeout, poll, partial(_SLOW[by], s, alice, job), callback_given=True)
        getattr(timed, assertion)(timed.run(alice, job))

    @CHECKS.check(clause, variant="as it starts", timeout=Each(3, 9, 20, 40), callback_given=CALLBACK)
    def as_it_starts(s: Scenario, timeout: int, callback_given: bool) -> None:
        alice = s.open()
        job = alice.submit(JobPlan(dispatches=6.0, runs=LONG))
        timed = _MonitorWithTimeout(s, timeout, 1.0, callback_given=callback_given)
        getattr(timed, assertion)(timed.run(alice, job))

    @CHECKS.check(clause, variant="by name", state=Each("running", "waiting"), callback_given=CALLBACK)
    def by_name(s: Scenario, state: str, callback_given: bool) -> None:
        alice = s.open()
        timed = _MonitorWithTimeout(s, 9, 2.5, callback_given=callback_given)
        getattr(timed, assertion)(timed.run(alice, s.job(state, alice), by_name=True))

    @CHECKS.check(clause, variant="again", first=Each(3, 15), callback_given=CALLBACK)
    def again(s: Scenario, first: int, callback_given: bool) -> None:
        alice = s.open()
        job = s.job("running", alice)
        for timeout, poll in ((first, 2.0), (8, 1.0), (first, 0.5)):
            timed = _MonitorWithTimeout(s, timeout, poll, callback_given=callback_given)
            getattr(timed, assertion)(timed.run(alice, job))

    @CHECKS.check(clause, variant="past", past=Each(*MAIN_HISTORIES), state=Each("running", "waiting"))
    def after_history(s: Scenario, past: str, state: str) -> None:
        alice, job = starting_point(s, past, state)
        timed = _MonitorWithTimeout(s, 7, 2.0, callback_given=True)
        getattr(timed, assertion)(timed.run(alice, job))


def _number_types(clause: str, assertion: str) -> None:
    @CHECKS.check(clause, variant="number types", timeout=Each(7, 7.0), poll=Each(2, 2.0), callback_given=CALLBACK)
    def number_types(s: Scenario, timeout: float, poll: float, callback_given: bool) -> None:
        """A timeout that is no whole number by its type may be refused."""
        alice = s.open()
        timed = _MonitorWithTimeout(s, timeout, poll, callback_given=callback_given)
        outcome = timed.run(alice, s.job("running", alice))
        if type(timeout) is int or not outcome.raised("InvalidArgumentError"):
            getattr(timed, assertion)(outcome)


for _clause, _assertion in (("timeout", "ends"), ("timeout-not-early", "not_early"), ("timeout-not-late", "not_late")):
    _timeout_checks(f"monitor.{_clause}", _assertion)
    _number_types(f"monitor.{_clause}", _assertion)


@CHECKS.check("monitor.timeout-not-early", variant="huge", callback_given=CALLBACK)
def _huge_timeout(s: Scenario, callback_given: bool) -> None:
    """Timeouts that some counters of ticks can't hold; a system may refuse those."""
    alice = s.open()
    for timeout in _HUGE:
        timed = _MonitorWithTimeout(s, timeout, 1.0, callback_given=callback_given)
        timed.not_early(timed.run(alice, started(s, alice, 3.0)))


_HUGE: Final = (2_592_000, 4_294_968, 2**31, 2**32 + 1)
"""A month, and whole seconds just beyond what 32 bits hold of milliseconds, or of seconds, with a sign or without."""


def _finishes_before(s: Scenario, runs: float, poll: float, spare: float, callback_given: bool) -> None:
    alice = s.open()
    timeout = round(runs + poll + 3.0 + s.slack) + spare
    outcome = alice.monitor(started(s, alice, runs), callback(callback_given), timeout=timeout, poll=poll)
    expected = f"JOB_FINISHED of a job that is done {timeout - runs:g} s before"
    s.require(code(outcome) == "JOB_FINISHED", expected, outcome)


@CHECKS.check(
    "monitor.finish-before-timeout", runs=integers(1, 40), poll=POLL, spare=integers(0, 100), callback_given=CALLBACK
)
def _finish_before(s: Scenario, runs: int, poll: float, spare: int, callback_given: bool) -> None:
    _finishes_before(s, float(runs), poll, float(spare), callback_given)


@CHECKS.check(
    "monitor.finish-before-timeout",
    variant="every length",
    runs=Each(1.0, 5.0, 30.0),
    poll=Each(0.5, 3.0, 12.0),
    spare=Each(0.0, 1_000.0),
    callback_given=CALLBACK,
)
def _finish_before_each(s: Scenario, runs: float, poll: float, spare: float, callback_given: bool) -> None:
    _finishes_before(s, runs, poll, spare, callback_given)


@CHECKS.check("monitor.finish-before-timeout", variant="aborted", state=Each(*UNDONE), callback_given=CALLBACK)
def _finish_before_aborted(s: Scenario, state: str, callback_given: bool) -> None:
    alice, other = s.open(), s.open()
    job = s.job(state, alice)
    with suppress(NotClaimed), Interleaving(s, 3.0, lambda: other.need("abort_job", job)):
        outcome = alice.monitor(job, callback(callback_given), timeout=1_000)
        s.require(code(outcome) == "JOB_FINISHED", "JOB_FINISHED of a job that is aborted long before", outcome)


@CHECKS.check("monitor.finish-before-timeout", variant="slow callback", state=Each("completed", "running"))
def _finish_before_slow(s: Scenario, state: str) -> None:
    """The poll that finds the job done comes before the timeout, although its callback returns after it."""
    alice = s.open()
    job = s.job("completed", alice) if state == "completed" else started(s, alice, 4.0)
    cb = Callback(act=lambda _: s.sleep(30.0) if finished(cb.told) else None)
    outcome = alice.monitor(job, cb, timeout=20, poll=2.0)
    s.require(code(outcome) == "JOB_FINISHED", "JOB_FINISHED of a job that a poll long before found done", outcome)


@CHECKS.check(
    "monitor.finish-in-last-gap", runs=integers(2, 20), poll=sampled_from(40.0, 90.0), callback_given=CALLBACK
)
def _finish_in_last_gap(s: Scenario, runs: int, poll: float, callback_given: bool) -> None:
    alice = s.open()
    job = started(s, alice, float(runs))
    timeout = round(runs + 3.0 + s.slack)  # done about 3 s before the timeout, and no poll before it but the first
    outcome = alice.monitor(job, callback(callback_given), timeout=timeout, poll=poll)
    s.require(code(outcome) == "JOB_FINISHED", "JOB_FINISHED of a job that is done about 3 s before", outcome)


class _Gap(NamedTuple):
    """What lies between two calls of a callback.

    Attributes:
        seconds: the contract seconds from the first to the second.
        slow: how many of them the first call took.
        last_look: whether the second came when the time was up, so that the pause may have been a shorter one.
    """

    seconds: float
    slow: float
    last_look: bool


def _gaps(
    s: Scenario, actor: Actor, job: str, arguments: dict[str, Any], slow: float = 0.0, calls: int = 7
) -> list[_Gap]:
    """What lies between the calls of a callback, of which every other one takes ``slow`` seconds."""
    s.now()  # needs a clock to measure by
    act = (lambda number: s.sleep(slow * (number % 2))) if slow else None
    cb = Callback(answers=(True,) * (calls - 1), then=False, act=act)
    outcome = actor.do("monitor_job", job, **arguments, cb=cb)
    if code(outcome) == "JOB_FINISHED" and s.slowest:
        return []  # where replies take long it may be done before there are two polls
    s.require(outcome.returned and len(cb.calls) >= 2, "polls, each with a call of the callback", outcome)
    times = [call.time or 0.0 for call in cb.calls]
    time_is_up = (outcome.started or 0.0) + arguments.get("timeout", 0) / s.system.time_unit - s.slack
    return [
        _Gap(later - earlier, slow * (number % 2), bool(arguments.get("timeout")) and later >= time_is_up)
        for number, (earlier, later) in enumerate(itertools.pairwise(times), 1)
    ]


def _not_closer(s: Scenario, gaps: list[_Gap], poll: float) -> None:
    for number, gap in enumerate(gaps, 1):
        right = gap.last_look or gap.seconds >= poll - s.slack
        s.require(right, f"polls at least {poll:g} s apart", f"{gap.seconds:g} s after poll {number}")


def _not_further(s: Scenario, gaps: list[_Gap], poll: float) -> None:
    for number, (gap, slow, _) in enumerate(gaps, 1):
        told = f"polls at most {poll:g} s" + (f" and the callback's {slow:g} s" if slow else "") + " apart"
        s.require(gap <= poll + slow + s.slack, told, f"{gap:g} s after poll {number}")


def _gap_checks(clause: str, assertion: Any) -> None:
    """Declare the checks of a clause about poll intervals."""

    @CHECKS.check(clause, poll=quarter_seconds(0.25, 30), slow=sampled_from(0.0, 0.0, 1.0, 5.0))
    def any_values(s: Scenario, poll: float, slow: float) -> None:
        alice = s.open()
        assertion(s, _gaps(s, alice, s.job("running", alice), {"poll_interval": s.real(poll)}, slow), poll)

    @CHECKS.check(
        clause,
        variant="every length",
        poll=Each(0.25, 0.7, 1.0, 2.5, 60.5, 700.0),
        slow=Each(0.0, 1.5),
        state=Each("waiting", "dispatched", "running"),
    )
    def every_length(s: Scenario, poll: float, slow: float, state: str) -> None:
        alice = s.open()
        poll = min(poll, max(0.25, s.system.longest / 50))
        calls = max(9, min(30, int(250 / poll)))
        job = lasting(s, alice, state, calls, poll)
        assertion(s, _gaps(s, alice, job, {"poll_interval": s.real(poll)}, slow, calls), poll)

    @CHECKS.check(clause, variant="as it changes", poll=Each(0.5, 2.5), timeout=Each(0, 1_000))
    def as_it_changes(s: Scenario, poll: float, timeout: int) -> None:
        alice = s.open()
        job = alice.submit(JobPlan(dispatches=4.0, runs=6.0))
        arguments = {"poll_interval": s.real(poll), "timeout": s.real(timeout)}
        assertion(s, _gaps(s, alice, job, arguments, calls=100), poll)

    @CHECKS.check(clause, variant="to the timeout", poll=Each(0.75, 4.0), timeout=Each(5, 11))
    def to_the_timeout(s: Scenario, poll: float, timeout: int) -> None:
        alice = s.open()
        arguments = {"poll_interval": s.real(poll), "timeout": s.real(timeout)}
        assertion(s, _gaps(s, alice, s.job("running", alice), arguments, calls=100), poll)

    @CHECKS.check(clause, variant="again", polls=Each((1.0, 5.0), (5.0, 1.0), (2.0, 2.0), (2, 1)))
    def again(s: Scenario, polls: tuple[float, float]) -> None:
        alice = s.open()
        job = s.job("running", alice)
        for poll in polls:
            assertion(s, _gaps(s, alice, job, {"poll_interval": s.real(poll)}), poll)

    @CHECKS.check(clause, variant="past", past=Each(*MAIN_HISTORIES))
    def after_history(s: Scenario, past: str) -> None:
        alice, job = starting_point(s, past, "running")
        assertion(s, _gaps(s, alice, job, {"poll_interval": s.real(3.0)}, calls=13), 3.0)


_gap_checks("monitor.poll-not-closer", _not_closer)
_gap_checks("monitor.poll-not-further", _not_further)


@CHECKS.check(
    "monitor.poll-default",
    timeout=Each(None, 0, 5, 1000),
    state=Each("running", "waiting"),
    earlier=Each(None, 0.5, 7.0),
)
def _poll_default(s: Scenario, timeout: int | None, state: str, earlier: float | None) -> None:
    """The default is in seconds of the implementation, however long a contract second is, and so is the timeout."""
    default = 2.0 / s.system.time_unit
    alice = s.open()
    job = s.job(state, alice)
    if earlier:  # what must not be remembered
        alice.monitor(job, timeout=1, poll=earlier)
    for gap, _, last_look in _gaps(s, alice, job, {} if timeout is None else {"timeout": timeout}):
        right = (last_look and gap < default) or abs(gap - default) <= s.slack
        s.require(right, f"polls {default:g} s apart", f"{gap:g} s")
