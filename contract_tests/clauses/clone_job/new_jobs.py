"""clone_job: the new job, from its id over its definition and its owner to its end."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, Final

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.exceptions import NotTestable
from contract_tests.scenario.job_states import DONE, STATES, finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import FLAGS, Each
from contract_tests.sequences.starting_points import ANY, HISTORY_NAMES, starting_point
from contract_tests.system import job_folders, temporary_folders
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()

_ANY = Each(*ANY)

DEFINITION = ("name", "deploy_map", "resource_spec", "min_clients", "mandatory_clients")

_RAN: Final = tuple(state for state in DONE if STATES[state].plan.runs is not None)
"""The states of a job that ran and is done."""


@CHECKS.check("clone.returns-id", state=_ANY)
def _returns_id(s: Scenario, state: str) -> None:
    with suppress(NotTestable):  # what was cloned on the way there counts, too
        actor, job = starting_point(s, state)
        actor.clone(actor.clone(job))
    for step in s.steps:
        if step.operation.method == "clone_job":
            outcome = step.outcome
            is_id = outcome.returned and isinstance(outcome.value, str) and outcome.value
            s.require(is_id, "a str that is not empty", outcome)


@CHECKS.check("clone.new-id", between=Each("nothing", "delete original", "delete clone", "abort", "session", "submit"))
def _new_id(s: Scenario, between: str) -> None:
    actors = [s.open(), s.open()] if between == "session" else [s.open()]
    job = actors[0].submit(JobPlan(waits=True))
    seen = {job}
    for number in range(12):
        actor = actors[number % len(actors)]
        clone = actor.clone(job)
        s.require(clone not in seen, "an id that no job had before", f"{clone!r} again, for clone {number + 1}")
        seen.add(clone)
        if between == "submit":
            seen.add(actor.submit(JobPlan(waits=True)))
        elif between == "delete clone":
            actor.do("delete_job", clone)
        elif between == "delete original":
            actor.do("delete_job", job)
            job = clone
        elif between == "abort":
            actor.do("abort_job", clone)
            job = clone


@CHECKS.check("clone.new-id", variant="many", count=Each(260))
def _many_new_ids(s: Scenario, count: int) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(waits=True))
    first = {job: 1}
    for number in range(2, count + 2):
        clone = alice.clone(job)
        s.require(clone not in first, "an id that no job had before", f"that of job{first.get(clone)} for job{number}")
        first[clone] = number


@CHECKS.check("clone.new-id", variant="users")
def _new_id_for_users(s: Scenario) -> None:
    alice, bob = s.open(0), s.open(1)
    jobs = {alice: alice.submit(JobPlan(waits=True)), bob: bob.submit(JobPlan(waits=True))}
    seen = set(jobs.values())
    for actor in (alice, bob, bob, alice):
        clone = actor.clone(jobs[actor])
        s.require(clone not in seen, "an id that no job had before", f"{clone!r} again")
        seen.add(clone)


_CHANGES: Final[dict[str, dict[str, Any]]] = {
    "nothing": {},
    "name": {"name": "Another Name, Longer than Most"},
    "min_clients": {"min_clients": 2},
    "mandatory_clients": {"mandatory_clients": ["site-1"]},
    "no mandatory_clients": {"mandatory_clients": []},
    "resource_spec": {"resource_spec": {"site-1": {"num_of_gpus": 0, "mem_per_gpu_in_GiB": 1}}},
    "deploy_map": {"deploy_map": {job_folders.APP: ["server", "site-1", "site-2"]}},
}
"""Changes to a job definition, by what they change."""


def _is_like(s: Scenario, actor: Actor, job: str, clone: str) -> None:
    original, copy = actor.meta(job), actor.meta(clone)
    for key in DEFINITION:
        same = copy.get(key) == original.get(key)
        s.require(same, f"{key} of the clone to be {s.tell(original.get(key))}", s.tell(copy.get(key)))


@CHECKS.check("clone.definition", change=Each(*_CHANGES))
def _definition(s: Scenario, change: str) -> None:
    alice = s.open()
    folder = temporary_folders.scratch() / "contract_job"
    job_folders.write_job(folder, {**job_folders.job_meta(JobPlan(waits=True)), "min_clients": 1, **_CHANGES[change]})
    earlier = alice.submit(JobPlan(name="an-earlier-job"))
    alice.clone(earlier)
    job = alice.submit(str(folder))
    clone = alice.clone(job)
    _is_like(s, alice, job, clone)
    _is_like(s, alice, job, alice.clone(clone))
    _is_like(s, s.open(), job, clone)
    changed = {**job_folders.job_meta(JobPlan(name="changed since")), "min_clients": 3, "mandatory_clients": ["site-2"]}
    (folder / "meta.json").write_text(json.dumps(changed), encoding="utf-8")
    _is_like(s, alice, job, alice.clone(job))


@CHECKS.check("clone.definition", variant="situations", state=_ANY)
def _definition_anywhere(s: Scenario, state: str) -> None:
    actor, job = starting_point(s, state)
    _is_like(s, actor, job, actor.clone(job))


@CHECKS.check("clone.starts-over", state=_ANY)
def _starts_over(s: Scenario, state: str) -> None:
    actor, job = starting_point(s, state)
    original = actor.meta(job)
    for number in range(2):
        began = s.now() if s.system.clock is not None else None
        outcome = actor.do("clone_job", job)
        s.require(outcome.returned, f"a clone of a job that is {state}", outcome)
        for reader in (actor, s.open()):
            meta = reader.meta(outcome.value)
            s.require(_begins(s, outcome.value, meta["status"], began), "the clone to be SUBMITTED", meta["status"])
            _is_dated_anew(s, meta, began)
            if state in _RAN:
                carried = [key for key in ("start_time", "duration") if _carried(original, meta, key)]
                s.require(not carried, "run times of its own", f"{', '.join(carried)} of the original")
        told = {entry.get("job_id"): entry.get("status") for entry in actor.entries()}.get(outcome.value)
        s.require(_begins(s, outcome.value, told, began), f"clone {number + 1} to be SUBMITTED in the list", told)


def _begins(s: Scenario, clone: str, status: object, began: float | None) -> bool:
    """Whether a job cloned at ``began`` may have this status: it may have got on if time has passed since."""
    passed = began is not None and s.now() > began
    return status == "SUBMITTED" or (passed and (not finished(status) or s.due(clone, status)))


def _is_dated_anew(s: Scenario, meta: dict[str, Any], began: float | None) -> None:
    """The promise that the time of a clone is not the one of its original."""
    submitted = meta.get("submit_time")
    if began is not None and isinstance(submitted, (int, float)):
        anew = submitted / s.system.time_unit >= began - s.slack - 1.0  # a server may keep whole seconds
        s.require(anew, f"a submit_time not before {s.at(began)}, when it was cloned", s.moment(submitted))


def _carried(original: dict[str, Any], clone: dict[str, Any], key: str) -> bool:
    return original.get(key) not in (None, "", "N/A") and clone.get(key) == original[key]


@CHECKS.check("clone.listed", state=_ANY)
def _listed(s: Scenario, state: str) -> None:
    actor, job = starting_point(s, state)
    other = s.open()
    for reader in (actor, other):
        for flags in FLAGS.values:
            reader.listed(**flags)
    clone = actor.clone(job)
    for act in ("", "abort_job", "delete_job"):
        if act:
            actor.do(act, job)
        for reader in (actor, other, s.open()):
            for flags in FLAGS.values:
                listed = reader.listed(**flags)
                s.require(clone in listed, f"{s.tell(clone)} in the list", s.tell(listed))


@CHECKS.check("clone.listed", variant="many", count=Each(1, 2, 3, 11, 12))
def _many_listed(s: Scenario, count: int) -> None:
    alice = s.open()
    clones = [alice.submit(JobPlan(waits=True))]
    for number in range(count):
        clones.append(alice.clone(clones[number // 2]))
    listed = alice.listed()
    missing = [clone for clone in clones if clone not in listed]
    s.require(not missing, f"all {count} clones in the list", f"without {s.tell(missing)}")


def ends_within(s: Scenario, actor: Actor, job: str, within: float, how: str = "") -> None:
    """The promise that a job ends within so many seconds, with the status ``how`` if one is given."""
    waited, limit = 0.0, within + s.system.patience + s.backlog
    while not finished(actor.status(job)) and waited <= limit:
        s.sleep(5.0)
        waited += 5.0
    status = actor.status(job)
    right = status == how if how else finished(status)
    s.require(right, f"{s.tell(job)} to be {how or 'done'} within {limit:g} s", status)


@CHECKS.check("clone.runs", state=Each(*_RAN))
def _runs(s: Scenario, state: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    for clone in (alice.clone(job), alice.clone(job)):
        plan = STATES[state].plan
        how = "FINISHED:COMPLETED" if plan.ends == "COMPLETED" else ""
        ends_within(s, alice, clone, 2 * (plan.runs or 0.0), how)
    ends_within(s, alice, alice.clone(clone), 2 * (plan.runs or 0.0), how)


@CHECKS.check("clone.runs", variant="situations", past=Each(*HISTORY_NAMES))
def _runs_anywhere(s: Scenario, past: str) -> None:
    actor, _ = starting_point(s, past)
    job = s.job("completed", actor)
    clone = actor.clone(job)
    if "deleted" in past:
        actor.need("delete_job", job)
    ends_within(s, actor, clone, 30.0, "FINISHED:COMPLETED")


@CHECKS.check("clone.owner", submitter=Each(0, 1), state=Each("waiting", "completed", "aborted"))
def _owner(s: Scenario, submitter: int, state: str) -> None:
    actors = [s.open(0), s.open(1)]
    job = s.job(state, actors[submitter])
    cloner = s.system.users[0]  # the first user may clone what the second submitted
    clone = actors[0].clone(job)
    actors[1].submit(JobPlan(waits=True))
    others = actors[submitter].clone(job)  # a clone of the submitter's own
    for asked in (clone, actors[0].clone(clone), s.open().clone(job), actors[0].clone(others)):
        for reader in (*actors, s.open(1)):
            name = reader.meta(asked).get("submitter_name")
            s.require(name == cloner, f"the submitter {cloner}", s.tell(name))
        mine = actors[0].listed()
        s.require(asked in mine, f"{s.tell(asked)} in the list of {cloner}", s.tell(mine))


@CHECKS.check("clone.owner", variant="second user")
def _owner_second(s: Scenario) -> None:
    alice, bob = s.open(0), s.open(1)
    clone = bob.clone(bob.submit(JobPlan(waits=True)))
    alice.submit(JobPlan(waits=True))
    for reader in (bob, alice):
        name = reader.meta(clone).get("submitter_name")
        s.require(name == s.system.users[1], f"the submitter {s.system.users[1]}", s.tell(name))
    mine = bob.listed()
    s.require(clone in mine, f"{s.tell(clone)} in the list of {s.system.users[1]}", s.tell(mine))
