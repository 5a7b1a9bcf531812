"""delete_job: a job can be deleted in whatever state it is."""

from __future__ import annotations

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import DONE, STATES
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, quarter_seconds
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point

CHECKS = CheckTable()

_ANY_STATE = Each(*STATES)

_ANY_HISTORY = Each(*MAIN_HISTORIES)


@CHECKS.check("delete.returns-none", state=_ANY_STATE)
def _returns_none(s: Scenario, state: str) -> None:
    alice = s.open()
    outcome = alice.do("delete_job", s.job(state, alice))
    s.require(not outcome.returned or outcome.value is None, "None", outcome)


@CHECKS.check("delete.returns-none", variant="pasts", past=_ANY_HISTORY, state=Each("waiting", "completed"))
def _returns_none_after(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    outcome = actor.do("delete_job", job)
    s.require(not outcome.returned or outcome.value is None, "None", outcome)


def _is_deleted(s: Scenario, actor: Actor, job: str, state: str) -> None:
    outcome = actor.do("delete_job", job)
    s.require(outcome.returned, f"a job that is {state} to be deleted", outcome)
    gone = actor.do("get_job_meta", job)
    s.require(gone.raised("JobNotFound"), "no such job afterwards", gone)


def _can_be_deleted(s: Scenario, state: str, after: float, by: int) -> None:
    alice = s.open()
    job = s.job(state, alice)
    s.sleep(after)
    _is_deleted(s, s.open() if by else alice, job, state)


def _declare_after_history(clause: str, *states: str) -> None:
    """Declare the check that jobs in these states can be deleted after every history."""

    @CHECKS.check(clause, variant="pasts", past=_ANY_HISTORY, state=Each(*states))
    def body(s: Scenario, past: str, state: str) -> None:
        _is_deleted(s, *starting_point(s, past, state), state)


@CHECKS.check("delete.waiting", after=quarter_seconds(0, 100), by=Each(0, 1))
def _waiting(s: Scenario, after: float, by: int) -> None:
    _can_be_deleted(s, "waiting", after, by)


_declare_after_history("delete.waiting", "waiting")


@CHECKS.check("delete.running", after=quarter_seconds(0, 60), by=Each(0, 1))
def _running(s: Scenario, after: float, by: int) -> None:
    _can_be_deleted(s, "running", after, by)


@CHECKS.check("delete.running", variant="monitored", same=Each(False, True))
def _running_monitored(s: Scenario, same: bool) -> None:
    alice, other = s.open(), s.open()
    job = s.job("running", alice)
    deleted: list[Outcome] = []

    def delete(number: int) -> None:
        if number == 2:
            deleted.append((alice if same else other).do("delete_job", job))

    alice.monitor(job, Callback(act=delete), timeout=20)
    for outcome in deleted:
        s.require(outcome.returned, "a job that is running and monitored to be deleted", outcome)


@CHECKS.check("delete.running", variant="beside", count=Each(2, 4))
def _running_beside(s: Scenario, count: int) -> None:
    alice = s.open()
    for job in [s.job("running", alice) for _ in range(count)]:
        _is_deleted(s, alice, job, "running")


_declare_after_history("delete.running", "running")


@CHECKS.check("delete.dispatched", after=quarter_seconds(0, 2), by=Each(0, 1))
def _dispatched(s: Scenario, after: float, by: int) -> None:
    _can_be_deleted(s, "dispatched", after, by)


_declare_after_history("delete.dispatched", "dispatched")


@CHECKS.check("delete.done", state=Each(*DONE), after=quarter_seconds(0, 60), by=Each(0, 1))
def _done(s: Scenario, state: str, after: float, by: int) -> None:
    _can_be_deleted(s, state, after, by)


@CHECKS.check("delete.done", variant="fetched", elsewhere=Each(False, True))
def _done_and_fetched(s: Scenario, elsewhere: bool) -> None:
    alice = s.open()
    job = s.job("completed", alice)
    (s.open() if elsewhere else alice).do("download_job_result", job)
    _is_deleted(s, alice, job, "completed")


_declare_after_history("delete.done", "completed", "aborted", "not deployed", "failed")
