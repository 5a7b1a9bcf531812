"""abort_job: jobs that it leaves alone, those that are done and all others."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from contract_tests.clauses.shared.results import keeps_result
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import DONE, STATES, UNDONE
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()

_ANY_HISTORY = Each(*MAIN_HISTORIES)


def _no_effect(s: Scenario, actor: Actor, job: str, by: Actor) -> None:
    """The promise that aborting a job that is done changes nothing about it, now or later, nor about any other."""
    before, listed = actor.snapshot(job), sorted(map(str, actor.listed(all=True)))
    others = [other for other in s.jobs if other != job and other in listed]
    others_before = tuple(actor.snapshot(other) for other in others)
    for _ in range(3):
        outcome = by.do("abort_job", job)
        s.require(outcome.returned, "nothing to happen", outcome)
    s.unchanged(others_before, tuple(actor.existing_snapshot(other) for other in others), "other jobs")
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


@CHECKS.check("abort.done-no-effect", variant="pasts", past=_ANY_HISTORY, state=Each("completed"))
def _done_no_effect_after(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    _no_effect(s, actor, job, actor)


@CHECKS.check("abort.others", variant="siblings", gone=Each(False, True))
def _siblings(s: Scenario, gone: bool) -> None:
    """Aborting a clone touches no other clone of the same job, also when that job was deleted."""
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


@CHECKS.check("abort.others", variant="kin", state=Each(*UNDONE, "completed"), past=_ANY_HISTORY)
def _related_jobs(s: Scenario, state: str, past: str) -> None:
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
