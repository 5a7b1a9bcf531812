"""While there is no server, and afterwards: NoConnection, and a session that is usable again or over."""

from __future__ import annotations

from contract_tests.clauses.errors.failing_server import (
    POLLS,
    all_methods,
    declare_error_between_polls,
    declare_errors,
    meets_trouble_while_monitoring,
    raises_at_next_poll,
    works,
)
from contract_tests.clauses.shared.failing_calls import right_call
from contract_tests.clauses.shared.results import keeps_result
from contract_tests.clauses.shared.unchanged_jobs import still_there
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import UNDONE
from contract_tests.scenario.operations import Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers, quarter_seconds
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()

declare_errors(CHECKS, "outage", "outage", "NoConnection")
declare_error_between_polls(CHECKS, "outage.monitoring", "outage", "NoConnection")


@CHECKS.check("outage.monitoring", state=Each(*UNDONE), at=Each(1, 2, 5, 12), poll=POLLS)
def _monitoring(s: Scenario, state: str, at: int, poll: float) -> None:
    alice = s.open()
    raises_at_next_poll(s, alice, s.job(state, alice), "outage", "NoConnection", at, poll)


@CHECKS.check("outage.open", known=Each(True, False))
def _open(s: Scenario, known: bool) -> None:
    if known:
        s.open()
    s.on_system("outage")
    for role, user in zip(("alice", "bob"), s.system.users or ("",), strict=False):
        for pause in (0.0, 0.0, 100.0):
            s.sleep(pause)
            outcome = s.try_open(role, user)
            s.require(outcome.raised("NoConnection"), "NoConnection", outcome)


def _same_as_first(s: Scenario, first: Outcome, outcome: Outcome) -> None:
    same = works(outcome) if first.returned else outcome.raised("SessionClosed")
    way = "usable" if first.returned else "SessionClosed for good"
    s.require(same, f"every method to go the way of the first: {way}", outcome)


@CHECKS.check(
    "outage.recovery", tried=Each(0, 1, 3, 7), lasts=Each(0.0, 5.0, 100.0, 4_000.0), monitored=Each(False, True)
)
def _recovery(s: Scenario, tried: int, lasts: float, monitored: bool) -> None:
    alice = s.open()
    job = s.job("running", alice) if monitored else alice.submit(JobPlan(waits=True))
    s.on_system("outage")
    for _ in range(tried):
        alice.do("list_jobs")
    if monitored:
        alice.do("monitor_job", job)
    s.sleep_long(lasts, times=25)
    if tried > 1:
        alice.do("submit_job", JobPlan())
    _recovers(s, alice, job, download=tried == 1 and lasts == 0)


def _recovers(s: Scenario, actor: Actor, job: str, *, download: bool) -> None:
    """The assertion that after an outage a session is usable again, or over for good."""
    s.on_system("recover")
    first = actor.do("get_job_meta", job)
    right = first.returned or first.raised("SessionClosed")
    s.require(right, "a session that is usable again, or SessionClosed", first)
    for _ in range(2):
        for outcome in all_methods(s, actor, job, download=download):
            _same_as_first(s, first, outcome)
        s.sleep(20.0)


@CHECKS.check("outage.recovery", variant="while monitoring", at=Each(1, 3))
def _recovery_of_monitor(s: Scenario, at: int) -> None:
    _recovers(s, *meets_trouble_while_monitoring(s, "outage", at), download=False)


@CHECKS.check("outage.recovery", variant="of any length", tried=integers(0, 4), lasts=quarter_seconds(0, 100))
def _recovery_any(s: Scenario, tried: int, lasts: float) -> None:
    _recovery(s, tried, lasts, False)


@CHECKS.check(
    "outage.refused",
    state=Each(*UNDONE, "completed"),
    method=Each("submit_job", "clone_job", "abort_job", "delete_job"),
    times=Each(1, 3),
)
def _refused(s: Scenario, state: str, method: str, times: int) -> None:
    alice = s.open()
    job = s.job(state, alice)
    before, listed = alice.snapshot(job), len(alice.listed())
    s.on_system("outage")
    for _ in range(times):
        alice.do(method, *right_call(method, job))
    s.on_system("recover")
    other = s.open()
    for _ in range(2):  # the first read must not bring it about
        _as_before(s, alice, other, job, before, listed)
    known = len(s.jobs)
    fresh = alice.do("submit_job", JobPlan(waits=True))
    if fresh.returned:  # nor must any other call
        all_methods(s, alice, fresh.value, download=True)
        alice.do("abort_job", fresh.value)
        known += alice.do("delete_job", fresh.value).returned
    _as_before(s, alice, other, job, before, listed + len(s.jobs) - known)


def _as_before(s: Scenario, alice: Actor, other: Actor, job: str, before: dict[str, object], listed: int) -> None:
    """The assertion, by two sessions, that a job is as it was and no other came or went."""
    still_there(s, other, job, before)
    now = other.listed()
    s.require(len(now) == listed, f"{listed} jobs in the list, as before", s.tell(now))
    outcome = alice.do("list_jobs")
    if outcome.returned and isinstance(outcome.value, list):  # else the session is over, as it may be
        s.require(len(outcome.value) == listed, f"{listed} jobs in the list, as before", outcome)


@CHECKS.check("outage.close", tried=Each(0, 2), again=Each(False, True), lasts=Each(0.0, 200.0))
def _close(s: Scenario, tried: int, again: bool, lasts: float) -> None:
    alice = s.open()
    alice.submit(JobPlan())
    s.on_system("outage")
    for _ in range(tried):
        alice.do("list_jobs")
    s.sleep_long(lasts, times=25)
    for _ in range(2 if again else 1):
        outcome = alice.do("close")
        s.require(outcome.returned and outcome.value is None, "None", outcome)
    s.on_system("recover")
    for method in ("list_jobs", "get_system_info"):
        outcome = alice.do(method)
        s.require(outcome.raised("SessionClosed"), "SessionClosed after recovery", outcome)


@CHECKS.check("outage.refused", variant="result", method=Each("clone_job", "abort_job", "delete_job"))
def _refused_keeps_result(s: Scenario, method: str) -> None:
    alice = s.open()

    def refused(job: str) -> None:
        s.on_system("outage")
        alice.do(method, job)
        s.on_system("recover")

    keeps_result(s, alice, refused)
