"""monitor_job, seen from outside: what it returns and when, and that it changes nothing."""

from __future__ import annotations

import itertools
from typing import Any

from contract_tests.checks.registry import CheckTable
from contract_tests.domains import Each, choice, quarters, whole
from contract_tests.operations import Callback, Outcome
from contract_tests.plan import JobPlan
from contract_tests.scenario import DONE, LONG, STATES, UNDONE, Actor, Scenario, finished

CHECKS = CheckTable()
_POLL = choice(0.5, 1.0, 2.0, 3.0, 5.0)
_CALLBACK = Each(False, True)


def _code(outcome: Outcome) -> str | None:
    """The name of the return code, or None when the outcome is something else."""
    return getattr(outcome.value, "name", None) if outcome.returned else None


def _callback(wanted: bool) -> Callback | None:
    return Callback() if wanted else None


def _first_end(s: Scenario, actor: Actor, plan: JobPlan) -> float:
    """Seconds from the submission of a job to the moment it is seen to be done, to the next quarter."""
    job = actor.submit(plan)
    waited = 0.0
    while not finished(actor.status(job)) and waited < s.system.patience + (plan.runs or 0.0):
        s.sleep(0.25)
        waited += 0.25
    return waited


@CHECKS.check("monitor.returns-code", state=Each(*STATES))
def _returns_code(s: Scenario, state: str) -> None:
    alice = s.open()
    outcome = alice.monitor(s.job(state, alice), timeout=4)
    code = outcome.value
    known = isinstance(code, int) and (getattr(code, "name", None), int(code)) in (("JOB_FINISHED", 0), ("TIMEOUT", 1))
    s.require(outcome.returned and known, "a MonitorReturnCode", outcome)


@CHECKS.check("monitor.finished", state=Each(*DONE), callback=_CALLBACK, timeout=choice(0, 1, 60))
def _finished(s: Scenario, state: str, callback: bool, timeout: int) -> None:
    alice = s.open()
    outcome = alice.monitor(s.job(state, alice), _callback(callback), timeout=timeout)
    s.require(_code(outcome) == "JOB_FINISHED", f"JOB_FINISHED for a job that is {state}", outcome)


@CHECKS.check(
    "monitor.finished",
    variant="meanwhile",
    ends=Each("COMPLETED", "EXECUTION_EXCEPTION", "ABNORMAL", "FAILED_TO_RUN"),
    callback=_CALLBACK,
    poll=_POLL,
)
def _finished_meanwhile(s: Scenario, ends: str, callback: bool, poll: float) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=8.0, ends=ends))
    outcome = alice.monitor(job, _callback(callback), poll=poll)
    s.require(_code(outcome) == "JOB_FINISHED", f"JOB_FINISHED for a job that ends {ends}", outcome)


@CHECKS.check("monitor.finished", variant="given up", callback=_CALLBACK)
def _finished_given_up(s: Scenario, callback: bool) -> None:
    alice = s.open()
    outcome = alice.monitor(alice.submit(JobPlan(waits=True)), _callback(callback), poll=60.0)
    s.require(_code(outcome) == "JOB_FINISHED", "JOB_FINISHED for a job that could not be scheduled", outcome)


@CHECKS.check("monitor.waits", runs=whole(1, 40), poll=_POLL, callback=_CALLBACK)
def _waits(s: Scenario, runs: int, poll: float, callback: bool) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=float(runs)))
    outcome = alice.monitor(job, _callback(callback), poll=poll)
    status = alice.status(job)
    too_early = _code(outcome) == "JOB_FINISHED" and not finished(status)
    s.require(not too_early, "JOB_FINISHED only of a job that is done", f"JOB_FINISHED, and the job is {status}")


@CHECKS.check(
    "monitor.at-once", state=Each(*DONE), callback=_CALLBACK, poll=choice(1.0, 10.0, 100.0), timeout=choice(0, 1, 500)
)
def _at_once(s: Scenario, state: str, callback: bool, poll: float, timeout: int) -> None:
    alice = s.open()
    job = s.job(state, alice)
    started = s.now()
    cb = _callback(callback)
    outcome = alice.monitor(job, cb, timeout=timeout, poll=poll)
    took = s.now() - started
    s.require(outcome.returned and took < poll / 2 + s.slack, "to return without a sleep", outcome)
    s.require(cb is None or len(cb.calls) == 1, "one poll", f"{len(cb.calls) if cb else 0} calls of the callback")


@CHECKS.check("monitor.promptly", runs=whole(1, 60), poll=_POLL)
def _promptly(s: Scenario, runs: int, poll: float) -> None:
    alice, witness = s.open(), s.open()
    job = alice.submit(JobPlan(runs=float(runs)))
    seen: list[int] = []

    def look(number: int) -> None:
        if finished(witness.status(job)):
            seen.append(number)

    cb = Callback(act=look)
    outcome = alice.monitor(job, cb, poll=poll)
    s.require(
        len(seen) <= 2, "to return by the poll after the end of the job", f"{len(seen) - 1} polls later: {outcome.kind}"
    )


@CHECKS.check("monitor.promptly", variant="silent", runs=whole(1, 30), poll=choice(1.0, 5.0, 20.0, 50.0))
def _promptly_silent(s: Scenario, runs: int, poll: float) -> None:
    alice = s.open()
    plan = JobPlan(runs=float(runs))
    usual = _first_end(s, alice, plan)
    outcome = alice.monitor(alice.submit(plan), poll=poll)
    latest = usual + poll + 2.0 + 2 * s.slack
    s.require(outcome.returned and outcome.took <= latest, f"to return within {latest:g} s", outcome)


def _never_times_out(s: Scenario, runs: float, callback: bool, arguments: dict[str, float]) -> None:
    alice = s.open()
    runs = min(runs, s.system.longest)
    job = alice.submit(JobPlan(runs=runs))
    cb = Callback(limit=100_000) if callback else None
    poll = max(2.0, runs / 200)
    outcome = alice.do("monitor_job", job, **{**arguments, "poll_interval": s.real(poll)}, **({"cb": cb} if cb else {}))
    s.require(_code(outcome) == "JOB_FINISHED", f"JOB_FINISHED after the {runs:g} s the job runs", outcome)


_RUNS = Each(10.0, 200.0, 4_000.0, 90_000.0)


@CHECKS.check("monitor.no-timeout", runs=_RUNS, callback=_CALLBACK)
def _no_timeout(s: Scenario, runs: float, callback: bool) -> None:
    _never_times_out(s, runs, callback, {"timeout": 0})


@CHECKS.check("monitor.timeout-default", runs=_RUNS, callback=_CALLBACK)
def _timeout_default(s: Scenario, runs: float, callback: bool) -> None:
    _never_times_out(s, runs, callback, {})


def _timed_out(
    s: Scenario, state: str, timeout: int, poll: float, callback: bool, slow: float
) -> tuple[Outcome, float]:
    """Monitor an undone job for ``timeout`` seconds; also says how long one call of the callback takes."""
    alice = s.open()
    job = s.job(state, alice) if state == "running" else alice.submit(JobPlan(waits=True))
    cb = Callback(act=lambda _: s.sleep(slow) if slow else None) if callback else None
    return alice.monitor(job, cb, timeout=timeout, poll=poll), slow if callback else 0.0


_TIMEOUT_INPUTS: dict[str, Any] = {
    "state": Each("waiting", "running"),
    "callback": _CALLBACK,
    "timeout": whole(1, 60),
    "poll": choice(0.25, 0.5, 1.0, 2.0, 3.0, 7.0, 20.0, 90.0),
    "slow": choice(0.0, 0.0, 0.5, 3.0),
}


@CHECKS.check("monitor.timeout", **_TIMEOUT_INPUTS)
def _timeout(s: Scenario, state: str, timeout: int, poll: float, callback: bool, slow: float) -> None:
    outcome, _ = _timed_out(s, state, timeout, poll, callback, slow)
    s.require(_code(outcome) == "TIMEOUT", f"TIMEOUT after {timeout} s", outcome)


@CHECKS.check("monitor.timeout-not-early", **_TIMEOUT_INPUTS)
def _not_early(s: Scenario, state: str, timeout: int, poll: float, callback: bool, slow: float) -> None:
    outcome, _ = _timed_out(s, state, timeout, poll, callback, slow)
    early = _code(outcome) == "TIMEOUT" and outcome.took < timeout - s.slack
    s.require(not early, f"no TIMEOUT before {timeout} s", outcome)


@CHECKS.check("monitor.timeout-not-late", **_TIMEOUT_INPUTS)
def _not_late(s: Scenario, state: str, timeout: int, poll: float, callback: bool, slow: float) -> None:
    outcome, call = _timed_out(s, state, timeout, poll, callback, slow)
    latest = timeout + poll + call
    in_time = outcome.took <= latest + s.slack
    s.require(
        outcome.returned and in_time,
        f"an end within {timeout} s, a poll of {poll:g} s and a call of {call:g} s",
        outcome,
    )


@CHECKS.check("monitor.finish-before-timeout", runs=whole(1, 40), poll=_POLL, spare=whole(0, 100), callback=_CALLBACK)
def _finish_before(s: Scenario, runs: int, poll: float, spare: int, callback: bool) -> None:
    alice = s.open()
    plan = JobPlan(runs=float(runs))
    usual = _first_end(s, alice, plan)
    timeout = round(usual + poll + 3.0) + spare
    outcome = alice.monitor(alice.submit(plan), _callback(callback), timeout=timeout, poll=poll)
    s.require(
        _code(outcome) == "JOB_FINISHED", f"JOB_FINISHED of a job that is done {timeout - usual:g} s before", outcome
    )


@CHECKS.check("monitor.finish-in-last-gap", runs=whole(2, 20), poll=choice(40.0, 90.0), callback=_CALLBACK)
def _finish_in_last_gap(s: Scenario, runs: int, poll: float, callback: bool) -> None:
    alice = s.open()
    plan = JobPlan(runs=float(runs))
    usual = _first_end(s, alice, plan)
    timeout = round(usual + 3.0)  # done about 3 s before the timeout, and no poll before it but the first
    outcome = alice.monitor(alice.submit(plan), _callback(callback), timeout=timeout, poll=poll)
    s.require(_code(outcome) == "JOB_FINISHED", "JOB_FINISHED of a job that is done about 3 s before", outcome)


def _gaps(s: Scenario, poll: float, slow: float, arguments: dict[str, float]) -> list[float]:
    """The seconds between calls of the callback, from its return to the next call, while a job runs."""
    alice = s.open()
    job = s.job("running", alice)
    cb = Callback(answers=(True,) * 6, then=False, act=lambda _: s.sleep(slow) if slow else None)
    outcome = alice.do("monitor_job", job, **arguments, cb=cb)
    s.require(outcome.returned and len(cb.calls) >= 2, "polls, each with a call of the callback", outcome)
    times = [call.time or 0.0 for call in cb.calls]
    return [later - earlier for earlier, later in itertools.pairwise(times)]


@CHECKS.check("monitor.poll-not-closer", poll=quarters(0.25, 30), slow=choice(0.0, 0.0, 1.0, 5.0))
def _not_closer(s: Scenario, poll: float, slow: float) -> None:
    for gap in _gaps(s, poll, slow, {"poll_interval": s.real(poll)}):
        s.require(gap >= poll - s.slack, f"polls at least {poll:g} s apart", f"{gap:g} s")


@CHECKS.check("monitor.poll-not-further", poll=quarters(0.25, 30), slow=choice(0.0, 0.0, 1.0, 5.0))
def _not_further(s: Scenario, poll: float, slow: float) -> None:
    for gap in _gaps(s, poll, slow, {"poll_interval": s.real(poll)}):
        s.require(
            gap <= poll + slow + s.slack, f"polls at most {poll:g} s and the callback's {slow:g} s apart", f"{gap:g} s"
        )


@CHECKS.check("monitor.poll-default", timeout=choice(None, 0, 1000))
def _poll_default(s: Scenario, timeout: int | None) -> None:
    default = 2.0 / s.system.time_unit
    for gap in _gaps(s, default, 0.0, {} if timeout is None else {"timeout": s.real(timeout)}):
        s.require(abs(gap - default) <= s.slack, f"polls {default:g} s apart", f"{gap:g} s")


def _unchanged(s: Scenario, state: str, end: str, poll: float) -> None:
    """A monitor that ends early, by timeout or by its callback, leaves its job and another one as they were."""
    alice = s.open()
    other, job = s.job("waiting", alice), s.job(state, alice)
    before = alice.facts(other), alice.facts(job)
    if end == "timeout":
        alice.monitor(job, timeout=5, poll=poll)
    else:
        alice.monitor(job, Callback(answers=(True, True), then=False), poll=poll)
    after = alice.facts(other), alice.facts(job)
    s.unchanged(before, after, "the jobs")
    s.sleep(30.0)
    later = alice.facts(job)
    s.unchanged(before[1], later, "the job")


@CHECKS.check("monitor.timeout-no-effect", state=Each("waiting", "running"), poll=_POLL)
def _timeout_no_effect(s: Scenario, state: str, poll: float) -> None:
    _unchanged(s, state, "timeout", poll)


@CHECKS.check("monitor.callback-end-no-effect", state=Each("waiting", "running"), poll=_POLL)
def _callback_end_no_effect(s: Scenario, state: str, poll: float) -> None:
    _unchanged(s, state, "callback", poll)


@CHECKS.check("monitor.no-effect", state=Each(*DONE, "to the end"), callback=_CALLBACK)
def _no_effect(s: Scenario, state: str, callback: bool) -> None:
    alice = s.open()
    other = s.job("waiting", alice)
    job = alice.submit(JobPlan(runs=3.0)) if state == "to the end" else s.job(state, alice)
    before = alice.facts(other)
    done_before = None if state == "to the end" else alice.meta(job)
    outcome = alice.monitor(job, _callback(callback))
    after = alice.facts(other)
    s.unchanged(before, after, "another job")
    outcome = alice.do("get_job_meta", job)
    s.require(outcome.returned, "the job to be there still", outcome)
    s.require(done_before in (None, outcome.value), f"the job as it was: {s.tell(done_before)}", outcome)
    status = alice.status(job)
    expected = "FINISHED:COMPLETED" if state == "to the end" else status
    s.require(status == expected, expected, status)


def _meanwhile(s: Scenario, state: str, act: str, at: int, poll: float) -> tuple[Outcome, Callback]:
    """Monitor a job in one session while another one acts on it after the ``at``-th poll."""
    alice, other = s.open(), s.open()
    job = s.job(state, alice)

    def step_in(number: int) -> None:
        if number == at:
            other.need(act, job)

    cb = Callback(act=step_in, limit=at + 400)
    return alice.monitor(job, cb, poll=poll), cb


@CHECKS.check("monitor.aborted-meanwhile", state=Each("waiting", "running"), at=whole(1, 6), poll=_POLL)
def _aborted_meanwhile(s: Scenario, state: str, at: int, poll: float) -> None:
    outcome, _ = _meanwhile(s, state, "abort_job", at, poll)
    s.require(_code(outcome) == "JOB_FINISHED", "JOB_FINISHED after the abort", outcome)


@CHECKS.check("monitor.deleted-meanwhile", state=Each("waiting", "running"), at=whole(1, 6), poll=_POLL)
def _deleted_meanwhile(s: Scenario, state: str, at: int, poll: float) -> None:
    outcome, cb = _meanwhile(s, state, "delete_job", at, poll)
    s.require(outcome.raised("JobNotFound"), "JobNotFound at the next poll", outcome)
    s.require(len(cb.calls) == at, f"no call of the callback after call {at}", f"{len(cb.calls)} calls")


@CHECKS.check("monitor.closed-meanwhile", state=Each("waiting", "running"), at=whole(1, 6), poll=_POLL)
def _closed_meanwhile(s: Scenario, state: str, at: int, poll: float) -> None:
    alice = s.open()
    job = s.job(state, alice)

    def close(number: int) -> None:
        if number == at:
            alice.need("close")

    cb = Callback(act=close, limit=at + 50)
    outcome = alice.monitor(job, cb, poll=poll)
    s.require(outcome.raised("SessionClosed"), "SessionClosed at the next poll", outcome)
    s.require(len(cb.calls) == at, f"no call of the callback after call {at}", f"{len(cb.calls)} calls")


@CHECKS.check("monitor.this-job", other=Each(*STATES), after=whole(1, 3))
def _this_job(s: Scenario, other: str, after: int) -> None:
    alice = s.open()
    job = s.job("running", alice)
    if other in UNDONE:
        bystander = s.job(other, alice)

        def step_in(number: int) -> None:
            if number == after:
                alice.need("abort_job", bystander)
    else:
        s.job(other, alice) if other != "given up" else alice.need("abort_job", alice.submit(JobPlan(waits=True)))

        def step_in(number: int) -> None:
            pass

    job = s.job("running", alice)
    outcome = alice.monitor(job, Callback(act=step_in), timeout=20)
    s.require(_code(outcome) == "TIMEOUT", "TIMEOUT of a job that goes on running", outcome)


@CHECKS.check(
    "monitor.again", end=Each("timeout", "callback", "error"), state=Each("waiting", "running"), times=whole(1, 4)
)
def _again(s: Scenario, end: str, state: str, times: int) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(waits=True)) if state == "waiting" else alice.submit(JobPlan(runs=LONG))
    for _ in range(times):
        if end == "timeout":
            alice.monitor(job, timeout=3)
        else:
            alice.monitor(job, Callback(then=False if end == "callback" else LookupError("stop")))
    alice.need("abort_job", job)
    s.until(alice, job, finished, "finished")
    cb = Callback()
    outcome = alice.monitor(job, cb)
    s.require(
        _code(outcome) == "JOB_FINISHED", f"JOB_FINISHED from the monitor after {times} that ended early", outcome
    )
    s.require(len(cb.calls) == 1, "its callback to be called once", f"{len(cb.calls)} calls")


def _observed(outcome: Outcome, cb: Callback) -> str:
    if outcome.kind == "hung":
        return "does not come back"
    end = f"raises {type(outcome.error).__name__}" if outcome.kind == "raised" else f"returns {_code(outcome)}"
    return f"{end} after {len(cb.calls)} calls of the callback"


@CHECKS.check("monitor.negative-timeout")
def _negative_timeout(s: Scenario) -> str:
    alice = s.open()
    cb = Callback(answers=(True, True, True), then=False)
    return _observed(alice.monitor(s.job("running", alice), cb, timeout=-1), cb)


def _odd_poll(clause: str, *values: object) -> None:
    @CHECKS.check(clause, value=Each(*values))
    def body(s: Scenario, value: object) -> str:
        alice = s.open()
        cb = Callback(answers=(True, True, True), then=False)
        job = s.job("running", alice)
        return f"{value!r}: {_observed(alice.do('monitor_job', job, 0, value, cb), cb)}"


_odd_poll("monitor.zero-poll", 0)
_odd_poll("monitor.negative-poll", -1, -0.5)
_odd_poll("monitor.odd-poll", None, "2")
