"""Calls for a job that was deleted: JobNotFound, whoever calls, and whatever they have read before."""

from __future__ import annotations

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import STATES
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import FLAGS, Each
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()


def _is_gone(s: Scenario, method: str, actor: Actor, job: str) -> None:
    """The promise for one call; a monitor has a timeout, so that it returns even if it is wrong."""
    outcome = actor.monitor(job, timeout=4.0) if method == "monitor_job" else actor.do(method, job)
    s.require(outcome.raised("JobNotFound"), "JobNotFound", outcome)


def _read_everything(actor: Actor, job: str) -> None:
    """Read everything about a job that can be read, twice."""
    for _ in range(2):
        actor.meta(job)
        for flags in FLAGS.values:
            actor.listed(**flags)
        actor.info()
        actor.monitor(job, timeout=1.0)


def _by_whoever(method: str, s: Scenario, state: str, seen: bool) -> None:
    alice = s.open()
    job = s.job(state, alice)
    actors = [alice]
    if seen:
        actors.append(s.open())
        if method == "get_job_meta" and len(s.system.users) > 1:
            actors.append(s.open(1))
        for actor in actors:
            _read_everything(actor, job)
            if method == "download_job_result" and state == "completed":
                actor.do(method, job)
    (actors[1] if seen else alice).need("delete_job", job)
    actors.append(s.open())
    for pause in (0.0, 30.0):
        s.sleep(pause)
        for actor in actors:
            _is_gone(s, method, actor, job)


def _after_history(method: str, s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    if past == "clone":
        actor.clone(job)
    actor.need("delete_job", job)
    for pause in (0.0, 30.0):
        s.sleep(pause)
        _is_gone(s, method, actor, job)


def _of_many(method: str, s: Scenario) -> None:
    alice = s.open()
    jobs = [alice.submit(JobPlan(waits=True)) for _ in range(12)]
    for job in jobs:
        alice.need("delete_job", job)
    alice.submit(JobPlan(waits=True))
    for job in jobs:
        _is_gone(s, method, alice, job)


def _then(method: str) -> None:
    """Declare the checks of a method that is called for a job that was deleted."""
    clause = f"delete.then.{method.replace('_', '-')}"

    @CHECKS.check(clause, state=Each(*STATES), seen=Each(False, True))
    def by_whoever(s: Scenario, state: str, seen: bool) -> None:
        _by_whoever(method, s, state, seen)

    @CHECKS.check(clause, variant="pasts", past=Each(*MAIN_HISTORIES), state=Each("waiting", "completed"))
    def after_history(s: Scenario, past: str, state: str) -> None:
        _after_history(method, s, past, state)

    @CHECKS.check(clause, variant="many")
    def of_many(s: Scenario) -> None:
        _of_many(method, s)


for _method in JOB_METHODS:
    _then(_method)
