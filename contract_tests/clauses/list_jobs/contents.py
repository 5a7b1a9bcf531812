"""list_jobs: which jobs are in the list, what an entry says of its job, and that listing changes nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from contract_tests.clauses.shared.handed_out import ACTS, stays
from contract_tests.clauses.shared.job_runs import is_run_though_read
from contract_tests.clauses.shared.marks import leaves_no_mark
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.exceptions import JudgedElsewhere
from contract_tests.scenario.job_states import STATES, finished
from contract_tests.scenario.operations import Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.snapshot import spoil
from contract_tests.scenario.strategies import FLAGS, Each, lists, sampled_from
from contract_tests.sequences.starting_points import (
    EVERY_HISTORY,
    MAIN_HISTORIES,
    OF_ANOTHER_USER,
    session_after,
    starting_point,
)
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()
_ANY_HISTORY = Each(*MAIN_HISTORIES)
_WAITING = JobPlan(waits=True)
Flags = dict[str, bool]


@CHECKS.check("list.dicts", flags=FLAGS, count=Each(0, 1, 11))
def _dicts(s: Scenario, flags: Flags, count: int) -> None:
    alice = s.open()
    for _ in range(count):
        alice.submit()
    for actor in (alice, alice, s.open()):
        _is_dicts(s, actor.do("list_jobs", **flags))


@CHECKS.check("list.dicts", variant="pasts", history=EVERY_HISTORY)
def _dicts_after(s: Scenario, history: str) -> None:
    alice = session_after(s, history)
    for flags in FLAGS.values:
        with suppress(JudgedElsewhere):  # a form that is not taken at all
            _is_dicts(s, alice.do("list_jobs", **flags))


def _is_dicts(s: Scenario, outcome: Outcome) -> None:
    right = outcome.returned and isinstance(outcome.value, list) and all(isinstance(job, dict) for job in outcome.value)
    s.require(right, "a list of dicts", outcome)


@CHECKS.check("list.empty", flags=FLAGS, before=Each("nothing", "deleted jobs", "a refused one", "a deleted clone"))
def _empty(s: Scenario, flags: Flags, before: str) -> None:
    actors = [s.open(), *([s.open(1)] if len(s.system.users) > 1 else [])]
    alice = actors[0]
    if before == "deleted jobs":
        for job in [actor.submit(_WAITING) for actor in actors for _ in range(3)]:
            alice.do("list_jobs", **flags)
            alice.need("delete_job", job)
    elif before == "a deleted clone":
        job = alice.submit(_WAITING)
        for gone in (alice.clone(job), job):
            alice.need("delete_job", gone)
    elif before == "a refused one":
        alice.do("submit_job", "no-such-folder")
    for actor in (*actors, alice, s.open()):
        outcome = actor.do("list_jobs", **flags)
        s.require(outcome.returned and outcome.value == [], "an empty list", outcome)


@CHECKS.check("list.ids", flags=FLAGS, count=Each(1, 2, 12), clones=Each(0, 3))
def _ids(s: Scenario, flags: Flags, count: int, clones: int) -> None:
    alice, other = s.open(), s.open()
    jobs = [(other if number % 3 == 1 else alice).submit(_WAITING) for number in range(count)]
    jobs += [alice.clone(jobs[0]) for _ in range(clones)]
    alice.need("abort_job", jobs[-1])
    for actor in (alice, alice, other):
        _has_ids(s, actor.listed(**flags), jobs)


@CHECKS.check("list.ids", variant="states", state=Each(*STATES), flags=FLAGS)
def _ids_in_every_state(s: Scenario, state: str, flags: Flags) -> None:
    alice = s.open()
    jobs = [s.job("waiting", alice), s.job(state, alice), s.job("waiting", alice)]
    _has_ids(s, alice.listed(**flags), jobs)


def _has_ids(s: Scenario, listed: list[Any], jobs: list[str]) -> None:
    strange = [job for job in listed if job not in jobs]
    s.require(not strange, "entries with the id of a job", s.tell(strange))
    s.require(len(listed) == len(set(listed)), "every job once", s.tell(listed))


def _agrees(s: Scenario, actor: Actor, job: str, flags: Flags) -> None:
    """The promise; it is judged if the job has the same status before and after the list."""
    before = actor.status(job)
    told = {entry.get("job_id"): entry.get("status") for entry in actor.entries(**flags)}
    after = actor.status(job)
    if before == after:
        s.require(told.get(job) == after, f"the status {after} for {s.tell(job)}", s.tell(told.get(job)))


@CHECKS.check("list.status-agrees", state=Each(*STATES), flags=FLAGS)
def _status_agrees(s: Scenario, state: str, flags: Flags) -> None:
    alice = s.open()
    s.job("waiting", alice)
    job = s.job(state, alice)
    for actor in (alice, s.open()):
        _agrees(s, actor, job, flags)


@CHECKS.check(
    "list.status-agrees", variant="pasts", past=_ANY_HISTORY, state=Each("waiting", "dispatched", "running", "aborted")
)
def _status_agrees_after(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    for flags in FLAGS.values:
        if past not in OF_ANOTHER_USER or flags.get("all"):
            _agrees(s, actor, job, flags)


@CHECKS.check("list.status-agrees", variant="followed", flags=FLAGS, ends=Each("by itself", "aborted"))
def _status_followed(s: Scenario, flags: Flags, ends: str) -> None:
    alice, other = s.open(), s.open()
    job = alice.submit(JobPlan(runs=3.0))
    for number in range(20):
        for actor in (alice, other):
            _agrees(s, actor, job, flags)
        if number == 9 and ends == "aborted":
            other.need("abort_job", job)
        else:
            s.sleep(0.25)
    s.until(alice, job, finished, "finished")
    for actor in (alice, other):
        _agrees(s, actor, job, flags)


@CHECKS.check("list.complete", flags=FLAGS, count=Each(1, 11))
def _complete(s: Scenario, flags: Flags, count: int) -> None:
    alice = s.open()
    jobs = [alice.submit(_WAITING) for _ in range(count)]
    for _ in range(2):
        listed = alice.listed(**flags)
        missing = [job for job in jobs if job not in listed]
        s.require(not missing, f"all {count} jobs in the list", f"{len(listed)} entries, without {s.tell(missing[:3])}")


@CHECKS.check("list.complete", variant="many", count=Each(260))
def _many_complete(s: Scenario, count: int) -> None:
    """Also when there are more jobs than a page of results is likely to hold."""
    alice = s.open()
    jobs = [alice.submit(_WAITING)]
    jobs += [alice.clone(jobs[0]) for _ in range(count)]
    for flags in FLAGS.values:
        listed = set(alice.listed(**flags))
        missing = [job for job in jobs if job not in listed]
        s.require(not missing, f"all {count + 1} jobs in the list", f"{len(listed)}, without {s.tell(missing[:3])}")


@CHECKS.check("list.complete", variant="states", state=Each(*STATES), flags=FLAGS, cloned=Each(False, True))
def _complete_in_every_state(s: Scenario, state: str, flags: Flags, cloned: bool) -> None:
    alice = s.open()
    job = s.job(state, alice)
    jobs = [job, alice.clone(job)] if cloned else [job]
    s.sleep(5.0)
    listed = alice.listed(**flags)
    for job in jobs:
        s.require(job in listed, f"{s.tell(job)} in the list", s.tell(listed))


@CHECKS.check("list.complete", variant="pasts", past=_ANY_HISTORY, state=Each("waiting", "completed"))
def _complete_after(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    later = actor.submit(_WAITING)
    for flags in FLAGS.values:
        listed = actor.listed(**flags)
        for wanted in (job, later):
            if wanted == later or past not in OF_ANOTHER_USER or flags.get("all"):
                s.require(wanted in listed, f"{s.tell(wanted)} in the list", s.tell(listed))


@CHECKS.check("list.no-deleted", flags=FLAGS, delete=lists(sampled_from(True, False), 1, 8), seen=Each(False, True))
def _no_deleted(s: Scenario, flags: Flags, delete: list[bool], seen: bool) -> None:
    alice, other = s.open(), s.open()
    jobs = [alice.submit(_WAITING) for _ in delete]
    jobs.append(alice.clone(jobs[0]))
    gone = [job for job, goes in zip(jobs, [*delete, True], strict=True) if goes]
    if seen:
        for actor in (alice, other):
            actor.listed(**flags)
    for number, job in enumerate(gone):
        (alice, other)[number % 2].need("delete_job", job)
    for actor in (alice, other, s.open()):
        listed = actor.listed(**flags)
        still = [job for job in gone if job in listed]
        s.require(not still, "no deleted job in the list", s.tell(still))


@CHECKS.check("list.no-deleted", variant="many", flags=FLAGS)
def _none_of_many_deleted(s: Scenario, flags: Flags) -> None:
    alice = s.open()
    jobs = [alice.submit(_WAITING) for _ in range(12)]
    for job in jobs:
        alice.need("delete_job", job)
        listed = alice.listed(**flags)
        s.require(job not in listed, "no deleted job in the list", s.tell(listed))


@CHECKS.check("list.no-deleted", variant="states", state=Each(*STATES), flags=FLAGS)
def _no_deleted_in_any_state(s: Scenario, state: str, flags: Flags) -> None:
    alice = s.open()
    job = s.job(state, alice)
    alice.listed(**flags)
    alice.need("delete_job", job)
    for pause in (0.0, 20.0):
        s.sleep(pause)
        listed = alice.listed(**flags)
        s.require(job not in listed, "no deleted job in the list", s.tell(listed))


@CHECKS.check("list.no-deleted", variant="by another", flags=FLAGS, owner=Each(0, 1))
def _none_deleted_by_another(s: Scenario, flags: Flags, owner: int) -> None:
    """Also in the list of a session whose jobs another session deletes, be it another user's."""
    alice, actor = s.open(), s.open(owner if len(s.system.users) > 1 else 0)
    for job in [actor.submit(_WAITING) for _ in range(3)]:
        actor.listed(**flags)
        alice.need("delete_job", job)
        for reader in (actor, alice):
            listed = reader.listed(**flags)
            s.require(job not in listed, "no deleted job in the list", s.tell(listed))


@CHECKS.check("list.callers-copy", flags=FLAGS, state=Each("waiting", "completed"))
def _callers_copy(s: Scenario, flags: Flags, state: str) -> None:
    alice, other = s.open(), s.open()
    jobs = [s.job(state, alice), s.job(state, alice)]
    metas = tuple(alice.snapshot(job) for job in jobs)
    before = alice.entry_snapshots(**flags)
    for actor in (alice, alice, other):
        spoil(actor.entries(**flags), {"job_id": "spoilt"})
        s.unchanged(metas, tuple(alice.snapshot(job) for job in jobs), "the metas")
        for reader, whose in ((alice, "the list"), (other, "the list of another session")):
            s.unchanged(before, reader.entry_snapshots(**flags), whose)


@CHECKS.check(
    "list.callers-copy",
    variant="handed out",
    flags=Each({}, {"detailed": True, "all": True}),
    state=Each("running", "completed"),
    change=Each(*ACTS),
)
def _stays_as_handed_out(s: Scenario, flags: Flags, state: str, change: str) -> None:
    stays(s, state, change, lambda reader, _: reader.entries(**flags))


@CHECKS.check("list.no-effect", flags=FLAGS, state=Each(*STATES))
def _no_effect(s: Scenario, flags: Flags, state: str) -> None:
    alice = s.open()
    other, job = s.job("waiting", alice), s.job(state, alice)
    before = alice.snapshot(other), alice.snapshot(job)
    for _ in range(12):
        alice.entries(**flags)
    s.require_exists(alice, other, job)
    s.unchanged(before, (alice.snapshot(other), alice.snapshot(job)), "the jobs")


@CHECKS.check("list.no-effect", variant="runs", looks=Each(0, 1, 12))
def _no_effect_on_start(s: Scenario, looks: int) -> None:
    is_run_though_read(s, looks, lambda actor, job: [actor.entries(**flags) for flags in FLAGS.values])


@CHECKS.check("list.no-effect", variant="pasts", past=_ANY_HISTORY, state=Each("waiting", "completed"))
def _no_effect_after(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    before = actor.snapshot(job)
    for flags in FLAGS.values:
        actor.entries(**flags)
    s.require_exists(actor, job)
    s.unchanged(before, actor.snapshot(job), "the job")


@CHECKS.check("list.no-effect", variant="marks", state=Each("waiting", "aborted"))
def _leaves_no_mark(s: Scenario, state: str) -> None:
    leaves_no_mark(s, state, lambda actor, _: [actor.entries(**flags) for flags in FLAGS.values])
