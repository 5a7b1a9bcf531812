"""monitor_job: it changes nothing, and what is done to the job or the session meanwhile ends it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from contract_tests.clauses.monitor_job.monitored_jobs import POLL
from contract_tests.clauses.shared.marks import leaves_no_mark
from contract_tests.clauses.shared.monitoring import CALLBACK, LIMITED, ActedOn, acted_on, callback, code, in_time
from contract_tests.clauses.shared.unchanged_jobs import still_there
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.interleaving import Interleaving
from contract_tests.scenario.job_states import DONE, LONG, STATES, UNDONE, finished
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers, quarter_seconds
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()


class _OtherJobs:
    """Jobs beside the monitored one, of the same user and of another, which are to stay as they are."""

    def __init__(self, s: Scenario, alice: Actor) -> None:
        self.s, self.alice = s, alice
        self.beside = [s.job("waiting", alice), s.job("completed", alice)]
        if len(s.system.users) > 1:
            self.beside.append(s.job("waiting", s.open(1)))

    def note(self, *more: str) -> None:
        """Note how things are, with further jobs."""
        self.jobs = [*self.beside, *more]
        self.before = [self.alice.snapshot(job) for job in self.jobs]
        self.listed = sorted(map(str, self.alice.listed(all=True)))

    def same(self) -> None:
        """The assertion that things are as they were noted."""
        for job, before in zip(self.jobs, self.before, strict=True):
            still_there(self.s, self.alice, job, before)
        listed = sorted(map(str, self.alice.listed(all=True)))
        self.s.require(listed == self.listed, f"{len(self.listed)} jobs in the list, as before", self.s.tell(listed))


def _unchanged(
    s: Scenario, state: str, times: int, monitor: Callable[[Actor, str], object], past: str = "nothing"
) -> None:
    """A monitor that ends early leaves everything as it was, also when it is done again and again."""
    alice, job = starting_point(s, past, state)
    others = _OtherJobs(s, alice)
    others.note(job)
    for _ in range(times):
        monitor(alice, job)
        others.same()
    s.sleep(30.0)
    others.same()


@CHECKS.check("monitor.timeout-no-effect", state=Each("waiting", "running"), times=Each(1, 3), callback_given=CALLBACK)
def _timeout_no_effect(s: Scenario, state: str, times: int, callback_given: bool) -> None:
    _unchanged(s, state, times, lambda alice, job: alice.monitor(job, callback(callback_given), timeout=5))


@CHECKS.check("monitor.timeout-no-effect", variant="past", past=Each(*MAIN_HISTORIES), state=Each("waiting", "running"))
def _timeout_no_effect_after(s: Scenario, past: str, state: str) -> None:
    _unchanged(s, state, 1, lambda alice, job: alice.monitor(job, timeout=5), past)


@CHECKS.check("monitor.timeout-no-effect", variant="any interval", timeout=integers(1, 30), poll=POLL)
def _timeout_no_effect_any(s: Scenario, timeout: int, poll: float) -> None:
    _unchanged(s, "running", 1, lambda alice, job: alice.monitor(job, timeout=timeout, poll=poll))


@CHECKS.check(
    "monitor.callback-end-no-effect",
    state=Each("waiting", "running"),
    at=Each(1, 2, 5, 11),
    times=Each(1, 3),
)
def _callback_end_no_effect(s: Scenario, state: str, at: int, times: int) -> None:
    _ended_without_effect(s, state, at, times, False)


@CHECKS.check("monitor.callback-end-no-effect", variant="error", state=Each("waiting", "running"), at=Each(1, 3))
def _callback_error_no_effect(s: Scenario, state: str, at: int) -> None:
    _ended_without_effect(s, state, at, 1, LookupError("stop"))


def _ended_without_effect(s: Scenario, state: str, at: int, times: int, then: object) -> None:
    def monitor(alice: Actor, job: str) -> None:
        alice.monitor(job, Callback(answers=(True,) * (at - 1), then=then), poll=0.5)

    _unchanged(s, state, times, monitor)


@CHECKS.check("monitor.no-effect", state=Each(*DONE), callback_given=CALLBACK)
def _no_effect(s: Scenario, state: str, callback_given: bool) -> None:
    alice = s.open()
    others = _OtherJobs(s, alice)
    job = s.job(state, alice)
    if state == "given up":  # so are the others by now
        others.beside.clear()
    others.note(job)
    for _ in range(2):
        alice.monitor(job, callback(callback_given))
        others.same()
    alice.monitor(job, Callback(then=False))
    others.same()


@CHECKS.check(
    "monitor.no-effect",
    variant="to the end",
    ends=Each("COMPLETED", "EXECUTION_EXCEPTION", "ABNORMAL", "FAILED_TO_RUN"),
    callback_given=CALLBACK,
    cloned=Each(False, True),
)
def _no_effect_to_the_end(s: Scenario, ends: str, callback_given: bool, cloned: bool) -> None:
    alice = s.open()
    others = _OtherJobs(s, alice)
    job = alice.submit(JobPlan(runs=3.0, ends=ends))
    if cloned:
        s.until(alice, job, finished, "finished")
        others.beside.append(job)
        job = alice.clone(job)
    identity = alice.identity(job)
    others.note()
    alice.monitor(job, callback(callback_given))
    others.same()
    outcome = alice.do("get_job_meta", job)
    s.require(outcome.returned, "the job to be there still", outcome)
    s.unchanged(identity, alice.identity(job), s.tell(job))
    status = alice.status(job)
    s.require(not finished(status) or status == f"FINISHED:{ends}", f"FINISHED:{ends}", status)


def _meanwhile(s: Scenario, state: str, act: str, at: int, poll: float, by: int = 0) -> tuple[Outcome, Callback, float]:
    """Monitor a job while another session acts on it after the ``at``-th poll; also says how long it went on then."""
    alice, other = s.open(), s.open(by if len(s.system.users) > 1 else 0)
    job = s.job(state, alice if by == 0 else other)
    acted: list[float] = []

    def step_in(number: int) -> None:
        if number == at:
            other.need(act, job)
            acted.append(s.now())

    cb = Callback(act=step_in, limit=at + 400)
    outcome = alice.monitor(job, cb, poll=poll)
    return outcome, cb, (outcome.ended or 0.0) - (acted[0] if acted else 0.0)


def _stops(s: Scenario, cb: Callback, at: int, went_on: float, poll: float) -> None:
    s.require(len(cb.calls) == at, f"no call of the callback after call {at}", f"{len(cb.calls)} calls")
    in_time(s, went_on, poll)


_WHEN: dict[str, Any] = {"state": Each(*UNDONE), "at": Each(1, 2, 4, 9), "poll": POLL}


@CHECKS.check("monitor.aborted-meanwhile", by=Each(0, 1), **_WHEN)
def _aborted_meanwhile(s: Scenario, by: int, state: str, at: int, poll: float) -> None:
    outcome, _, _ = _meanwhile(s, state, "abort_job", at, poll, by)
    s.require(code(outcome) == "JOB_FINISHED", "JOB_FINISHED after the abort", outcome)


@CHECKS.check("monitor.deleted-meanwhile", **_WHEN)
def _deleted_meanwhile(s: Scenario, state: str, at: int, poll: float) -> None:
    outcome, cb, went_on = _meanwhile(s, state, "delete_job", at, poll)
    s.require(outcome.raised("JobNotFound"), "JobNotFound at the next poll", outcome)
    _stops(s, cb, at, went_on, poll)


@CHECKS.check("monitor.closed-meanwhile", **_WHEN)
def _closed_meanwhile(s: Scenario, state: str, at: int, poll: float) -> None:
    alice = s.open()
    job = s.job(state, alice)
    closed: list[float] = []

    def close(number: int) -> None:
        if number == at:
            alice.need("close")
            closed.append(s.now())

    cb = Callback(act=close, limit=at + 50)
    outcome = alice.monitor(job, cb, poll=poll)
    s.require(outcome.raised("SessionClosed"), "SessionClosed at the next poll", outcome)
    _stops(s, cb, at, (outcome.ended or 0.0) - (closed[0] if closed else 0.0), poll)


_BETWEEN: Final[dict[str, Any]] = {
    "state": Each(*UNDONE),
    "callback_given": CALLBACK,
    "after": quarter_seconds(0, 12),
    "poll": POLL,
}
"""Inputs of checks in which something happens between two polls."""


@CHECKS.check("monitor.aborted-meanwhile", variant="between polls", by=Each(0, 1), **_BETWEEN)
def _aborted_between(s: Scenario, by: int, state: str, callback_given: bool, after: float, poll: float) -> None:
    alice, other = s.open(), s.open(by if len(s.system.users) > 1 else 0)
    job = s.job(state, alice if by == 0 else other)
    with suppress(NotClaimed):
        acted = acted_on(s, alice, job, lambda: other.need("abort_job", job), after, poll, callback_given)
        s.require(code(acted.outcome) == "JOB_FINISHED", "JOB_FINISHED after the abort", acted.outcome)


@CHECKS.check("monitor.deleted-meanwhile", variant="between polls", **_BETWEEN)
def _deleted_between(s: Scenario, state: str, callback_given: bool, after: float, poll: float) -> None:
    alice, other = s.open(), s.open()
    job = s.job(state, alice)
    with suppress(NotClaimed):
        acted = acted_on(s, alice, job, lambda: other.need("delete_job", job), after, poll, callback_given)
        acted.raises(s, "JobNotFound")
        in_time(s, acted.went_on, poll)


@CHECKS.check("monitor.closed-meanwhile", variant="between polls", **_BETWEEN)
def _closed_between(s: Scenario, state: str, callback_given: bool, after: float, poll: float) -> None:
    alice = s.open()
    job = s.job(state, alice)
    with suppress(NotClaimed):
        acted = acted_on(s, alice, job, lambda: alice.need("close"), after, poll, callback_given)
        acted.raises(s, "SessionClosed")
        in_time(s, acted.went_on, poll)


_AFTER: Final[dict[str, Any]] = {"past": Each(*MAIN_HISTORIES), "callback_given": CALLBACK, "limited": LIMITED}


def _acted_on_after(
    s: Scenario, past: str, state: str, act: Callable[[Actor, Actor, str], object], **monitor: bool
) -> ActedOn:
    """Monitor a job in some state, after a history, while something is done by its session or by another one."""
    actor, job = starting_point(s, past, state)
    other = s.open()
    return acted_on(s, actor, job, lambda: act(actor, other, job), 3.0, 2.0, **monitor)


@CHECKS.check("monitor.aborted-meanwhile", variant="past", **_AFTER)
def _aborted_after(s: Scenario, past: str, **monitor: bool) -> None:
    with suppress(NotClaimed):
        acted = _acted_on_after(s, past, "running", lambda actor, other, job: other.need("abort_job", job), **monitor)
        s.require(code(acted.outcome) == "JOB_FINISHED", "JOB_FINISHED after the abort", acted.outcome)


@CHECKS.check("monitor.deleted-meanwhile", variant="past", **_AFTER)
def _deleted_after(s: Scenario, past: str, **monitor: bool) -> None:
    with suppress(NotClaimed):
        acted = _acted_on_after(s, past, "waiting", lambda actor, other, job: other.need("delete_job", job), **monitor)
        acted.raises(s, "JobNotFound")


@CHECKS.check("monitor.closed-meanwhile", variant="past", **_AFTER)
def _closed_after(s: Scenario, past: str, **monitor: bool) -> None:
    with suppress(NotClaimed):
        acted = _acted_on_after(s, past, "running", lambda actor, other, job: actor.need("close"), **monitor)
        acted.raises(s, "SessionClosed")


@CHECKS.check("monitor.this-job", other=Each(*STATES), after=integers(1, 3))
def _this_job(s: Scenario, other: str, after: int) -> None:
    alice = s.open()
    acts: list[Callable[[], object]] = []
    if other in UNDONE:
        bystander = s.job(other, alice)
        acts.append(lambda: alice.need("abort_job", bystander))
    elif other == "given up":  # which takes longer than the job runs
        alice.need("abort_job", alice.submit(JobPlan(waits=True)))
    else:
        s.job(other, alice)
    _runs_on(s, alice, s.job("running", alice), after, acts)


@CHECKS.check(
    "monitor.this-job",
    variant="kin",
    act=Each("abort_job", "delete_job"),
    kin=Each("clone", "original", "job of another"),
)
def _this_job_of_related(s: Scenario, act: str, kin: str) -> None:
    alice = s.open()
    owner = s.open(1) if kin == "job of another" and len(s.system.users) > 1 else alice
    first = s.job("running", owner)
    second = s.bring(alice.clone(first), "running", alice)
    job, other = (first, second) if kin == "clone" else (second, first)
    _runs_on(s, alice, job, 2, [lambda: alice.need(act, other)])


@CHECKS.check("monitor.this-job", variant="between polls", act=Each("abort_job", "delete_job"), state=Each(*UNDONE))
def _this_job_between(s: Scenario, act: str, state: str) -> None:
    alice, other = s.open(), s.open()
    bystander, job = s.job(state, alice), s.job("running", alice)
    with suppress(NotClaimed), Interleaving(s, 3.0, lambda: other.need(act, bystander)):
        outcome = alice.monitor(job, timeout=20)
        s.require(code(outcome) == "TIMEOUT", f"TIMEOUT, as {s.tell(job)} goes on running", outcome)


def _runs_on(s: Scenario, alice: Actor, job: str, after: int, acts: list[Callable[[], object]]) -> None:
    """The assertion that a monitor of a running job goes on, whatever is done at call ``after`` of its callback."""

    def step_in(number: int) -> None:
        if number == after:
            for act in acts:
                act()

    outcome = alice.monitor(job, Callback(act=step_in), timeout=20)
    s.require(code(outcome) == "TIMEOUT", f"TIMEOUT, as {s.tell(job)} goes on running", outcome)


@CHECKS.check(
    "monitor.again", end=Each("timeout", "callback", "error"), state=Each("waiting", "running"), times=Each(1, 2, 4)
)
def _again(s: Scenario, end: str, state: str, times: int) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(waits=True)) if state == "waiting" else alice.submit(JobPlan(runs=LONG))
    for _ in range(times):
        if end == "timeout":
            alice.monitor(job, Callback(), timeout=3)
        else:
            alice.monitor(job, Callback(then=False if end == "callback" else LookupError("stop")))
    outcome = alice.monitor(job, timeout=5, poll=1.0)
    as_long = code(outcome) == "TIMEOUT" and (s.system.clock is None or outcome.took > 5.0 - s.slack)
    s.require(as_long, f"TIMEOUT after 5 s of its own, after {times} that ended early", outcome)
    cb = Callback(answers=(True, True), then=False)
    outcome = alice.monitor(job, cb, poll=1.0)
    s.require(code(outcome) == "ENDED_BY_CB", f"ENDED_BY_CB at call 3, after {times} that ended early", outcome)
    s.require(len(cb.calls) == 3, "its callback to be called three times", f"{len(cb.calls)} calls")
    alice.need("abort_job", job)
    s.until(alice, job, finished, "finished")
    cb = Callback()
    outcome = alice.monitor(job, cb)
    expected = f"JOB_FINISHED from the monitor after {times + 1} that ended early"
    s.require(code(outcome) == "JOB_FINISHED", expected, outcome)
    s.require(len(cb.calls) == 1, "its callback to be called once", f"{len(cb.calls)} calls")


@CHECKS.check("monitor.no-effect", variant="marks", state=Each("waiting", "aborted"))
def _leaves_no_mark(s: Scenario, state: str) -> None:
    leaves_no_mark(s, state, lambda actor, job: actor.monitor(job, Callback(then=False)))
