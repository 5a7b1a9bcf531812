"""list_jobs: all the jobs there are, whose they are, and nothing else."""

from __future__ import annotations

import copy

from contract_tests.checks.registry import CheckTable
from contract_tests.domains import Each, choice, lists, whole
from contract_tests.plan import JobPlan
from contract_tests.scenario import STATES, Scenario

CHECKS = CheckTable()
_FLAGS = Each({}, {"detailed": True}, {"all": True}, {"detailed": True, "all": True})
_WAITING = JobPlan(waits=True)


@CHECKS.check("list.dicts", flags=_FLAGS, count=whole(0, 5))
def _dicts(s: Scenario, flags: dict[str, bool], count: int) -> None:
    alice = s.open()
    for _ in range(count):
        alice.submit()
    outcome = alice.do("list_jobs", **flags)
    right = outcome.returned and isinstance(outcome.value, list) and all(isinstance(job, dict) for job in outcome.value)
    s.require(right, "a list of dicts", outcome)


@CHECKS.check("list.empty", flags=_FLAGS)
def _empty(s: Scenario, flags: dict[str, bool]) -> None:
    outcome = s.open().do("list_jobs", **flags)
    s.require(outcome.returned and outcome.value == [], "an empty list", outcome)


@CHECKS.check("list.ids", flags=_FLAGS, count=whole(1, 14), clones=whole(0, 3))
def _ids(s: Scenario, flags: dict[str, bool], count: int, clones: int) -> None:
    alice = s.open()
    jobs = [alice.submit(_WAITING) for _ in range(count)]
    jobs += [alice.clone(jobs[0]) for _ in range(clones)]
    listed = alice.listed(**flags)
    strange = [job for job in listed if job not in jobs]
    s.require(not strange, "entries with the id of a job", s.tell(strange))
    s.require(len(listed) == len(set(listed)), "every job once", s.tell(listed))


@CHECKS.check("list.status-agrees", state=Each(*STATES), flags=_FLAGS)
def _status_agrees(s: Scenario, state: str, flags: dict[str, bool]) -> None:
    alice = s.open()
    s.job("waiting", alice)
    job = s.job(state, alice)
    told = {entry.get("job_id"): entry.get("status") for entry in alice.entries(**flags)}
    status = alice.status(job)
    s.require(told.get(job) == status, f"the status {status} for {s.tell(job)}", s.tell(told.get(job)))


@CHECKS.check("list.complete", flags=_FLAGS, count=whole(1, 60))
def _complete(s: Scenario, flags: dict[str, bool], count: int) -> None:
    alice = s.open()
    jobs = [alice.submit(_WAITING) for _ in range(count)]
    listed = alice.listed(**flags)
    missing = [job for job in jobs if job not in listed]
    s.require(not missing, f"all {count} jobs in the list", f"{len(listed)} entries, without {s.tell(missing[:3])}")


@CHECKS.check("list.complete", variant="states", state=Each(*STATES), flags=_FLAGS)
def _complete_in_every_state(s: Scenario, state: str, flags: dict[str, bool]) -> None:
    alice = s.open()
    job = s.job(state, alice)
    listed = alice.listed(**flags)
    s.require(job in listed, f"a job that is {state} in the list", s.tell(listed))


@CHECKS.check("list.no-deleted", flags=_FLAGS, delete=lists(choice(True, False), 1, 8))
def _no_deleted(s: Scenario, flags: dict[str, bool], delete: list[bool]) -> None:
    alice = s.open()
    jobs = [alice.submit(_WAITING) for _ in delete]
    gone = [job for job, goes in zip(jobs, delete, strict=True) if goes]
    for job in gone:
        alice.need("delete_job", job)
    listed = alice.listed(**flags)
    still = [job for job in gone if job in listed]
    s.require(not still, "no deleted job in the list", s.tell(still))


@CHECKS.check("list.own", detailed=Each(False, True), whose=lists(choice(0, 1), 1, 8))
def _own(s: Scenario, detailed: bool, whose: list[int]) -> None:
    actors = [s.open(0), s.open(1)]
    jobs = [(user, actors[user].submit(_WAITING)) for user in whose]
    for user in (0, 1):
        listed = actors[user].listed(detailed=detailed)
        strange = [job for owner, job in jobs if owner != user and job in listed]
        s.require(not strange, f"only jobs of {s.system.users[user]}", f"{s.tell(strange)} of the other user")


@CHECKS.check("list.own-all-sessions", detailed=Each(False, True))
def _own_all_sessions(s: Scenario, detailed: bool) -> None:
    first, second = s.open(), s.open()
    jobs = [first.submit(_WAITING), second.submit(_WAITING)]
    for actor in (first, second, s.open()):
        listed = actor.listed(detailed=detailed)
        missing = [job for job in jobs if job not in listed]
        s.require(not missing, "the jobs of every session of the user", f"without {s.tell(missing)}")


@CHECKS.check("list.all", detailed=Each(False, True), how=Each("name", "position"), whose=lists(choice(0, 1), 1, 8))
def _all(s: Scenario, detailed: bool, how: str, whose: list[int]) -> None:
    actors = [s.open(0), s.open(1)]
    jobs = [actors[user].submit(_WAITING) for user in whose]
    for actor in actors:
        outcome = (
            actor.do("list_jobs", detailed, True)
            if how == "position"
            else actor.do("list_jobs", detailed=detailed, all=True)
        )
        s.require(outcome.returned, "the jobs of all users", outcome)
        listed = [entry.get("job_id") for entry in outcome.value]
        missing = [job for job in jobs if job not in listed]
        s.require(not missing, "the jobs of all users", f"without {s.tell(missing)}")


@CHECKS.check("list.all-false", detailed=Each(False, True))
def _all_false(s: Scenario, detailed: bool) -> None:
    alice, bob = s.open(0), s.open(1)
    alice.submit(_WAITING)
    bob.submit(_WAITING)
    for actor in (alice, bob):
        left_out, given = actor.listed(detailed=detailed), actor.do("list_jobs", detailed=detailed, all=False)
        s.require(given.returned, "all=False to be accepted", given)
        told = [entry.get("job_id") for entry in given.value]
        s.require(told == left_out, f"the same as without it: {s.tell(left_out)}", s.tell(told))


@CHECKS.check("list.detailed-jobs", everyone=Each(False, True), count=whole(1, 14), how=Each("name", "position"))
def _detailed_jobs(s: Scenario, everyone: bool, count: int, how: str) -> None:
    alice = s.open()
    for _ in range(count):
        alice.submit(_WAITING)
    flags = {"all": True} if everyone else {}
    plain = alice.listed(**flags)
    detailed = (
        alice.do("list_jobs", True, **flags) if how == "position" else alice.do("list_jobs", detailed=True, **flags)
    )
    s.require(detailed.returned, "the same jobs with detailed=True", detailed)
    told = [entry.get("job_id") for entry in detailed.value]
    s.require(sorted(map(str, told)) == sorted(map(str, plain)), f"the same jobs: {s.tell(plain)}", s.tell(told))


@CHECKS.check("list.detailed-more", state=Each(*STATES))
def _detailed_more(s: Scenario, state: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    plain = {entry.get("job_id"): entry for entry in alice.entries()}
    detailed = {entry.get("job_id"): entry for entry in alice.entries(detailed=True)}
    before, after = plain.get(job, {}), detailed.get(job, {})
    s.require(
        len(after) >= len(before), f"at least {len(before)} keys", f"{len(after)} keys: {sorted(map(str, after))}"
    )
    for key in ("job_id", "status"):
        s.require(after.get(key) == before.get(key), f"{key} {s.tell(before.get(key))}", s.tell(after.get(key)))


@CHECKS.check("list.order", flags=_FLAGS, count=whole(2, 25))
def _order(s: Scenario, flags: dict[str, bool], count: int) -> None:
    alice = s.open()
    for _ in range(count):
        alice.submit(_WAITING)
    first, second = alice.listed(**flags), alice.listed(**flags)
    s.require(first == second, f"the same order: {s.tell(first)}", s.tell(second))


@CHECKS.check("list.callers-copy", flags=_FLAGS, state=Each("waiting", "completed"))
def _callers_copy(s: Scenario, flags: dict[str, bool], state: str) -> None:
    alice = s.open()
    s.job(state, alice)
    s.job(state, alice)
    first = alice.entries(**flags)
    before = copy.deepcopy(first)
    for entry in first:
        for value in entry.values():
            if isinstance(value, (dict, list)):
                value.clear()
        entry["status"] = "FINISHED:SPOILT"
    first.clear()
    after = alice.entries(**flags)
    s.unchanged(before, after, "the list")


@CHECKS.check("list.no-effect", flags=_FLAGS, state=Each(*STATES), reads=whole(1, 8))
def _no_effect(s: Scenario, flags: dict[str, bool], state: str, reads: int) -> None:
    alice = s.open()
    other, job = s.job("waiting", alice), s.job(state, alice)
    before = alice.facts(other), alice.facts(job)
    for _ in range(reads):
        alice.entries(**flags)
    after = alice.facts(other), alice.facts(job)
    s.unchanged(before, after, "the jobs")
