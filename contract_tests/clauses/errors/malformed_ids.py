"""What cannot be the id of a job: JobNotFound as well, or InvalidArgumentError, and nothing has changed."""

from __future__ import annotations

import itertools
from typing import Any

from contract_tests.clauses.errors.ids_of_no_job import (
    LOOK_ALIKES,
    MADE_OF_AN_ID,
    NEARLY_AN_ID,
    UNKNOWN_IDS,
    is_a_job,
    is_refused,
    more_arguments,
)
from contract_tests.clauses.shared.unchanged_jobs import still_there
from contract_tests.contract.interface import JOB_METHODS
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import GOOD_FAITH, MALFORMED_IDS, ODDITIES, Each
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()


def _malformed(method: str) -> None:
    clause = f"malformed.{method.replace('_', '-')}"

    @CHECKS.check(clause, job_id=Each(*MALFORMED_IDS, *(name for name in GOOD_FAITH if name not in MALFORMED_IDS)))
    def body(s: Scenario, job_id: str) -> None:
        alice, thing = s.open(), ODDITIES[job_id]
        is_refused(s, alice.do(method, thing), thing, job_id)
        alice.submit(JobPlan(waits=True))
        is_refused(s, alice.do(method, thing), thing, job_id)
        is_refused(s, alice.do(method, job_id=thing, **more_arguments(s, method)), thing, job_id)

    @CHECKS.check(clause, variant="made of an id", thing=Each(*MADE_OF_AN_ID))
    def made_of_an_id(s: Scenario, thing: str) -> None:
        alice = s.open()
        job = alice.submit(JobPlan(waits=True))
        made = MADE_OF_AN_ID[thing](job)
        for more in ({}, more_arguments(s, method)):
            is_refused(s, alice.do(method, made, **more), made, thing)


for _method in JOB_METHODS:
    _malformed(_method)


class _UnchangedJobs:
    """Jobs in three states, and the assertion that a refused call leaves them and the list alone."""

    def __init__(self, s: Scenario) -> None:
        self.s, self.alice = s, s.open()
        self.jobs = [s.job(state, self.alice) for state in ("completed", "running", "waiting")]
        self._note()

    def _note(self) -> None:
        self.before = {job: self.alice.snapshot(job) for job in self.jobs}
        self.listed = self.alice.listed(all=True)

    def by(self, method: str, *args: Any) -> None:
        """Call a method; if the call is refused, nothing has changed. A call that is not refused may change things."""
        outcome = self.alice.do(method, *args)
        if outcome.returned:
            if method != "list_jobs":
                self.jobs = [job for job in self.jobs if self.alice.do("get_job_meta", job).returned]
                self._note()
            return
        for job, before in self.before.items():
            still_there(self.s, self.alice, job, before)
        now = self.alice.listed(all=True)
        same = sorted(map(str, now)) == sorted(map(str, self.listed))
        self.s.require(same, f"{len(self.listed)} jobs in the list, as before", self.s.tell(now))


@CHECKS.check("malformed.no-effect", method=Each(*JOB_METHODS), things=Each("odd", "unknown", "nearly"))
def _no_effect(s: Scenario, method: str, things: str) -> None:
    untouched = _UnchangedJobs(s)
    if things == "nearly":
        made = [*NEARLY_AN_ID.values(), *itertools.chain(*LOOK_ALIKES.values()), *MADE_OF_AN_ID.values()]
        job = untouched.jobs[-1]
        bad: list[Any] = [make(job) for make in made]
    else:
        bad = list(UNKNOWN_IDS if things == "unknown" else ODDITIES.values())
    for thing in bad:
        if not is_a_job(s, thing):
            untouched.by(method, thing)


@CHECKS.check("malformed.no-effect", variant="other arguments", thing=Each(*ODDITIES))
def _no_effect_other(s: Scenario, thing: str) -> None:
    untouched = _UnchangedJobs(s)
    value = ODDITIES[thing]
    untouched.by("submit_job", value)
    untouched.by("list_jobs", value)
    untouched.by("list_jobs", False, value)
    for job in untouched.jobs:
        untouched.by("monitor_job", job, value, 2.0, Callback(then=False))
        if not callable(value) and value is not None:
            untouched.by("monitor_job", job, s.real(1.0), s.real(1.0), value)
