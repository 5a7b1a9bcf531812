"""Ids that no job has: JobNotFound."""

from __future__ import annotations

import itertools

from contract_tests.clauses.errors.ids_of_no_job import (
    LOOK_ALIKES,
    NEARLY_AN_ID,
    UNKNOWN_IDS,
    is_a_job,
    is_not_found,
    more_arguments,
)
from contract_tests.contract.interface import JOB_METHODS
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.starting_points import WAITING_HISTORIES, starting_point
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()


def _unknown(method: str) -> None:
    clause = f"unknown.{method.replace('_', '-')}"

    @CHECKS.check(clause, unknown=Each(*UNKNOWN_IDS), jobs=Each(0, 1, 11))
    def body(s: Scenario, unknown: str, jobs: int) -> None:
        alice = s.open()
        for _ in range(jobs):
            alice.submit(JobPlan(waits=True))
        if is_a_job(s, unknown):
            return
        for _ in range(2):
            is_not_found(s, alice.do(method, unknown))
            is_not_found(s, alice.do(method, job_id=unknown, **more_arguments(s, method)))

    @CHECKS.check(clause, variant="nearly", change=Each(*NEARLY_AN_ID))
    def nearly(s: Scenario, change: str) -> None:
        alice = s.open()
        job = alice.submit(JobPlan(waits=True))
        if method in ("clone_job", "get_job_meta", "monitor_job"):
            alice.do(method, job, *((1,) if method == "monitor_job" else ()))
        similar = NEARLY_AN_ID[change](job)
        if is_a_job(s, similar):
            return
        is_not_found(s, alice.do(method, similar), f", as {similar!r} is no job's id")

    @CHECKS.check(clause, variant="past", past=Each(*WAITING_HISTORIES))
    def after_history(s: Scenario, past: str) -> None:
        actor, _ = starting_point(s, past)
        for _ in range(2):
            is_not_found(s, actor.do(method, "no-such-job"))
        s.sleep(100.0)
        is_not_found(s, actor.do(method, "no-such-job"))


def _some_jobs(s: Scenario) -> list[str]:
    """A job that waits, one that was aborted, a clone, and one of another user."""
    alice = s.open()
    jobs = [alice.submit(JobPlan(waits=True)) for _ in range(2)]
    alice.need("abort_job", jobs[1])
    other = s.open(1 if len(s.system.users) > 1 else 0)
    return [*jobs, alice.clone(jobs[0]), other.submit(JobPlan(waits=True))]


def _look_alike(method: str) -> None:
    @CHECKS.check(f"unknown.{method.replace('_', '-')}", variant="looks like one", how=Each(*LOOK_ALIKES))
    def looks_like_one(s: Scenario, how: str) -> None:
        jobs, reader = _some_jobs(s), s.open()
        for job, change in itertools.product(jobs, LOOK_ALIKES[how]):
            text = change(job)
            if not is_a_job(s, text):
                outcome = reader.do(method, text, **more_arguments(s, method))
                is_not_found(s, outcome, f", as {text!r} is no job's id")


for _method in JOB_METHODS:
    _unknown(_method)
    _look_alike(_method)
