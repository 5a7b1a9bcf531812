"""What goes wrong around a session: no server, a lost session, a refusal, a server that misbehaves."""

from __future__ import annotations

from contract_tests.checks.close import right_call
from contract_tests.checks.registry import CheckTable
from contract_tests.domains import Each, choice, quarters, whole
from contract_tests.interface import SERVER_METHODS
from contract_tests.operations import Callback
from contract_tests.plan import JobPlan
from contract_tests.scenario import STATES, UNDONE, Scenario, finished
from contract_tests.system import NotClaimed

CHECKS = CheckTable()
_SOME_STATES = Each("waiting", "running", "completed")


def _family(prefix: str, cause: str, expected: str) -> None:
    """Declare, for every method that needs the server, that under ``cause`` it raises ``expected``."""
    for method in SERVER_METHODS:

        def body(s: Scenario, state: str, times: int, later: float, method: str = method) -> None:
            alice = s.open()
            job = s.job(state, alice)
            s.world(cause)
            for _ in range(times):
                s.sleep(later)
                outcome = alice.do(method, *right_call(method, job))
                s.require(outcome.raised(expected), expected, outcome)

        CHECKS.check(
            f"{prefix}.{method.replace('_', '-')}", state=_SOME_STATES, times=whole(1, 3), later=quarters(0, 60)
        )(body)


_family("outage", "outage", "NoConnection")
_family("lost", "lose_sessions", "SessionClosed")
_family("misbehaving", "misbehave", "InternalError")


@CHECKS.check("outage.monitoring", state=Each("waiting", "running"), at=whole(1, 6), poll=choice(0.5, 2.0, 5.0))
def _monitoring(s: Scenario, state: str, at: int, poll: float) -> None:
    alice = s.open()
    job = s.job(state, alice)
    cb = Callback(act=lambda number: s.world("outage") if number == at else None, limit=at + 100)
    outcome = alice.monitor(job, cb, poll=poll)
    s.require(outcome.raised("NoConnection"), "NoConnection at the next poll", outcome)
    s.require(len(cb.calls) == at, f"no call of the callback after call {at}", f"{len(cb.calls)} calls")


@CHECKS.check("outage.open")
def _open(s: Scenario) -> None:
    s.open()
    s.world("outage")
    outcome = s.try_open("alice", s.system.users[0] if s.system.users else "")
    s.require(outcome.raised("NoConnection"), "NoConnection", outcome)


@CHECKS.check("outage.recovery", tried=Each(0, 1, 3), lasts=quarters(0, 100), monitored=Each(False, True))
def _recovery(s: Scenario, tried: int, lasts: float, monitored: bool) -> None:
    alice = s.open()
    job = s.job("waiting", alice)
    s.world("outage")
    for _ in range(tried):
        alice.do("list_jobs")
    if monitored:
        alice.do("monitor_job", job)
    s.sleep(lasts)
    s.world("recover")
    first = alice.do("get_job_meta", job)
    right = first.returned or first.raised("SessionClosed")
    s.require(right, "a session that is usable again, or SessionClosed", first)
    for method in ("list_jobs", "get_system_info", "submit_job", "monitor_job"):
        arguments = (job, s.real(3.0)) if method == "monitor_job" else right_call(method, job)
        outcome = alice.do(method, *arguments)
        same = outcome.returned if first.returned else outcome.raised("SessionClosed")
        s.require(same, "every method to go the way of the first: usable, or SessionClosed for good", outcome)


@CHECKS.check(
    "outage.refused",
    state=Each(*UNDONE, "completed"),
    method=Each("submit_job", "clone_job", "abort_job", "delete_job"),
)
def _refused(s: Scenario, state: str, method: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    before = alice.facts(job), alice.listed()
    s.world("outage")
    alice.do(method, *right_call(method, job))
    s.world("recover")
    other = s.open()
    after = other.facts(job), other.listed()
    s.unchanged(before, after, f"jobs and list, after {method} during an outage,")


@CHECKS.check("outage.close")
def _close(s: Scenario) -> None:
    alice = s.open()
    s.world("outage")
    outcome = alice.do("close")
    s.require(outcome.returned and outcome.value is None, "None", outcome)
    s.world("recover")
    outcome = alice.do("list_jobs")
    s.require(outcome.raised("SessionClosed"), "SessionClosed after recovery", outcome)


@CHECKS.check("lost.close", used=Each(False, True))
def _close_lost(s: Scenario, used: bool) -> None:
    alice = s.open()
    s.world("lose_sessions")
    if used:
        alice.do("list_jobs")
    outcome = alice.do("close")
    s.require(outcome.returned and outcome.value is None, "None", outcome)


_MAY_NOT = ("submit_job", "clone_job", "download_job_result", "abort_job", "delete_job")


def _denied(method: str) -> None:
    @CHECKS.check(f"denied.{method.replace('_', '-')}", state=Each(*STATES), times=whole(1, 3))
    def body(s: Scenario, state: str, times: int) -> None:
        alice, guest = s.open(), s.open_restricted()
        job = s.job(state, alice)
        for _ in range(times):
            outcome = guest.do(method, *right_call(method, job))
            s.require(outcome.raised("AuthorizationError"), "AuthorizationError", outcome)


for _method in _MAY_NOT:
    _denied(_method)


@CHECKS.check("denied.no-effect", state=Each(*STATES), method=Each(*_MAY_NOT))
def _denied_no_effect(s: Scenario, state: str, method: str) -> None:
    alice, guest = s.open(), s.open_restricted()
    job = s.job(state, alice)
    before = alice.facts(job), alice.listed(all=True)
    guest.do(method, *right_call(method, job))
    after = alice.facts(job), alice.listed(all=True)
    s.unchanged(before, after, f"jobs and list, after a refused {method},")


@CHECKS.check("credentials.refused")
def _credentials(s: Scenario) -> None:
    if s.system.unknown_user is None:
        raise NotClaimed("a user whose credentials are bad")
    s.open()
    outcome = s.try_open("stranger", s.system.unknown_user)
    s.require(outcome.raised("AuthenticationError"), "AuthenticationError", outcome)


@CHECKS.check("misbehaving.recovery", method=Each(*SERVER_METHODS), lasts=quarters(0, 60))
def _misbehaving_recovery(s: Scenario, method: str, lasts: float) -> None:
    alice = s.open()
    job = s.job("waiting", alice)
    s.world("misbehave")
    alice.do(method, *right_call(method, job))  # whether this had an effect is not promised
    s.sleep(lasts)
    s.world("behave")
    for probe in ("list_jobs", "get_system_info", "submit_job"):
        outcome = alice.do(probe, *right_call(probe, job))
        s.require(outcome.returned, "a session that is usable again", outcome)
    to_end = alice.submit(JobPlan(runs=2.0))
    outcome = alice.monitor(to_end, timeout=120)
    s.require(outcome.returned and finished(alice.status(to_end)), "jobs to run again", outcome)
