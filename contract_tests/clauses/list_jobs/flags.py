"""list_jobs: its flags, which say whose jobs are listed and in how much detail; and the order of the list."""

from __future__ import annotations

import itertools
from contextlib import suppress

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.exceptions import JudgedElsewhere
from contract_tests.scenario.job_states import STATES
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import FLAGS, Each, lists, sampled_from
from contract_tests.sequences.starting_points import EVERY_HISTORY, session_after
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()
_WAITING = JobPlan(waits=True)
_DETAILED = Each(False, True)


@CHECKS.check("list.own", detailed=_DETAILED, whose=lists(sampled_from(0, 1), 1, 8))
def _own(s: Scenario, detailed: bool, whose: list[int]) -> None:
    actors = [s.open(0), s.open(1)]
    jobs = [(user, actors[user].submit(_WAITING)) for user in whose]
    for user in (0, 1):
        _only_own(s, actors[user], user, jobs, detailed)


@CHECKS.check(
    "list.own", variant="sessions", detailed=_DETAILED, before=Each("nothing", "all", "session", "clone", "11")
)
def _own_in_sessions(s: Scenario, detailed: bool, before: str) -> None:
    alice, bob = s.open(0), s.open(1)
    jobs = [(0, alice.submit(_WAITING)), (1, bob.submit(_WAITING)), (0, alice.submit(_WAITING))]
    if before == "11":
        jobs += [(number % 2, (alice, bob)[number % 2].submit(_WAITING)) for number in range(12)]
    elif before == "clone":
        jobs += [(0, alice.clone(jobs[1][1])), (1, bob.clone(jobs[1][1]))]
    elif before == "all":
        for actor in (alice, bob):
            actor.listed(all=True, detailed=detailed)
    elif before == "session":
        alice.need("close")
        alice, bob = s.open(0), s.open(1)
    for user, actor in ((1, bob), (0, alice), (1, s.open(1)), (0, s.open(0))):
        _only_own(s, actor, user, jobs, detailed)


@CHECKS.check("list.own", variant="states", detailed=_DETAILED, state=Each(*STATES))
def _own_in_every_state(s: Scenario, detailed: bool, state: str) -> None:
    alice, bob = s.open(0), s.open(1)
    jobs = [(0, s.job(state, alice)), (1, s.job("waiting", bob))]
    for user, actor in enumerate((alice, bob)):
        _only_own(s, actor, user, jobs, detailed)


def _only_own(s: Scenario, actor: Actor, user: int, jobs: list[tuple[int, str]], detailed: bool) -> None:
    listed = actor.listed(detailed=True) if detailed else actor.listed()
    strange = [job for owner, job in jobs if owner != user and job in listed]
    s.require(not strange, f"only jobs of {s.system.users[user]}", f"{s.tell(strange)} of the other user")


@CHECKS.check("list.own-all-sessions", detailed=_DETAILED, closed=Each(False, True), seen=Each(False, True))
def _own_all_sessions(s: Scenario, detailed: bool, closed: bool, seen: bool) -> None:
    first, second, third = s.open(), s.open(), s.open()
    if seen:
        for actor in (first, second, third):
            actor.listed(detailed=detailed)
    jobs = [first.submit(_WAITING), second.submit(_WAITING)]
    jobs += [second.clone(jobs[0]), third.submit(_WAITING)]
    if closed:
        second.need("close")
    for actor in (first, *(() if closed else (second,)), third, s.open()):
        listed = actor.listed(detailed=detailed)
        missing = [job for job in jobs if job not in listed]
        s.require(not missing, "the jobs of every session of the user", f"without {s.tell(missing)}")


@CHECKS.check("list.all", detailed=_DETAILED, how=Each("name", "position"), whose=lists(sampled_from(0, 1), 1, 8))
def _all(s: Scenario, detailed: bool, how: str, whose: list[int]) -> None:
    actors = [s.open(0), s.open(1)]
    jobs = [actors[user].submit(_WAITING) for user in whose]
    for actor in actors:
        _has_all(s, actor, jobs, detailed, how)


@CHECKS.check("list.all", variant="many", detailed=_DETAILED, how=Each("name", "position"))
def _all_of_many(s: Scenario, detailed: bool, how: str) -> None:
    actors = [s.open(0), s.open(1)]
    for actor in actors:
        actor.listed(detailed=detailed)
    jobs = [actors[number % 2].submit(_WAITING) for number in range(26)]
    jobs += [actor.clone(jobs[1]) for actor in actors]
    for actor in (*actors, *actors, s.open(0), s.open(1)):
        _has_all(s, actor, jobs, detailed, how)
    actors[0].need("close")
    _has_all(s, actors[1], jobs, detailed, how)


@CHECKS.check("list.all", variant="states", state=Each(*STATES), detailed=_DETAILED)
def _all_in_every_state(s: Scenario, state: str, detailed: bool) -> None:
    alice, bob = s.open(0), s.open(1)
    jobs = [s.job(state, alice), bob.submit(_WAITING)]
    for actor in (alice, bob):
        _has_all(s, actor, jobs, detailed, "name")


def _has_all(s: Scenario, actor: Actor, jobs: list[str], detailed: bool, how: str) -> None:
    if how == "position":
        outcome = actor.attempt("list_jobs", detailed, True)
    elif detailed:
        outcome = actor.attempt("list_jobs", detailed=True, all=True)
    else:
        outcome = actor.attempt("list_jobs", all=True)
    s.require(outcome.returned, "the jobs of all users", outcome)
    listed = [entry.get("job_id") for entry in outcome.value]
    missing = [job for job in jobs if job not in listed]
    s.require(not missing, "the jobs of all users", f"without {s.tell(missing[:3])}")


@CHECKS.check("list.all-false", detailed=_DETAILED, how=Each("name", "position"), first=Each("all", "none", "closed"))
def _all_false(s: Scenario, detailed: bool, how: str, first: str) -> None:
    alice, bob = s.open(0), s.open(1)
    for actor in (alice, bob, alice):
        actor.submit(_WAITING)
    if first == "all":
        alice.listed(all=True)
        bob.listed(all=True)
    elif first == "closed":
        alice.need("close")
        alice = s.open(0)
    for actor in (alice, bob):
        left_out = actor.listed(detailed=detailed)
        given = (
            actor.attempt("list_jobs", detailed, False)
            if how == "position"
            else actor.attempt("list_jobs", detailed=detailed, all=False)
        )
        s.require(given.returned, "all=False to be accepted", given)
        _are_same(s, left_out, [entry.get("job_id") for entry in given.value], "without it")


def _are_same(s: Scenario, expected: list[object], told: list[object], as_what: str) -> None:
    """The assertion that two lists name the same jobs, in whatever order."""
    same = sorted(map(str, told)) == sorted(map(str, expected))
    s.require(same, f"the same jobs as {as_what}: {s.tell(expected)}", s.tell(told))


@CHECKS.check("list.detailed-jobs", history=EVERY_HISTORY)
def _detailed_jobs(s: Scenario, history: str) -> None:
    alice = session_after(s, history)
    for _ in range(2):
        for everyone, how in itertools.product((False, True), ("name", "position")):
            with suppress(JudgedElsewhere):  # a form that is not taken at all
                _same_jobs(s, alice, everyone, how)
        alice.submit(_WAITING)


@CHECKS.check("list.detailed-jobs", variant="states", everyone=Each(False, True), state=Each(*STATES))
def _detailed_jobs_in_every_state(s: Scenario, everyone: bool, state: str) -> None:
    alice = s.open()
    s.job(state, alice)
    _same_jobs(s, alice, everyone, "name")
    if len(s.system.users) > 1:
        bob = s.open(1)
        bob.submit(_WAITING)
        for actor in (alice, bob):
            _same_jobs(s, actor, everyone, "name")


def _same_jobs(s: Scenario, actor: Actor, everyone: bool, how: str) -> None:
    flags = {"all": True} if everyone else {}
    plain = actor.listed(**flags)
    detailed = (
        actor.do("list_jobs", True, **flags) if how == "position" else actor.do("list_jobs", detailed=True, **flags)
    )
    s.require(detailed.returned, "the same jobs with detailed=True", detailed)
    _are_same(s, plain, [entry.get("job_id") for entry in detailed.value], "without detailed")


@CHECKS.check("list.order", flags=FLAGS, count=Each(2, 25))
def _order(s: Scenario, flags: dict[str, bool], count: int) -> None:
    alice = s.open()
    for _ in range(count):
        alice.submit(_WAITING)
    _same_order(s, alice, flags)


@CHECKS.check("list.order", variant="mixed", flags=FLAGS)
def _mixed_order(s: Scenario, flags: dict[str, bool]) -> None:
    actors = [s.open(0), s.open(0), *([s.open(1)] if len(s.system.users) > 1 else [])]
    alice = actors[0]
    jobs = [actors[number % len(actors)].submit(_WAITING) for number in range(9)]
    jobs += [alice.clone(jobs[0]), alice.clone(jobs[4])]
    alice.need("abort_job", jobs[3])
    alice.need("delete_job", jobs[6])
    for actor in actors:
        _same_order(s, actor, flags)


def _same_order(s: Scenario, actor: Actor, flags: dict[str, bool]) -> None:
    """The promise; also with calls in between that only read."""
    first = actor.listed(**flags)
    for number in range(5):
        if number > 2 and first:
            actor.do("get_job_meta", first[-1 if number == 3 else 0])
            actor.do("get_system_info")
        again = actor.listed(**flags)
        s.require(first == again, f"the same order: {s.tell(first)}", s.tell(again))
