"""delete_job: all other jobs are as they were."""

from __future__ import annotations

from contract_tests.clauses.shared.results import keeps_result
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import STATES, finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()

_ANY_STATE = Each(*STATES)


@CHECKS.check("delete.others", state=_ANY_STATE, other=Each("waiting", "running", "completed", "clone"))
def _others(s: Scenario, state: str, other: str) -> None:
    alice = s.open()
    first = s.job("waiting", alice) if other == "clone" else s.job(other, alice)
    job = s.job(state, alice)
    second = alice.clone(job) if other == "clone" else alice.submit(JobPlan(waits=True))
    kept = alice.identity if other == "clone" else alice.snapshot  # a clone gets on meanwhile
    before = alice.snapshot(first), kept(second)
    alice.need("delete_job", job)
    s.require_exists(alice, first, second)
    after = alice.snapshot(first), kept(second)
    s.unchanged(before, after, "other jobs")
    s.sleep(30.0)
    s.require_exists(alice, first, second)


@CHECKS.check(
    "delete.others",
    variant="kin",
    kin=Each("original", "clone", "clone of a clone", "eleventh", "other user", "orphan"),
    done=Each(False, True),
)
def _related_jobs(s: Scenario, kin: str, done: bool) -> None:
    alice = s.open()
    first = s.job("waiting", alice)
    clone = alice.clone(first)
    jobs = [first, clone, alice.clone(clone), *(s.job("waiting", alice) for _ in range(8))]
    if kin == "orphan":
        gone = s.job("waiting", alice)
        jobs[3:5] = [alice.clone(gone) for _ in range(2)]
        alice.need("delete_job", gone)
    for job in jobs[:3] if done else ():
        alice.need("abort_job", job)
        s.until(alice, job, finished, "finished")
    if len(s.system.users) > 1:
        jobs.append(s.job("waiting", s.open(1)))
    goes = jobs[{"original": 0, "clone": 1, "clone of a clone": 2, "orphan": 3, "eleventh": 10, "other user": -1}[kin]]
    jobs.remove(goes)
    before = tuple(alice.snapshot(job) for job in jobs)
    alice.need("delete_job", goes)
    s.require_exists(alice, *jobs)
    s.unchanged(before, tuple(alice.snapshot(job) for job in jobs), "other jobs")
    listed = alice.listed(all=True)
    missing = [job for job in jobs if job not in listed]
    s.require(not missing, "all other jobs in the list", f"without {s.tell(missing)}")


@CHECKS.check("delete.others", variant="under way", state=Each("waiting", "completed", "aborted"))
def _start_goes_on(s: Scenario, state: str) -> None:
    alice = s.open()
    job, other = s.job(state, alice), s.job("dispatched", alice)
    before = alice.snapshot(other)
    alice.need("delete_job", job)
    s.unchanged(before, alice.existing_snapshot(other), "the dispatched job")


@CHECKS.check("delete.others", variant="work", state=Each("running", "completed", "waiting"))
def _work_goes_on(s: Scenario, state: str) -> None:
    alice = s.open()
    other = s.job("running", alice)
    alice.need("delete_job", s.job(state, alice))
    executing = alice.executing()
    s.require(other in executing, f"{s.tell(other)} to be executed still", s.tell(executing))


@CHECKS.check("delete.others", variant="results", goes=Each("a clone", "another"))
def _results_stay(s: Scenario, goes: str) -> None:
    alice = s.open()

    def delete(job: str) -> None:
        alice.need("delete_job", alice.clone(job) if goes == "a clone" else s.job("completed", alice))

    keeps_result(s, alice, delete)
