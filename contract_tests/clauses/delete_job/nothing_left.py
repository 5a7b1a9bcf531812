"""delete_job: a deleted job never runs, and is in no list, in no system info and not among the files."""

from __future__ import annotations

from contract_tests.clauses.shared.monitoring import takes_effect_in_a_callback
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import LONG, STATES, UNDONE
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import FLAGS, Each
from contract_tests.sequences.histories import over_outage
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()

_ANY_STATE = Each(*STATES)

_ANY_HISTORY = Each(*MAIN_HISTORIES)

_PAUSES = (0.25, 0.5, 1.0, 1.5, 2.0, 5.0, 20.0, 60.0, 100.0)
"""Seconds between reads of what is executed: close ones first, as a start may be under way."""


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


@CHECKS.check("delete.never-runs", variant="pasts", past=_ANY_HISTORY, state=Each(*UNDONE))
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


@CHECKS.check("delete.system-info", variant="pasts", past=_ANY_HISTORY, state=Each("running", "completed"))
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


@CHECKS.check("delete.list", variant="pasts", past=_ANY_HISTORY, state=Each("waiting", "completed"))
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


@CHECKS.check("delete.files", variant="pasts", past=_ANY_HISTORY, state=Each("waiting", "running", "completed"))
def _files_after(s: Scenario, past: str, state: str) -> None:
    _leaves_nothing(s, *starting_point(s, past, state))


def _leaves_nothing(s: Scenario, actor: Actor, job: str) -> None:
    before = s.on_system("stored_files", job)
    actor.need("delete_job", job)
    for pause in (0.0, 100.0):
        s.sleep(pause)
        after = s.on_system("stored_files", job)
        s.require(not after, f"nothing left of the {len(before)} files the server held", s.tell(list(after)))


@CHECKS.check("delete.list", variant="in a callback", monitored=Each("another job", "that job"))
def _list_in_a_callback(s: Scenario, monitored: str) -> None:
    told = "the deleted job to be in no list"
    takes_effect_in_a_callback(
        s, monitored, "delete_job", "waiting", told, lambda actor, job: job not in actor.listed(all=True)
    )
