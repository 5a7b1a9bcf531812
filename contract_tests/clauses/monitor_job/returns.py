"""monitor_job: the codes that it returns, and that it returns when the job is done."""

from __future__ import annotations

from typing import Any

from contract_tests.clauses.monitor_job.monitored_jobs import POLL, started
from contract_tests.clauses.shared.monitoring import CALLBACK, callback, code
from contract_tests.contract.interface import RETURN_CODES, spec_modules
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import DONE, STATES, finished
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers, sampled_from
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()


def is_code(s: Scenario, value: Any) -> bool:
    """Whether ``value`` is one of the interface's return codes."""
    enums = [getattr(module, "MonitorReturnCode", None) for module in spec_modules(s.system.spec)]
    classes = tuple(cls for cls in enums if isinstance(cls, type))
    named = isinstance(value, int) and RETURN_CODES.get(getattr(value, "name", "")) == int(value)
    return named and (isinstance(value, classes) or not classes)


@CHECKS.check("monitor.returns-code", state=Each(*STATES), answer=Each(None, True, False))
def _returns_code(s: Scenario, state: str, answer: bool | None) -> None:
    alice = s.open()
    cb = None if answer is None else Callback(then=answer)
    outcome = alice.monitor(s.job(state, alice), cb, timeout=4)
    s.require(outcome.returned and is_code(s, outcome.value), "a MonitorReturnCode", outcome)


@CHECKS.check("monitor.finished", state=Each(*DONE), callback_given=CALLBACK, timeout=Each(60, 1, 0))
def _finished(s: Scenario, state: str, callback_given: bool, timeout: int) -> None:
    alice = s.open()
    outcome = alice.monitor(s.job(state, alice), callback(callback_given), timeout=timeout)
    s.require(code(outcome) == "JOB_FINISHED", f"JOB_FINISHED for a job that is {state}", outcome)


@CHECKS.check("monitor.finished", variant="past", past=Each(*MAIN_HISTORIES), state=Each("completed", "aborted"))
def _finished_after_history(s: Scenario, past: str, state: str) -> None:
    alice, job = starting_point(s, past, state)
    outcome = alice.monitor(job, Callback(), timeout=60)
    s.require(code(outcome) == "JOB_FINISHED", f"JOB_FINISHED for a job that is {state}", outcome)


@CHECKS.check(
    "monitor.finished",
    variant="meanwhile",
    ends=Each("COMPLETED", "EXECUTION_EXCEPTION", "ABNORMAL", "FAILED_TO_RUN"),
    callback_given=CALLBACK,
    poll=POLL,
)
def _finished_meanwhile(s: Scenario, ends: str, callback_given: bool, poll: float) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=8.0, ends=ends))
    outcome = alice.monitor(job, callback(callback_given), poll=poll)
    s.require(code(outcome) == "JOB_FINISHED", f"JOB_FINISHED for a job that ends {ends}", outcome)


@CHECKS.check("monitor.finished", variant="past, meanwhile", past=Each(*MAIN_HISTORIES))
def _aborted_after_history(s: Scenario, past: str) -> None:
    alice, job = starting_point(s, past, "waiting")
    s.open().need("abort_job", job)
    outcome = alice.monitor(job, Callback(), poll=1.0)
    s.require(code(outcome) == "JOB_FINISHED", "JOB_FINISHED for a job that was aborted", outcome)


@CHECKS.check("monitor.finished", variant="given up", callback_given=CALLBACK)
def _finished_given_up(s: Scenario, callback_given: bool) -> None:
    """Nobody says that a server gives up; a job that it has given up is done."""
    alice = s.open()
    job = alice.submit(JobPlan(waits=True))
    outcome = alice.monitor(job, callback(callback_given), timeout=s.within("given up"), poll=60.0)
    right = code(outcome) == "JOB_FINISHED" or (code(outcome) == "TIMEOUT" and not finished(alice.status(job)))
    s.require(right, "JOB_FINISHED for a job that could not be scheduled, once it is given up", outcome)


def _not_too_early(s: Scenario, outcome: Outcome, status: str) -> None:
    too_early = code(outcome) == "JOB_FINISHED" and not finished(status)
    s.require(not too_early, "JOB_FINISHED only of a job that is done", f"JOB_FINISHED, and the job is {status}")


@CHECKS.check("monitor.waits", runs=integers(1, 40), poll=POLL, callback_given=CALLBACK)
def _waits(s: Scenario, runs: int, poll: float, callback_given: bool) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=float(runs)))
    outcome = alice.monitor(job, callback(callback_given), poll=poll)
    _not_too_early(s, outcome, alice.status(job))


@CHECKS.check("monitor.waits", variant="every state", callback_given=CALLBACK, poll=Each(0.5, 5.0))
def _waits_every_state(s: Scenario, callback_given: bool, poll: float) -> None:
    alice = s.open()
    s.job("completed", alice)
    job = alice.submit(JobPlan(dispatches=20.0, runs=80.0))
    outcome = alice.monitor(job, callback(callback_given), poll=poll)
    _not_too_early(s, outcome, alice.status(job))


@CHECKS.check(
    "monitor.waits", variant="past", past=Each(*MAIN_HISTORIES), state=Each("waiting", "dispatched", "running")
)
def _waits_after_history(s: Scenario, past: str, state: str) -> None:
    alice, job = starting_point(s, past, state)
    outcome = alice.monitor(job, Callback(), timeout=40)
    _not_too_early(s, outcome, alice.status(job))


@CHECKS.check(
    "monitor.at-once", state=Each(*DONE), callback_given=CALLBACK, poll=Each(100.0, 1.0), timeout=Each(500, 0)
)
def _at_once(s: Scenario, state: str, callback_given: bool, poll: float, timeout: int) -> None:
    alice = s.open()
    job = s.job(state, alice)
    started = s.now()
    cb = callback(callback_given)
    outcome = alice.monitor(job, cb, timeout=timeout, poll=poll)
    took = s.now() - started
    s.require(outcome.returned and took < poll / 2 + s.slack, "to return without a sleep", outcome)
    s.require(cb is None or len(cb.calls) == 1, "one poll", f"{len(cb.calls) if cb else 0} calls of the callback")


@CHECKS.check("monitor.at-once", variant="past", past=Each(*MAIN_HISTORIES))
def _at_once_after_history(s: Scenario, past: str) -> None:
    alice, job = starting_point(s, past, "completed")
    started = s.now()
    outcome = alice.monitor(job, timeout=500, poll=100.0)
    s.require(outcome.returned and s.now() - started < 50 + s.slack, "to return without a sleep", outcome)


@CHECKS.check("monitor.promptly", runs=integers(1, 60), poll=POLL)
def _promptly(s: Scenario, runs: int, poll: float) -> None:
    _noticed(s, float(runs), poll)


@CHECKS.check(
    "monitor.promptly", variant="every length", runs=Each(1.0, 7.0, 31.0, 63.0, 200.0), poll=Each(0.5, 2.0, 7.0)
)
def _promptly_every_length(s: Scenario, runs: float, poll: float) -> None:
    _noticed(s, runs, poll)


def _noticed(s: Scenario, runs: float, poll: float) -> None:
    alice, witness = s.open(), s.open()
    job = alice.submit(JobPlan(runs=runs))
    seen: list[int] = []

    def note(number: int) -> None:
        if finished(witness.status(job)):
            seen.append(number)

    outcome = alice.monitor(job, Callback(act=note), poll=poll)
    late = f"{len(seen) - 1} polls later: {outcome.kind}"
    s.require(len(seen) <= 2, "to return by the poll after the end of the job", late)


@CHECKS.check("monitor.promptly", variant="silent", runs=integers(1, 30), poll=sampled_from(1.0, 5.0, 20.0, 50.0))
def _promptly_silent(s: Scenario, runs: int, poll: float) -> None:
    alice = s.open()
    outcome = alice.monitor(started(s, alice, float(runs)), poll=poll)
    latest = runs + poll + 2.0 + 2 * s.slack
    s.require(outcome.returned and outcome.took <= latest, f"to return within {latest:g} s", outcome)


def _observed(outcome: Outcome, cb: Callback) -> str:
    if outcome.kind == "hung":
        return "does not come back"
    end = f"raises {type(outcome.error).__name__}" if outcome.kind == "raised" else f"returns {code(outcome)}"
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
