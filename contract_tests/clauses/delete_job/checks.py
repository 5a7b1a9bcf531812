"""delete_job: afterwards there is no such job, and everything else is as it was."""

from __future__ import annotations

from contract_tests.clauses.shared.results import keeps_result
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import DONE, LONG, STATES, UNDONE, finished
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import FLAGS, Each, quarter_seconds
from contract_tests.sequences.histories import over_outage
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()
_ANY_STATE = Each(*STATES)
_ANY_PAST = Each(*MAIN_HISTORIES)


@CHECKS.check("delete.returns-none", state=_ANY_STATE)
def _returns_none(s: Scenario, state: str) -> None:
    alice = s.open()
    outcome = alice.do("delete_job", s.job(state, alice))
    s.require(not outcome.returned or outcome.value is None, "None", outcome)


@CHECKS.check("delete.returns-none", variant="pasts", past=_ANY_PAST, state=Each("waiting", "completed"))
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


def _after_pasts(clause: str, *states: str) -> None:
    """Declare a check of a clause: jobs in these states, with every past, can be deleted."""

    @CHECKS.check(clause, variant="pasts", past=_ANY_PAST, state=Each(*states))
    def body(s: Scenario, past: str, state: str) -> None:
        _is_deleted(s, *starting_point(s, past, state), state)


@CHECKS.check("delete.waiting", after=quarter_seconds(0, 100), by=Each(0, 1))
def _waiting(s: Scenario, after: float, by: int) -> None:
    _can_be_deleted(s, "waiting", after, by)


_after_pasts("delete.waiting", "waiting")


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


_after_pasts("delete.running", "running")


@CHECKS.check("delete.dispatched", after=quarter_seconds(0, 2), by=Each(0, 1))
def _dispatched(s: Scenario, after: float, by: int) -> None:
    _can_be_deleted(s, "dispatched", after, by)


_after_pasts("delete.dispatched", "dispatched")


@CHECKS.check("delete.done", state=Each(*DONE), after=quarter_seconds(0, 60), by=Each(0, 1))
def _done(s: Scenario, state: str, after: float, by: int) -> None:
    _can_be_deleted(s, state, after, by)


@CHECKS.check("delete.done", variant="fetched", elsewhere=Each(False, True))
def _done_and_fetched(s: Scenario, elsewhere: bool) -> None:
    alice = s.open()
    job = s.job("completed", alice)
    (s.open() if elsewhere else alice).do("download_job_result", job)
    _is_deleted(s, alice, job, "completed")


_after_pasts("delete.done", "completed", "aborted", "not deployed", "failed")

_PAUSES = (0.25, 0.5, 1.0, 1.5, 2.0, 5.0, 20.0, 60.0, 100.0)
"""Seconds between looks at what is executed: close ones first, as a start may be under way."""


@CHECKS.check("delete.never-runs", state=Each(*UNDONE, "submitted"), by=Each(0, 1))
def _never_runs(s: Scenario, state: str, by: int) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=LONG)) if state == "submitted" else s.job(state, alice)
    (s.open() if by else alice).need("delete_job", job)
    _is_not_executed(s, alice, job)


@CHECKS.check("delete.never-runs", variant="clones", which=Each("clone", "original"))
def _clone_never_runs(s: Scenario, which: str) -> None:
    alice = s.open()
    original = alice.submit(JobPlan(runs=LONG))
    clone = alice.clone(original)
    job = clone if which == "clone" else original
    alice.need("delete_job", job)
    _is_not_executed(s, alice, job)


@CHECKS.check("delete.never-runs", variant="outage")
def _never_runs_after_outage(s: Scenario) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=LONG))
    alice.need("delete_job", job)
    _is_not_executed(s, over_outage(s, alice, job), job)


@CHECKS.check("delete.never-runs", variant="many", count=Each(4, 11))
def _many_never_run(s: Scenario, count: int) -> None:
    alice = s.open()
    jobs = [alice.submit(JobPlan(runs=LONG)) for _ in range(count)]
    for job in jobs:
        alice.need("delete_job", job)
    _is_not_executed(s, alice, *jobs)


@CHECKS.check("delete.never-runs", variant="pasts", past=_ANY_PAST, state=Each(*UNDONE))
def _never_runs_after(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    actor.need("delete_job", job)
    _is_not_executed(s, actor, job)


def _is_not_executed(s: Scenario, actor: Actor, *jobs: str) -> None:
    for pause in _PAUSES:
        s.sleep(pause)
        executing = actor.executing()
        for job in jobs:
            s.require(job not in executing, f"{s.tell(job)} never to be executed", s.tell(executing))


@CHECKS.check("delete.system-info", state=_ANY_STATE, others=Each(0, 1, 2))
def _system_info(s: Scenario, state: str, others: int) -> None:
    alice = s.open()
    for _ in range(others):
        s.job("running", alice)
    job = s.job(state, alice)
    alice.info()
    alice.need("delete_job", job)
    _is_not_named(s, job, alice, s.open())


@CHECKS.check("delete.system-info", variant="pasts", past=_ANY_PAST, state=Each("running", "completed"))
def _system_info_after(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    if state == "running":
        s.job("running", actor)  # so that there is something to tell still
    actor.need("delete_job", job)
    _is_not_named(s, job, actor)


def _is_not_named(s: Scenario, job: str, *actors: Actor) -> None:
    for pause in (0.0, 1.0, 30.0):
        s.sleep(pause)
        for actor in actors:
            executing = actor.executing()
            s.require(job not in executing, f"no entry of {s.tell(job)}", s.tell(executing))


@CHECKS.check("delete.list", state=_ANY_STATE, seen=Each(False, True), owner=Each(0, 1))
def _list(s: Scenario, state: str, seen: bool, owner: int) -> None:
    alice, other = s.open(), s.open()
    alice.submit(JobPlan(waits=True))
    users = [alice, *([s.open(1)] if len(s.system.users) > 1 else [])]
    job = s.job(state, users[min(owner, len(users) - 1)])
    actors = [*users, other]
    if seen:
        for actor in actors:
            for flags in FLAGS.values:
                actor.listed(**flags)
    alice.need("delete_job", job)
    _is_not_listed(s, job, *actors)


@CHECKS.check("delete.list", variant="pasts", past=_ANY_PAST, state=Each("waiting", "completed"))
def _list_after(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    actor.need("delete_job", job)
    _is_not_listed(s, job, actor, s.open())


def _is_not_listed(s: Scenario, job: str, *actors: Actor) -> None:
    for pause in (0.0, 30.0):
        s.sleep(pause)
        for actor in actors:
            for flags in FLAGS.values:
                listed = actor.listed(**flags)
                s.require(job not in listed, f"no {s.tell(job)} in the list", s.tell(listed))


@CHECKS.check("delete.files", state=_ANY_STATE)
def _files(s: Scenario, state: str) -> None:
    alice = s.open()
    _leaves_nothing(s, alice, s.job(state, alice))


@CHECKS.check("delete.files", variant="pasts", past=_ANY_PAST, state=Each("waiting", "running", "completed"))
def _files_after(s: Scenario, past: str, state: str) -> None:
    _leaves_nothing(s, *starting_point(s, past, state))


def _leaves_nothing(s: Scenario, actor: Actor, job: str) -> None:
    before = s.on_system("stored_files", job)
    actor.need("delete_job", job)
    for pause in (0.0, 100.0):
        s.sleep(pause)
        after = s.on_system("stored_files", job)
        s.require(not after, f"nothing left of the {len(before)} files the server held", s.tell(list(after)))


@CHECKS.check("delete.others", state=_ANY_STATE, other=Each("waiting", "running", "completed", "clone"))
def _others(s: Scenario, state: str, other: str) -> None:
    alice = s.open()
    first = s.job("waiting", alice) if other == "clone" else s.job(other, alice)
    job = s.job(state, alice)
    second = alice.clone(job) if other == "clone" else alice.submit(JobPlan(waits=True))
    kept = alice.identity if other == "clone" else alice.snapshot  # a clone gets on meanwhile
    before = alice.snapshot(first), kept(second)
    alice.need("delete_job", job)
    s.require_exists(alice, first, second)
    after = alice.snapshot(first), kept(second)
    s.unchanged(before, after, "other jobs")
    s.sleep(30.0)
    s.require_exists(alice, first, second)


@CHECKS.check(
    "delete.others",
    variant="kin",
    kin=Each("original", "clone", "clone of a clone", "eleventh", "other user", "orphan"),
    done=Each(False, True),
)
def _kin(s: Scenario, kin: str, done: bool) -> None:
    alice = s.open()
    first = s.job("waiting", alice)
    clone = alice.clone(first)
    jobs = [first, clone, alice.clone(clone), *(s.job("waiting", alice) for _ in range(8))]
    if kin == "orphan":
        gone = s.job("waiting", alice)
        jobs[3:5] = [alice.clone(gone) for _ in range(2)]
        alice.need("delete_job", gone)
    for job in jobs[:3] if done else ():
        alice.need("abort_job", job)
        s.until(alice, job, finished, "finished")
    if len(s.system.users) > 1:
        jobs.append(s.job("waiting", s.open(1)))
    goes = jobs[{"original": 0, "clone": 1, "clone of a clone": 2, "orphan": 3, "eleventh": 10, "other user": -1}[kin]]
    jobs.remove(goes)
    before = tuple(alice.snapshot(job) for job in jobs)
    alice.need("delete_job", goes)
    s.require_exists(alice, *jobs)
    s.unchanged(before, tuple(alice.snapshot(job) for job in jobs), "other jobs")
    listed = alice.listed(all=True)
    missing = [job for job in jobs if job not in listed]
    s.require(not missing, "all other jobs in the list", f"without {s.tell(missing)}")


@CHECKS.check("delete.others", variant="under way", state=Each("waiting", "completed", "aborted"))
def _start_goes_on(s: Scenario, state: str) -> None:
    alice = s.open()
    job, other = s.job(state, alice), s.job("dispatched", alice)
    before = alice.snapshot(other)
    alice.need("delete_job", job)
    s.unchanged(before, alice.existing_snapshot(other), "the dispatched job")


@CHECKS.check("delete.others", variant="work", state=Each("running", "completed", "waiting"))
def _work_goes_on(s: Scenario, state: str) -> None:
    alice = s.open()
    other = s.job("running", alice)
    alice.need("delete_job", s.job(state, alice))
    executing = alice.executing()
    s.require(other in executing, f"{s.tell(other)} to be executed still", s.tell(executing))


@CHECKS.check("delete.others", variant="results", goes=Each("a clone", "another"))
def _results_stay(s: Scenario, goes: str) -> None:
    alice = s.open()

    def delete(job: str) -> None:
        alice.need("delete_job", alice.clone(job) if goes == "a clone" else s.job("completed", alice))

    keeps_result(s, alice, delete)
