"""abort_job: a job that is not done comes to an end, a job that is done is left alone."""

from __future__ import annotations

from contract_tests.checks.registry import CheckTable
from contract_tests.domains import Each, quarters, whole
from contract_tests.plan import JobPlan
from contract_tests.scenario import DONE, LONG, STATES, UNDONE, Actor, Scenario, finished

CHECKS = CheckTable()


@CHECKS.check("abort.returns-none", state=Each(*STATES))
def _returns_none(s: Scenario, state: str) -> None:
    alice = s.open()
    outcome = alice.do("abort_job", s.job(state, alice))
    s.require(outcome.returned and outcome.value is None, "None", outcome)


@CHECKS.check("abort.done-no-effect", state=Each(*DONE), times=whole(1, 3), later=quarters(0, 60))
def _done_no_effect(s: Scenario, state: str, times: int, later: float) -> None:
    alice = s.open()
    job = s.job(state, alice)
    before = alice.meta(job)
    for _ in range(times):
        outcome = alice.do("abort_job", job)
        s.require(outcome.returned, "nothing to happen", outcome)
    after = alice.meta(job)
    s.unchanged(before, after, "the meta")
    s.sleep(later)
    after = alice.meta(job)
    s.unchanged(before, after, "the meta")


def _ends(s: Scenario, actor: Actor, job: str) -> None:
    """The promise that an aborted job becomes a finished one, within the system's patience."""
    waited = 0.0
    while not finished(actor.status(job)) and waited <= s.system.patience:
        s.sleep(1.0)
        waited += 1.0
    status = actor.status(job)
    s.require(finished(status), f"a finished status within {s.system.patience:g} s of the abort", status)


@CHECKS.check("abort.waiting-ends", after=quarters(0, 100))
def _waiting_ends(s: Scenario, after: float) -> None:
    alice = s.open()
    job = s.job("waiting", alice)
    s.sleep(after)
    alice.need("abort_job", job)
    _ends(s, alice, job)


@CHECKS.check("abort.waiting-never-runs", looks=whole(1, 6))
def _waiting_never_runs(s: Scenario, looks: int) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=LONG))
    if alice.status(job) != "SUBMITTED":
        return  # it started at once: nothing to be seen here
    alice.need("abort_job", job)
    for _ in range(looks):
        s.sleep(1.5)
        executing = alice.executing()
        s.require(job not in executing, f"{s.tell(job)} never to be executed", f"it is, {s.tell(executing)}")
        status = alice.status(job)
        s.require(status != "RUNNING", f"{s.tell(job)} never to run", status)


@CHECKS.check("abort.dispatched-sticks", looks=whole(1, 5), pause=quarters(0.25, 40))
def _dispatched_sticks(s: Scenario, looks: int, pause: float) -> None:
    alice = s.open()
    job = s.job("dispatched", alice)
    alice.need("abort_job", job)
    _ends(s, alice, job)
    for _ in range(looks):
        s.sleep(pause)
        status = alice.status(job)
        s.require(finished(status), "the job to stay finished after its abort", status)


@CHECKS.check("abort.running-ends", after=quarters(0, 60))
def _running_ends(s: Scenario, after: float) -> None:
    alice = s.open()
    job = s.job("running", alice)
    s.sleep(after)
    alice.need("abort_job", job)
    _ends(s, alice, job)


@CHECKS.check("abort.running-leaves", others=whole(0, 2))
def _running_leaves(s: Scenario, others: int) -> None:
    alice = s.open()
    for _ in range(others):
        s.job("running", alice)
    job = s.job("running", alice)
    alice.need("abort_job", job)
    s.until(alice, job, finished, "finished")
    s.sleep(s.system.patience / 4)
    executing = alice.executing()
    s.require(job not in executing, f"{s.tell(job)} executed no more", s.tell(executing))


@CHECKS.check("abort.twice", state=Each(*UNDONE), pause=quarters(0, 10))
def _twice(s: Scenario, state: str, pause: float) -> None:
    alice = s.open()
    job = s.job(state, alice)
    alice.need("abort_job", job)
    s.until(alice, job, finished, "finished")
    before = alice.meta(job)
    s.sleep(pause)
    outcome = alice.do("abort_job", job)
    s.require(outcome.returned, "nothing more to happen", outcome)
    after = alice.meta(job)
    s.unchanged(before, after, "the meta")


@CHECKS.check("abort.others", state=Each(*STATES), other=Each("waiting", "running", "completed"))
def _others(s: Scenario, state: str, other: str) -> None:
    alice = s.open()
    bystander = s.job(other, alice)
    job = s.job(state, alice)
    second = s.job(other, alice) if other != "running" else alice.submit(JobPlan(waits=True))
    before = alice.facts(bystander), alice.facts(second)
    alice.need("abort_job", job)
    after = alice.facts(bystander), alice.facts(second)
    s.unchanged(before, after, "other jobs")
