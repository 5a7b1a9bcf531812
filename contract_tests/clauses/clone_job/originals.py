"""clone_job: the original is left alone, and what is done to one of the two is not done to the other."""

from __future__ import annotations

from typing import Final

from contract_tests.clauses.clone_job.new_jobs import ends_within
from contract_tests.clauses.shared.results import keeps_result
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import STATES, UNDONE, finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.starting_points import ANY, starting_point
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()

_ANY = Each(*ANY)


@CHECKS.check("clone.original-untouched", state=_ANY)
def _original_untouched(s: Scenario, state: str) -> None:
    actor, job = starting_point(s, state)
    other = s.open()
    before = actor.snapshot(job)
    for clones in (1, 11):
        for _ in range(clones):
            actor.clone(job)
        for reader in (actor, other):
            s.unchanged(before, reader.existing_snapshot(job), "the original")
        s.unchanged(before["status"], actor.listed_status(job, all=True), "the original's status in the list")


@CHECKS.check("clone.original-untouched", variant="runs", when=Each("submitted", "dispatched", "running"))
def _original_runs(s: Scenario, when: str) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=20.0, dispatches=5.0))
    if when != "submitted":
        s.until(alice, job, STATES[when].reached, when)
    alice.clone(job)
    ends_within(s, alice, job, 60.0, "FINISHED:COMPLETED")


@CHECKS.check("clone.original-untouched", variant="result")
def _original_keeps_result(s: Scenario) -> None:
    alice = s.open()

    def clone(job: str) -> None:
        s.until(alice, alice.clone(job), finished, "finished")

    keeps_result(s, alice, clone)


_WHICH: Final = ("clone", "original", "clone's clone")


def _job_and_clones(s: Scenario, state: str, which: str) -> tuple[Actor, str, list[str]]:
    """A job, its clone and a clone of that in one state: a session, the one that ``which`` says, and the other two."""
    alice = s.open()
    try:
        job = s.job(state, alice)
    except NotClaimed:
        if state != "dispatched":
            raise
        state = "waiting"  # no clause is lost for a moment that can't be had
        job = s.job(state, alice)
    clone = alice.clone(job)
    jobs = {"original": job, "clone": clone, "clone's clone": alice.clone(clone)}
    for one in jobs.values():
        if one != job:
            s.bring(one, state, alice)
    return alice, jobs.pop(which), list(jobs.values())


@CHECKS.check("clone.apart-on-abort", state=Each(*UNDONE), which=Each(*_WHICH))
def _apart_on_abort(s: Scenario, state: str, which: str) -> None:
    alice, ended, others = _job_and_clones(s, state, which)
    before = {other: alice.snapshot(other) for other in others}
    for _ in range(2):
        alice.need("abort_job", ended)
        s.until(alice, ended, finished, "finished")
        for reader in (alice, s.open()):
            for other in others:
                s.unchanged(before[other], reader.existing_snapshot(other), f"{s.tell(other)}")


@CHECKS.check("clone.apart-on-abort", variant="runs", which=Each("clone", "original"))
def _runs_after_abort(s: Scenario, which: str) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=5.0))
    clone = alice.clone(job)
    ended, other = (clone, job) if which == "clone" else (job, clone)
    alice.need("abort_job", ended)
    ends_within(s, alice, other, 60.0, "FINISHED:COMPLETED")


@CHECKS.check("clone.apart-on-delete", state=Each(*STATES), which=Each(*_WHICH))
def _apart_on_delete(s: Scenario, state: str, which: str) -> None:
    alice, ended, others = _job_and_clones(s, state, which)
    before = {other: (alice.snapshot(other), _stored(s, other)) for other in others}
    alice.need("delete_job", ended)
    for other, (facts, held) in before.items():
        for reader in (alice, s.open()):
            s.unchanged(facts, reader.existing_snapshot(other), f"{s.tell(other)}")
            listed = reader.listed()
            s.require(other in listed, f"{s.tell(other)} in the list still", s.tell(listed))
        kept = _stored(s, other)
        gone = set(held) - set(kept)
        s.require(not gone, f"the {len(held)} files of {s.tell(other)} to be there still", f"{len(gone)} are gone")
    for other in others:
        again = alice.do("clone_job", other)
        s.require(again.returned, f"{s.tell(other)} to be cloned still", again)


def _stored(s: Scenario, job: str) -> tuple[str, ...]:
    """What the server holds of a job, nothing where the system can't tell."""
    try:
        return tuple(s.on_system("stored_files", job))
    except NotClaimed:
        return ()


@CHECKS.check("clone.apart-on-delete", variant="runs", which=Each("clone", "original", "done original"))
def _runs_after_delete(s: Scenario, which: str) -> None:
    alice = s.open()
    plan = STATES["completed"].plan
    job = s.job("completed", alice) if which == "done original" else alice.submit(plan)
    clone = alice.clone(job)
    gone, other = (clone, job) if which == "clone" else (job, clone)
    alice.need("delete_job", gone)
    ends_within(s, alice, other, 60.0, "FINISHED:COMPLETED")
    outcome = alice.do("download_job_result", other)
    s.require(outcome.returned, f"the result of {s.tell(other)}", outcome)
