"""delete_job: afterwards there is no such job, and everything else is as it was."""

from __future__ import annotations

from contract_tests.checks.registry import CheckTable
from contract_tests.domains import Each, quarters, whole
from contract_tests.interface import JOB_METHODS
from contract_tests.plan import JobPlan
from contract_tests.scenario import DONE, LONG, STATES, UNDONE, Scenario

CHECKS = CheckTable()
_ANY_STATE = Each(*STATES)


@CHECKS.check("delete.returns-none", state=_ANY_STATE)
def _returns_none(s: Scenario, state: str) -> None:
    alice = s.open()
    outcome = alice.do("delete_job", s.job(state, alice))
    s.require(not outcome.returned or outcome.value is None, "None", outcome)


def _can_be_deleted(s: Scenario, state: str, after: float) -> None:
    alice = s.open()
    job = s.job(state, alice)
    s.sleep(after)
    outcome = alice.do("delete_job", job)
    s.require(outcome.returned, f"a job that is {state} to be deleted", outcome)
    gone = alice.do("get_job_meta", job)
    s.require(gone.raised("JobNotFound"), "no such job afterwards", gone)


@CHECKS.check("delete.waiting", after=quarters(0, 100))
def _waiting(s: Scenario, after: float) -> None:
    _can_be_deleted(s, "waiting", after)


@CHECKS.check("delete.running", after=quarters(0, 60))
def _running(s: Scenario, after: float) -> None:
    _can_be_deleted(s, "running", after)


@CHECKS.check("delete.dispatched", after=quarters(0, 2))
def _dispatched(s: Scenario, after: float) -> None:
    _can_be_deleted(s, "dispatched", after)


@CHECKS.check("delete.done", state=Each(*DONE), after=quarters(0, 60))
def _done(s: Scenario, state: str, after: float) -> None:
    _can_be_deleted(s, state, after)


@CHECKS.check("delete.never-runs", state=Each(*UNDONE, "submitted"), looks=whole(1, 5), pause=quarters(0.25, 90))
def _never_runs(s: Scenario, state: str, looks: int, pause: float) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=LONG)) if state == "submitted" else s.job(state, alice)
    alice.need("delete_job", job)
    for _ in range(looks):
        s.sleep(pause)
        executing = alice.executing()
        s.require(job not in executing, f"{s.tell(job)} never to be executed", s.tell(executing))


@CHECKS.check("delete.system-info", state=_ANY_STATE, others=whole(0, 2))
def _system_info(s: Scenario, state: str, others: int) -> None:
    alice = s.open()
    for _ in range(others):
        s.job("running", alice)
    job = s.job(state, alice)
    alice.need("delete_job", job)
    executing = alice.executing()
    s.require(job not in executing, f"no entry of {s.tell(job)}", s.tell(executing))


@CHECKS.check("delete.list", state=_ANY_STATE, everyone=Each(False, True))
def _list(s: Scenario, state: str, everyone: bool) -> None:
    alice = s.open()
    alice.submit(JobPlan(waits=True))
    job = s.job(state, alice)
    alice.need("delete_job", job)
    listed = alice.listed(all=True) if everyone else alice.listed()
    s.require(job not in listed, f"no {s.tell(job)} in the list", s.tell(listed))


@CHECKS.check("delete.files", state=_ANY_STATE)
def _files(s: Scenario, state: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    before = s.world("stored_files", job)
    alice.need("delete_job", job)
    after = s.world("stored_files", job)
    s.require(not after, f"nothing left of the {len(before)} files the server held", s.tell(list(after)))


@CHECKS.check("delete.others", state=_ANY_STATE, other=Each("waiting", "running", "completed", "clone"))
def _others(s: Scenario, state: str, other: str) -> None:
    alice = s.open()
    first = s.job("waiting", alice) if other == "clone" else s.job(other, alice)
    job = s.job(state, alice)
    second = alice.clone(job) if other == "clone" else alice.submit(JobPlan(waits=True))
    facts = alice.identity if other == "clone" else alice.facts  # a clone gets on meanwhile
    before = alice.facts(first), facts(second)
    alice.need("delete_job", job)
    for bystander in (first, second):
        outcome = alice.do("get_job_meta", bystander)
        s.require(outcome.returned, f"{s.tell(bystander)} to be there still", outcome)
    after = alice.facts(first), facts(second)
    s.unchanged(before, after, "other jobs")


def _then(method: str) -> None:
    @CHECKS.check(f"delete.then.{method.replace('_', '-')}", state=_ANY_STATE, later=quarters(0, 30), by=Each(0, 1, 2))
    def body(s: Scenario, state: str, later: float, by: int) -> None:
        alice = s.open()
        job = s.job(state, alice)
        if by == 2:  # a session that has seen the job before
            other = s.open()
            other.meta(job)
            other.listed()
        alice.need("delete_job", job)
        s.sleep(later)
        actor = alice if by == 0 else s.open() if by == 1 else other
        outcome = actor.do(method, job)
        s.require(outcome.raised("JobNotFound"), "JobNotFound", outcome)


for _method in JOB_METHODS:
    _then(_method)
