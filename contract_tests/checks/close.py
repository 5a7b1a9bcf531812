"""close: a session that is over says so, and only that; nothing else is over with it."""

from __future__ import annotations

from typing import Any

from contract_tests.checks.registry import CheckTable
from contract_tests.domains import Each, quarters, whole
from contract_tests.interface import JOB_METHODS, SERVER_METHODS
from contract_tests.plan import JobPlan
from contract_tests.scenario import STATES, Actor, Scenario, finished

CHECKS = CheckTable()


def right_call(method: str, job: str) -> tuple[Any, ...]:
    """Arguments with which a method works on an open session."""
    if method in JOB_METHODS:
        return (job,)
    return (JobPlan(),) if method == "submit_job" else ()


@CHECKS.check("close.returns-none", used=Each(False, True))
def _returns_none(s: Scenario, used: bool) -> None:
    alice = s.open()
    if used:
        alice.submit()
    outcome = alice.do("close")
    s.require(outcome.returned and outcome.value is None, "None", outcome)


@CHECKS.check("close.again", times=whole(1, 5), pause=quarters(0, 100))
def _again(s: Scenario, times: int, pause: float) -> None:
    alice = s.open()
    alice.need("close")
    for _ in range(times):
        s.sleep(pause)
        outcome = alice.do("close")
        s.require(outcome.returned and outcome.value is None, "None, again", outcome)


def _then(method: str) -> None:
    @CHECKS.check(
        f"close.then.{method.replace('_', '-')}",
        state=Each("waiting", "running", "completed"),
        times=whole(1, 3),
        later=quarters(0, 100),
    )
    def body(s: Scenario, state: str, times: int, later: float) -> None:
        alice = s.open()
        job = s.job(state, alice)
        alice.need("close")
        s.sleep(later)
        for _ in range(times):
            outcome = alice.do(method, *right_call(method, job))
            s.require(outcome.raised("SessionClosed"), "SessionClosed", outcome)


for _method in SERVER_METHODS:
    _then(_method)


@CHECKS.check("close.only-session-closed", method=Each(*(name for name in SERVER_METHODS if name != "get_system_info")))
def _only_session_closed(s: Scenario, method: str) -> None:
    alice = s.open()
    alice.need("close")
    for bad in ("", None, "no-such-thing", 7):
        outcome = alice.do(method, bad)
        s.require(outcome.raised("SessionClosed"), "SessionClosed, whatever the argument", outcome)


@CHECKS.check("close.other-sessions", others=whole(1, 3), user=Each(0, 1))
def _other_sessions(s: Scenario, others: int, user: int) -> None:
    alice = s.open()
    job = s.job("running", alice)
    still = [s.open(user) for _ in range(others)]
    alice.need("close")
    still.append(s.open(user))
    for actor in still:
        outcome = actor.do("get_job_meta", job)
        s.require(outcome.returned, "other sessions to be usable", outcome)
        outcome = actor.do("submit_job", JobPlan())
        s.require(outcome.returned, "other sessions to be usable", outcome)


def _still_there(s: Scenario, actor: Actor, job: str, state: str, before: dict[str, Any]) -> None:
    outcome = actor.do("get_job_meta", job)
    s.require(outcome.returned, f"a job that was {state} to be there still", outcome)
    after = actor.facts(job)
    s.unchanged(before, after, "the job")


@CHECKS.check("close.jobs", state=Each(*STATES), runs=whole(2, 20))
def _jobs(s: Scenario, state: str, runs: int) -> None:
    alice, other = s.open(), s.open()
    job = s.job(state, alice)
    to_end = alice.submit(JobPlan(runs=float(runs)))
    before = other.facts(job)
    alice.need("close")
    _still_there(s, other, job, state, before)
    s.sleep(runs + s.system.patience)
    outcome = other.do("get_job_meta", to_end)
    status = outcome.value["status"] if outcome.returned else "gone"
    s.require(finished(status), "a job to run on to its end after the session was closed", status)
    s.require(status == "FINISHED:COMPLETED", "FINISHED:COMPLETED", status)
