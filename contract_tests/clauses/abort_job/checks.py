"""abort_job: a job that is not done comes to an end, a job that is done is left alone."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from contract_tests.clauses.shared.job_runs import is_ended
from contract_tests.clauses.shared.results import keeps_result
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.interleaving import overlapping
from contract_tests.scenario.job_states import DONE, LONG, STATES, UNDONE, finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, quarter_seconds
from contract_tests.sequences.histories import over_outage
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()
_ANY_PAST = Each(*MAIN_HISTORIES)


@CHECKS.check("abort.returns-none", state=Each(*STATES))
def _returns_none(s: Scenario, state: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    for actor in (alice, alice, s.open()):
        outcome = actor.do("abort_job", job)
        s.require(outcome.returned and outcome.value is None, "None", outcome)


@CHECKS.check("abort.returns-none", variant="pasts", past=_ANY_PAST, state=Each("waiting", "running", "completed"))
def _returns_none_after(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    outcome = actor.do("abort_job", job)
    s.require(outcome.returned and outcome.value is None, "None", outcome)


def _no_effect(s: Scenario, actor: Actor, job: str, by: Actor) -> None:
    """The promise that aborting a job that is done changes nothing about it, now or later, nor about any other."""
    before, listed = actor.snapshot(job), sorted(map(str, actor.listed(all=True)))
    others = [other for other in s.jobs if other != job and other in listed]
    beside = tuple(actor.snapshot(other) for other in others)
    for _ in range(3):
        outcome = by.do("abort_job", job)
        s.require(outcome.returned, "nothing to happen", outcome)
    s.unchanged(beside, tuple(actor.existing_snapshot(other) for other in others), "other jobs")
    for pause in (0.0, 1.0, 60.0):
        s.sleep(pause)
        s.require_exists(actor, job)
        s.unchanged(before, actor.snapshot(job), "the meta")
    s.unchanged(listed, sorted(map(str, actor.listed(all=True))), "the list of all jobs")


@CHECKS.check("abort.done-no-effect", state=Each(*DONE), again=Each(False, True))
def _done_no_effect(s: Scenario, state: str, again: bool) -> None:
    alice = s.open()
    job = s.job(state, alice)
    _no_effect(s, alice, job, s.open() if again else alice)


@CHECKS.check("abort.done-no-effect", variant="result", fetched=Each(False, True))
def _keeps_result(s: Scenario, fetched: bool) -> None:
    alice = s.open()

    def abort(job: str) -> None:
        if fetched:
            alice.need("download_job_result", job)
        alice.need("abort_job", job)

    keeps_result(s, alice, abort)


@CHECKS.check("abort.done-no-effect", variant="pasts", past=_ANY_PAST, state=Each("completed"))
def _done_no_effect_after(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    _no_effect(s, actor, job, actor)


def _is_aborted(s: Scenario, actor: Actor, job: str) -> None:
    outcome = actor.do("abort_job", job)
    s.require(outcome.returned, f"{s.tell(job)} to be aborted", outcome)


def _ends_when(state: str, longest: float) -> None:
    """Declare the checks that a job which is aborted in a state, up to so long after it got there, ends."""
    clause = f"abort.{state}-ends"

    @CHECKS.check(clause, after=quarter_seconds(0, longest), second=Each(False, True))
    def at_any_time(s: Scenario, after: float, second: bool) -> None:
        alice = s.open()
        job = s.job(state, alice)
        s.sleep(after)
        _is_aborted(s, s.open() if second else alice, job)
        is_ended(s, alice, job)

    @CHECKS.check(clause, variant="pasts", past=_ANY_PAST)
    def after_a_past(s: Scenario, past: str) -> None:
        actor, job = starting_point(s, past, state)
        _is_aborted(s, actor, job)
        is_ended(s, actor, job)


_ends_when("waiting", 100)
_ends_when("running", 60)

_PAUSES = (0.25, 0.5, 1.0, 1.5, 2.0, 5.0, 10.0, 60.0, 100.0)
"""Seconds between looks at a job that was aborted: close ones first, as a start may be under way."""


def _never_runs(s: Scenario, actor: Actor, job: str) -> None:
    for pause in _PAUSES:
        s.sleep(pause)
        executing = actor.executing()
        s.require(job not in executing, f"{s.tell(job)} never to be executed", f"it is, {s.tell(executing)}")
        status = actor.status(job)
        s.require(status != "RUNNING", f"{s.tell(job)} never to run", status)


def _has_started(actor: Actor, job: str) -> bool:
    """Whether a job started at once, so that nothing is to be seen of one that waits."""
    return actor.status(job) in ("DISPATCHED", "RUNNING")


@CHECKS.check("abort.waiting-never-runs", times=Each(1, 2), second=Each(False, True), busy=Each(False, True))
def _waiting_never_runs(s: Scenario, times: int, second: bool, busy: bool) -> None:
    alice = s.open()
    if busy:
        s.job("running", alice)
    job = alice.submit(JobPlan(runs=LONG))
    by = s.open() if second else alice
    if _has_started(alice, job):
        return
    for _ in range(times):
        _is_aborted(s, by, job)
    _never_runs(s, alice, job)


@CHECKS.check("abort.waiting-never-runs", variant="clones", which=Each("clone", "original", "clone of a clone"))
def _waiting_clone_never_runs(s: Scenario, which: str) -> None:
    alice = s.open()
    original = alice.submit(JobPlan(runs=LONG))
    clone = alice.clone(original)
    job = {"clone": clone, "original": original}.get(which) or alice.clone(clone)
    if _has_started(alice, job):
        return
    _is_aborted(s, alice, job)
    _never_runs(s, alice, job)


@CHECKS.check("abort.waiting-never-runs", variant="outage")
def _never_runs_after_outage(s: Scenario) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=LONG))
    if _has_started(alice, job):
        return
    _is_aborted(s, alice, job)
    _never_runs(s, over_outage(s, alice, job), job)


@CHECKS.check("abort.waiting-never-runs", variant="many", count=Each(4, 11))
def _waiting_jobs_never_run(s: Scenario, count: int) -> None:
    alice = s.open()
    jobs = [alice.submit(JobPlan(runs=LONG)) for _ in range(count)]
    job = jobs[-1]
    if _has_started(alice, job):
        return
    for waiting in jobs:
        alice.do("abort_job", waiting)
    _never_runs(s, alice, job)


@CHECKS.check("abort.dispatched-sticks", past=Each("nothing", *MAIN_HISTORIES))
def _dispatched_sticks(s: Scenario, past: str) -> None:
    actor, job = starting_point(s, past, "dispatched")
    _is_aborted(s, actor, job)
    is_ended(s, actor, job, never="RUNNING")
    for pause in _PAUSES:
        s.sleep(pause)
        status = actor.status(job)
        s.require(finished(status), "the job to stay finished after its abort", status)
        executing = actor.executing()
        s.require(job not in executing, f"{s.tell(job)} never to be executed", f"it is, {s.tell(executing)}")


def _leaves(s: Scenario, actor: Actor, job: str) -> None:
    actor.need("abort_job", job)
    s.until(actor, job, finished, "finished")
    for pause in (s.system.patience / 4, 1.0, 60.0):
        s.sleep(pause)
        for looker in (actor, s.open()):
            executing = looker.executing()
            s.require(job not in executing, f"{s.tell(job)} executed no more", s.tell(executing))


@CHECKS.check("abort.running-leaves", others=Each(0, 1, 2))
def _running_leaves(s: Scenario, others: int) -> None:
    alice = s.open()
    for _ in range(others):
        s.job("running", alice)
    _leaves(s, alice, s.job("running", alice))


@CHECKS.check("abort.running-leaves", variant="pasts", past=_ANY_PAST)
def _running_leaves_after(s: Scenario, past: str) -> None:
    _leaves(s, *starting_point(s, past, "running"))


@CHECKS.check("abort.twice", state=Each(*UNDONE), pause=quarter_seconds(0, 10), second=Each(False, True))
def _twice(s: Scenario, state: str, pause: float, second: bool) -> None:
    alice = s.open()
    job = s.job(state, alice)
    alice.need("abort_job", job)
    s.until(alice, job, finished, "finished")
    before = alice.snapshot(job)
    s.sleep(pause)
    outcome = (s.open() if second else alice).do("abort_job", job)
    s.require(outcome.returned, "nothing more to happen", outcome)
    s.require_exists(alice, job)
    s.unchanged(before, alice.snapshot(job), "the meta")
    s.sleep(100.0)
    s.require_exists(alice, job)
    s.unchanged(before, alice.snapshot(job), "the meta")


@CHECKS.check("abort.twice", variant="at once", past=Each("nothing", *MAIN_HISTORIES), state=Each(*UNDONE))
def _twice_at_once(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    actor.need("abort_job", job)
    for _ in range(2):
        outcome = actor.do("abort_job", job)
        s.require(outcome.returned, "nothing more to happen", outcome)
    is_ended(s, actor, job)


@CHECKS.check("abort.twice", variant="meanwhile", after=Each(0.25, 1.0, 2.0))
def _twice_meanwhile(s: Scenario, after: float) -> None:
    """The second abort may come while the first one waits for the run to stop."""
    alice, other = s.open(), s.open()
    job = s.job("running", alice)
    if overlapping(s, after, lambda: other.do("abort_job", job), lambda: alice.need("abort_job", job)):
        s.until(alice, job, finished, "finished")
        status = alice.status(job)
        s.require(status == "FINISHED:ABORTED", "FINISHED:ABORTED, as after one abort", status)


@CHECKS.check("abort.running-ends", variant="meanwhile", after=Each(0.25, 1.0, 2.0))
def _running_ends_meanwhile(s: Scenario, after: float) -> None:
    """Two running jobs are aborted, the second one while the first abort waits for the run to stop."""
    alice, other = s.open(), s.open()
    with suppress(NotClaimed):  # of a server that does not run so many at once
        first, second = (s.job("running", actor) for actor in (alice, other))
        if overlapping(s, after, lambda: other.do("abort_job", second), lambda: _is_aborted(s, alice, first)):
            for job in (first, second):
                is_ended(s, alice, job)


@CHECKS.check("abort.others", variant="siblings", gone=Each(False, True))
def _siblings(s: Scenario, gone: bool) -> None:
    """Clones of one job are others to each other, also when that is no more."""
    alice = s.open()
    original = s.job("waiting", alice)
    clones = [alice.clone(original) for _ in range(3)]
    if gone:
        alice.need("delete_job", original)
    before = tuple(alice.snapshot(clone) for clone in clones[1:])
    alice.need("abort_job", clones[0])
    _untouched(s, alice, before, *clones[1:])


@CHECKS.check("abort.others", state=Each(*STATES), other=Each("waiting", "running", "completed"))
def _others(s: Scenario, state: str, other: str) -> None:
    alice = s.open()
    bystander = s.job(other, alice)
    job = s.job(state, alice)
    second = s.job(other, alice) if other != "running" else alice.submit(JobPlan(waits=True))
    before = alice.snapshot(bystander), alice.snapshot(second)
    alice.need("abort_job", job)
    _untouched(s, alice, before, bystander, second)


@CHECKS.check("abort.others", variant="kin", state=Each(*UNDONE, "completed"), past=_ANY_PAST)
def _kin(s: Scenario, state: str, past: str) -> None:
    alice = s.open()
    waiting = [s.job("waiting", alice)]
    if len(s.system.users) > 1:
        waiting.append(s.job("waiting", s.open(1)))
    actor, job = starting_point(s, past, state)
    if state == "waiting":
        waiting.append(actor.clone(job))
    before = tuple(actor.snapshot(other) for other in waiting)
    actor.need("abort_job", job)
    _untouched(s, actor, before, *waiting)


@CHECKS.check("abort.others", variant="busy", which=Each(0, 3))
def _busy(s: Scenario, which: int) -> None:
    alice = s.open()
    with suppress(NotClaimed):  # of a server that does not run so many at once
        jobs = [s.job("running", alice) for _ in range(4)]
        job = jobs.pop(which)
        before = tuple(alice.snapshot(other) for other in jobs)
        alice.need("abort_job", job)
        _untouched(s, alice, before, *jobs)


@CHECKS.check("abort.others", variant="original", state=Each("waiting", "dispatched", "running"), later=Each(0.0, 20.0))
def _original(s: Scenario, state: str, later: float) -> None:
    alice = s.open()
    job = s.job(state, alice)
    clone = alice.clone(job)
    s.sleep(later)
    before = (alice.snapshot(job),)
    alice.need("abort_job", clone)
    s.require_exists(alice, job)
    s.unchanged(before, (alice.snapshot(job),), "the original")


def _untouched(s: Scenario, actor: Actor, before: tuple[dict[str, Any], ...], *jobs: str) -> None:
    """The assertion that other jobs are what they were."""
    for pause in (0.0, 5.0):
        s.sleep(pause)
        s.require_exists(actor, *jobs)
        s.unchanged(before, tuple(actor.snapshot(job) for job in jobs), "other jobs")
