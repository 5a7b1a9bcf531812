"""monitor_job's callback: when it is called."""

from __future__ import annotations

import math

from contract_tests.clauses.monitor_job.monitored_jobs import POLL, started
from contract_tests.clauses.shared.monitoring import code
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import DONE, STATES, UNDONE, finished
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()
_STATES = Each(*STATES)


@CHECKS.check("monitor.callback-first", state=_STATES, poll=Each(0.5, 5.0), by_name=Each(False, True))
def _first(s: Scenario, state: str, poll: float, by_name: bool) -> None:
    alice = s.open()
    job = s.job(state, alice)
    for _ in range(2):  # a second monitor begins as the first one did
        started = s.now()
        cb = Callback(then=False)
        outcome = alice.monitor(job, cb, poll=poll, by_name=by_name)
        s.require(cb.calls, "a call of the callback", outcome)
        wait = (cb.calls[0].time or 0.0) - started
        s.require(wait < poll / 2 + s.slack, "the first call at once", f"after {wait:g} s")


class _FalsyCallback(Callback):
    """A callback that counts as false."""

    def __bool__(self) -> bool:
        return False


@CHECKS.check("monitor.callback-first", variant="tests false", by_name=Each(False, True))
def _first_tests_false(s: Scenario, by_name: bool) -> None:
    """A callback is called even if it counts as false: one that collects its calls is empty at first."""
    alice = s.open()
    cb = _FalsyCallback(then=False)
    outcome = alice.monitor(s.job("running", alice), cb, timeout=5, by_name=by_name)
    s.require(cb.calls, "a call of a callback that counts as false", outcome)


def _last_call(s: Scenario, alice: Actor, job: str, cb: Callback, poll: float) -> None:
    """The assertion that the last call was told that the job is done."""
    outcome = alice.monitor(job, cb, poll=poll)
    s.require(outcome.returned, "the monitor to return", outcome)
    s.require(finished(cb.told), "a last call with a finished status", s.tell(cb.told))


@CHECKS.check("monitor.callback-last", runs=integers(1, 30), poll=POLL)
def _last(s: Scenario, runs: int, poll: float) -> None:
    alice = s.open()
    _last_call(s, alice, alice.submit(JobPlan(runs=float(runs))), Callback(), poll)


@CHECKS.check(
    "monitor.callback-last",
    variant="every end",
    ends=Each("COMPLETED", "EXECUTION_EXCEPTION", "ABNORMAL", "FAILED_TO_RUN"),
    runs=Each(2.0, 70.0),
)
def _last_every_end(s: Scenario, ends: str, runs: float) -> None:
    alice = s.open()
    _last_call(s, alice, alice.submit(JobPlan(runs=runs, ends=ends)), Callback(), 1.0)


@CHECKS.check("monitor.callback-last", variant="done already", state=Each(*DONE))
def _last_done_already(s: Scenario, state: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    for _ in range(2):
        _last_call(s, alice, job, Callback(), 1.0)


@CHECKS.check("monitor.callback-last", variant="aborted", state=Each(*UNDONE), at=Each(1, 3, 60))
def _last_aborted(s: Scenario, state: str, at: int) -> None:
    alice = s.open()
    job = s.job(state, alice)
    cb = Callback(act=lambda number: alice.need("abort_job", job) if number == at else None, limit=at + 400)
    _last_call(s, alice, job, cb, 0.5)


@CHECKS.check("monitor.callback-last", variant="last gap", runs=Each(2.0, 5.0))
def _last_in_last_gap(s: Scenario, runs: float) -> None:
    """Whoever says that a job is done which ended between the last poll and the timeout has looked, so calls."""
    alice = s.open()
    cb = Callback()
    outcome = alice.monitor(started(s, alice, runs), cb, timeout=round(runs + 3.0 + s.slack), poll=40.0)
    if code(outcome) == "JOB_FINISHED":
        s.require(finished(cb.told), "a last call with a finished status", s.tell(cb.told))


def _calls_match(s: Scenario, job: str, alice: Actor, poll: float, timeout: int = 0) -> None:
    """The assertion that there were as many calls as polls, by the time the monitor took.

    With a timeout it is one call more or less: the time may be seen to be up before the last poll, and the last pause
    may be a shorter one, so that the last poll is when the time is up.
    """
    cb = Callback()
    outcome = alice.monitor(job, cb, timeout=timeout, poll=poll)
    s.require(outcome.returned, "the monitor to return", outcome)
    by_timeout = code(outcome) == "TIMEOUT"
    whole, pauses = int((outcome.took + s.slack) / poll), math.ceil((outcome.took - s.slack) / (poll + s.slack))
    most = 1 + (max(whole, math.ceil((outcome.took - s.slack) / poll)) if by_timeout else whole)
    least = max(1, pauses + 1 - by_timeout)
    told = f"{least} calls" if least == most else f"{least} to {most} calls"
    s.require(least <= len(cb.calls) <= most, f"{told} in {outcome.took:g} s", f"{len(cb.calls)} calls")


@CHECKS.check("monitor.callback-each", runs=integers(1, 40), poll=POLL)
def _each(s: Scenario, runs: int, poll: float) -> None:
    alice = s.open()
    _calls_match(s, alice.submit(JobPlan(runs=float(runs))), alice, poll)


@CHECKS.check("monitor.callback-each", variant="every state", poll=Each(0.5, 2.0, 7.0), state=Each("fresh", *STATES))
def _each_every_state(s: Scenario, poll: float, state: str) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(dispatches=10.0, runs=25.0)) if state == "fresh" else s.job(state, alice)
    if state == "waiting":
        _calls_match(s, job, alice, 100.0, round(s.within("given up")))
    else:
        _calls_match(s, job, alice, poll)


@CHECKS.check("monitor.callback-each", variant="again", end=Each("timeout", "callback", "error", "done"))
def _each_again(s: Scenario, end: str) -> None:
    alice = s.open()
    answers = {"callback": False, "error": LookupError("stop")}
    first = Callback(answers=(True,), then=answers.get(end, True))
    alice.monitor(s.job("completed" if end == "done" else "running", alice), first, timeout=3)
    called = len(first.calls)
    _calls_match(s, alice.submit(JobPlan(runs=5.0)), alice, 1.0)
    s.require(len(first.calls) == called, "no more calls of the callback of a monitor that is over", "more calls")


@CHECKS.check(
    "monitor.callback-each", variant="timeout", timeout=integers(1, 20), poll=POLL, state=Each("running", "waiting")
)
def _each_on_timeout(s: Scenario, timeout: int, poll: float, state: str) -> None:
    alice = s.open()
    _calls_match(s, s.job(state, alice), alice, poll, timeout)
