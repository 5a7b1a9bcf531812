"""Jobs side by side, and calls from several threads at once."""

from __future__ import annotations

from contextlib import suppress

from contract_tests.clauses.shared.job_runs import is_ended
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.interleaving import overlapping
from contract_tests.scenario.job_states import finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers, lists, sampled_from
from contract_tests.scenario.threads import ConcurrentCalls
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()

_ENDINGS = ("COMPLETED", "EXECUTION_EXCEPTION", "ABNORMAL", "FAILED_TO_RUN")


def _end_each_its_way(s: Scenario, actors: list[Actor], endings: list[str], runs: float) -> None:
    """The assertion that jobs of several sessions end as planned, each by itself, and stay so."""
    plans = [JobPlan(runs=runs + index, ends=ending) for index, ending in enumerate(endings)]
    jobs = [actors[index % len(actors)].submit(plan) for index, plan in enumerate(plans)]
    for _ in range(2):
        for job, ending in zip(jobs, endings, strict=True):
            s.until(actors[0], job, finished, "finished", within=60.0 * len(jobs))
            status = actors[0].status(job)
            s.require(status == f"FINISHED:{ending}", f"{s.tell(job)} to end {ending}", status)


@CHECKS.check("life.side-by-side", endings=lists(sampled_from(*_ENDINGS), 2, 8))
def _side_by_side(s: Scenario, endings: list[str]) -> None:
    _end_each_its_way(s, [s.open()], endings, 2.0)


@CHECKS.check("life.side-by-side", variant="users", first=Each(*_ENDINGS), runs=Each(2.0, 20.0))
def _side_by_side_users(s: Scenario, first: str, runs: float) -> None:
    actors = [s.open(), s.open(1 if len(s.system.users) > 1 else 0)]
    others = [ending for ending in _ENDINGS if ending != first]
    _end_each_its_way(s, actors, [first, *others, "COMPLETED", first, "COMPLETED", "COMPLETED"], runs)


@CHECKS.check("life.side-by-side", variant="stopped", act=Each("abort_job", "delete_job"), which=Each(0, 1, 2))
def _side_by_side_stopped(s: Scenario, act: str, which: int) -> None:
    """One of three running jobs is stopped, and a waiting one as well; the others end as planned."""
    alice = s.open()
    jobs = [alice.submit(JobPlan(runs=30.0)) for _ in range(3)]
    waiting = [alice.submit(JobPlan(waits=True)) for _ in range(2)]
    for job in jobs:
        s.until(alice, job, lambda status: status == "RUNNING", "running")
    alice.need(act, jobs[which])
    alice.need(act, waiting[0])
    status = alice.status(waiting[1])
    s.require(not finished(status), f"{s.tell(waiting[1])} to wait on", status)
    for job in jobs:
        if job != jobs[which]:
            s.until(alice, job, finished, "finished", within=120.0)
            status = alice.status(job)
            s.require(status == "FINISHED:COMPLETED", f"{s.tell(job)} to end COMPLETED", status)


def _lose_nothing(s: Scenario, threads: int, act: str, count: int, shared: bool) -> None:
    concurrent = ConcurrentCalls(s, threads, shared)
    jobs = [[actor.submit(JobPlan(waits=True)) for _ in range(count)] for actor in concurrent.actors]
    concurrent.call(act, jobs)
    everything = [job for its_jobs in jobs for job in its_jobs]
    witness = s.open()
    listed = witness.listed()
    if act == "delete_job":
        s.require(listed == [], "no job left", s.tell(listed))
    elif act == "clone_job":
        clones = [str(outcome.value) for _, outcome in concurrent.outcomes]
        s.require(len(set(clones)) == len(clones), f"{len(clones)} clones, each with an id of its own", s.tell(clones))
        wanted = sorted([*everything, *clones])
        s.require(sorted(map(str, listed)) == wanted, f"{len(wanted)} jobs in the list", f"{len(listed)} jobs")
    elif act == "get_job_meta":
        for job, outcome in concurrent.outcomes:
            told = outcome.value.get("job_id") if isinstance(outcome.value, dict) else outcome.value
            s.require(told == job, f"the meta of {s.tell(job)}", f"that of {s.tell(told)}")
    else:
        waited, undone = 0.0, everything
        while (undone := [job for job in undone if not finished(witness.status(job))]) and waited <= s.system.patience:
            if s.system.clock is None:
                break
            s.sleep(5.0)
            waited += 5.0
        s.require(not undone, "every job to be finished", f"{s.tell(undone)} not")


_CALLS = ("delete_job", "abort_job", "clone_job", "get_job_meta")


@CHECKS.check("life.concurrent", threads=integers(2, 5), act=Each(*_CALLS), count=integers(1, 4))
def _concurrent(s: Scenario, threads: int, act: str, count: int) -> None:
    _lose_nothing(s, threads, act, count, False)


@CHECKS.check("life.concurrent", variant="many calls", act=Each(*_CALLS), shared=Each(False, True))
def _concurrent_many(s: Scenario, act: str, shared: bool) -> None:
    _lose_nothing(s, 4, act, 6, shared)


@CHECKS.check("life.concurrent", variant="meanwhile", act=Each("abort_job", "delete_job"), after=Each(0.25, 1.0, 2.0))
def _concurrent_meanwhile(s: Scenario, act: str, after: float) -> None:
    """A call may come while another one waits, say for a run to stop."""
    alice, other = s.open(), s.open()
    with suppress(NotClaimed):  # of a server that does not run so many at once
        first, second = (s.job("running", actor) for actor in (alice, other))
        if overlapping(s, after, lambda: other.do(act, second), lambda: alice.need(act, first)):
            for job in (first, second):
                _is_over(s, alice, job, act)


def _is_over(s: Scenario, actor: Actor, job: str, act: str) -> None:
    """The promise that a job is gone, or has ended, after it was deleted or aborted."""
    if act == "delete_job":
        outcome = actor.do("get_job_meta", job)
        s.require(outcome.raised("JobNotFound"), f"{s.tell(job)} to be gone", outcome)
    else:
        is_ended(s, actor, job)
