"""submit_job: what lists and metas tell of the job that was just submitted."""

from __future__ import annotations

from contract_tests.clauses.shared.users import session_of_each_user
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import STATES, finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import FLAGS, Each
from contract_tests.sequences.starting_points import (
    EVERY_HISTORY,
    MAIN_HISTORIES,
    OF_ANOTHER_USER,
    session_after,
    starting_point,
)
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()

_SIZES = Each(1, 2, 3, 11, 12)
"""How many jobs are submitted."""


@CHECKS.check("submit.listed", history=EVERY_HISTORY)
def _listed(s: Scenario, history: str) -> None:
    alice = session_after(s, history)
    other = s.open()
    for actor in (alice, other):
        for flags in FLAGS.values:
            actor.listed(**flags)
    job = alice.submit()
    for actor in (alice, other, s.open()):
        for flags in FLAGS.values:
            listed = actor.listed(**flags)
            s.require(job in listed, f"{s.tell(job)} in the list", s.tell(listed))


@CHECKS.check("submit.listed", variant="many", count=_SIZES)
def _many_listed(s: Scenario, count: int) -> None:
    actors = session_of_each_user(s)
    jobs = [(actor, actor.submit()) for _ in range(count) for actor in actors]
    for actor, job in jobs:
        listed = actor.listed()
        s.require(job in listed, f"{s.tell(job)} in the list", s.tell(listed))


@CHECKS.check("submit.meta", history=EVERY_HISTORY)
def _meta(s: Scenario, history: str) -> None:
    alice = session_after(s, history)
    other = s.open()
    job = alice.submit()
    for actor in (alice, other, s.open()):
        outcome = actor.do("get_job_meta", job)
        s.require(outcome.returned, "the meta of the job", outcome)


@CHECKS.check("submit.meta", variant="many", count=_SIZES)
def _many_metas(s: Scenario, count: int) -> None:
    actors = session_of_each_user(s)
    jobs = [(actor, actor.submit()) for _ in range(count) for actor in actors]
    for actor, job in reversed(jobs):
        outcome = actor.do("get_job_meta", job)
        s.require(outcome.returned, "the meta of the job", outcome)


@CHECKS.check("submit.not-done", history=EVERY_HISTORY)
def _not_done(s: Scenario, history: str) -> None:
    for actor in (session_after(s, history), *session_of_each_user(s)):
        for _ in range(2):
            job = actor.submit(STATES["completed"].plan)  # what an earlier job of some histories was, too
            status = actor.status(job)
            _is_undone(s, job, status, "a status")
            _is_undone(s, job, actor.listed_status(job), "a status in the list")


@CHECKS.check("submit.not-done", variant="many", count=_SIZES)
def _many_not_done(s: Scenario, count: int) -> None:
    alice = s.open()
    jobs = [alice.submit(JobPlan(runs=5.0)) for _ in range(count)]
    _is_undone(s, jobs[-1], alice.status(jobs[-1]), "a status")


def _is_undone(s: Scenario, job: str, status: object, what: str) -> None:
    """The promise that a job that was just submitted is not done, unless replies took so long that it may be."""
    s.require(not finished(status) or s.due(job, status), f"{what} that is not a finished one", status)


@CHECKS.check("submit.owner", order=Each("01", "10", "0110", "001101", "111010"))
def _owner(s: Scenario, order: str) -> None:
    actors = [s.open(0), s.open(1), s.open(1), s.open(0)]
    jobs = []
    for number, digit in enumerate(order):
        user = int(digit)
        actor = actors[user if number % 2 == 0 else 3 - user]
        jobs.append((s.system.users[user], actor.submit(JobPlan(waits=True))))
        for user_name, job in jobs:
            for reader in actors:
                name = reader.meta(job).get("submitter_name")
                s.require(name == user_name, f"the submitter {user_name}", s.tell(name))


@CHECKS.check("submit.owner", variant="history", history=Each(*MAIN_HISTORIES, "submitted in a callback"))
def _owner_after(s: Scenario, history: str) -> None:
    jobs = {starting_point(s, history).job: int(history in OF_ANOTHER_USER)}
    actors = [s.open(0), s.open(1)]
    jobs.update((actor.submit(JobPlan(waits=True)), user) for user, actor in enumerate(actors))
    for job, user in jobs.items():
        for reader in actors:
            name = reader.meta(job).get("submitter_name")
            s.require(name == s.system.users[user], f"the submitter {s.system.users[user]}", s.tell(name))


@CHECKS.check("submit.time", history=EVERY_HISTORY)
def _time(s: Scenario, history: str) -> None:
    alice = session_after(s, history)
    s.sleep(1000.75)  # no whole second
    started = s.now()
    job = alice.submit(JobPlan(waits=True))
    ended = s.now()
    for actor in (alice, s.open()):
        s.sleep(5.0)
        is_time(s, actor.meta(job).get("submit_time"), started, ended)


@CHECKS.check("submit.time", variant="life", state=Each(*STATES))
def _time_for_life(s: Scenario, state: str) -> None:
    alice = s.open()
    s.sleep(3.0)
    started = s.now()
    job = alice.submit(STATES[state].plan)
    ended = s.now()
    for pause in (0.25, 1.0, 2.0, 10.0, 400.0):
        s.sleep(pause)
        is_time(s, alice.meta(job).get("submit_time"), started, ended)


def is_time(s: Scenario, submitted: object, started: float, ended: float) -> None:
    """The promise that a submit_time is one of the moments from ``started`` to ``ended``."""
    is_number = isinstance(submitted, (int, float)) and not isinstance(submitted, bool)
    s.require(is_number, "submit_time to be a number of seconds", s.tell(submitted))
    assert isinstance(submitted, (int, float))
    when = submitted / s.system.time_unit
    cut = started % 1.0 if isinstance(submitted, int) else 0.0  # a server may keep whole seconds, and say so
    in_time = started - cut - s.slack <= when <= ended + s.slack
    s.require(in_time, f"submit_time between {s.at(started)} and {s.at(ended)}", s.moment(submitted))
