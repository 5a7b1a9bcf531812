"""abort_job: a job that is not done comes to an end, and does not run any more."""

from __future__ import annotations

from contextlib import suppress

from contract_tests.clauses.shared.job_runs import is_ended
from contract_tests.clauses.shared.monitoring import takes_effect_in_a_callback
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.interleaving import overlapping
from contract_tests.scenario.job_states import LONG, STATES, UNDONE, finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, quarter_seconds
from contract_tests.sequences.histories import over_outage
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()

_ANY_HISTORY = Each(*MAIN_HISTORIES)


@CHECKS.check("abort.returns-none", state=Each(*STATES))
def _returns_none(s: Scenario, state: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    for actor in (alice, alice, s.open()):
        outcome = actor.do("abort_job", job)
        s.require(outcome.returned and outcome.value is None, "None", outcome)


@CHECKS.check("abort.returns-none", variant="pasts", past=_ANY_HISTORY, state=Each("waiting", "running", "completed"))
def _returns_none_after(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    outcome = actor.do("abort_job", job)
    s.require(outcome.returned and outcome.value is None, "None", outcome)


def _is_aborted(s: Scenario, actor: Actor, job: str) -> None:
    outcome = actor.do("abort_job", job)
    s.require(outcome.returned, f"{s.tell(job)} to be aborted", outcome)


def _ends_when(state: str, longest: float) -> None:
    """Declare the checks that a job which is aborted in a state ends, up to ``longest`` seconds after it got there."""
    clause = f"abort.{state}-ends"

    @CHECKS.check(clause, after=quarter_seconds(0, longest), second=Each(False, True))
    def at_any_time(s: Scenario, after: float, second: bool) -> None:
        alice = s.open()
        job = s.job(state, alice)
        s.sleep(after)
        _is_aborted(s, s.open() if second else alice, job)
        is_ended(s, alice, job)

    @CHECKS.check(clause, variant="pasts", past=_ANY_HISTORY)
    def after_history(s: Scenario, past: str) -> None:
        actor, job = starting_point(s, past, state)
        _is_aborted(s, actor, job)
        is_ended(s, actor, job)


_ends_when("waiting", 100)

_ends_when("running", 60)

_PAUSES = (0.25, 0.5, 1.0, 1.5, 2.0, 5.0, 10.0, 60.0, 100.0)
"""Seconds between reads of a job that was aborted: close ones first, as a start may be under way."""


def _never_runs(s: Scenario, actor: Actor, job: str) -> None:
    for pause in _PAUSES:
        s.sleep(pause)
        executing = actor.executing()
        s.require(job not in executing, f"{s.tell(job)} never to be executed", f"it is, {s.tell(executing)}")
        status = actor.status(job)
        s.require(status != "RUNNING", f"{s.tell(job)} never to run", status)


def _has_started(actor: Actor, job: str) -> bool:
    """Whether a job has started already, so that the check has no waiting job."""
    return actor.status(job) in ("DISPATCHED", "RUNNING")


@CHECKS.check("abort.waiting-never-runs", times=Each(1, 2), second=Each(False, True), busy=Each(False, True))
def _waiting_never_runs(s: Scenario, times: int, second: bool, busy: bool) -> None:
    alice = s.open()
    if busy:
        s.job("running", alice)
    job = alice.submit(JobPlan(runs=LONG))
    by = s.open() if second else alice
    if _has_started(alice, job):
        return
    for _ in range(times):
        _is_aborted(s, by, job)
    _never_runs(s, alice, job)


@CHECKS.check("abort.waiting-never-runs", variant="clones", which=Each("clone", "original", "clone of a clone"))
def _waiting_clone_never_runs(s: Scenario, which: str) -> None:
    alice = s.open()
    original = alice.submit(JobPlan(runs=LONG))
    clone = alice.clone(original)
    job = {"clone": clone, "original": original}.get(which) or alice.clone(clone)
    if _has_started(alice, job):
        return
    _is_aborted(s, alice, job)
    _never_runs(s, alice, job)


@CHECKS.check("abort.waiting-never-runs", variant="outage")
def _never_runs_after_outage(s: Scenario) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=LONG))
    if _has_started(alice, job):
        return
    _is_aborted(s, alice, job)
    _never_runs(s, over_outage(s, alice, job), job)


@CHECKS.check("abort.waiting-never-runs", variant="many", count=Each(4, 11))
def _waiting_jobs_never_run(s: Scenario, count: int) -> None:
    alice = s.open()
    jobs = [alice.submit(JobPlan(runs=LONG)) for _ in range(count)]
    job = jobs[-1]
    if _has_started(alice, job):
        return
    for waiting in jobs:
        alice.do("abort_job", waiting)
    _never_runs(s, alice, job)


@CHECKS.check("abort.dispatched-sticks", past=Each("nothing", *MAIN_HISTORIES))
def _dispatched_sticks(s: Scenario, past: str) -> None:
    actor, job = starting_point(s, past, "dispatched")
    _is_aborted(s, actor, job)
    is_ended(s, actor, job, never="RUNNING")
    for pause in _PAUSES:
        s.sleep(pause)
        status = actor.status(job)
        s.require(finished(status), "the job to stay finished after its abort", status)
        executing = actor.executing()
        s.require(job not in executing, f"{s.tell(job)} never to be executed", f"it is, {s.tell(executing)}")


def _leaves(s: Scenario, actor: Actor, job: str) -> None:
    actor.need("abort_job", job)
    s.until(actor, job, finished, "finished")
    for pause in (s.system.patience / 4, 1.0, 60.0):
        s.sleep(pause)
        for looker in (actor, s.open()):
            executing = looker.executing()
            s.require(job not in executing, f"{s.tell(job)} executed no more", s.tell(executing))


@CHECKS.check("abort.running-leaves", others=Each(0, 1, 2))
def _running_leaves(s: Scenario, others: int) -> None:
    alice = s.open()
    for _ in range(others):
        s.job("running", alice)
    _leaves(s, alice, s.job("running", alice))


@CHECKS.check("abort.running-leaves", variant="pasts", past=_ANY_HISTORY)
def _running_leaves_after(s: Scenario, past: str) -> None:
    _leaves(s, *starting_point(s, past, "running"))


@CHECKS.check("abort.twice", state=Each(*UNDONE), pause=quarter_seconds(0, 10), second=Each(False, True))
def _twice(s: Scenario, state: str, pause: float, second: bool) -> None:
    alice = s.open()
    job = s.job(state, alice)
    alice.need("abort_job", job)
    s.until(alice, job, finished, "finished")
    before = alice.snapshot(job)
    s.sleep(pause)
    outcome = (s.open() if second else alice).do("abort_job", job)
    s.require(outcome.returned, "nothing more to happen", outcome)
    s.require_exists(alice, job)
    s.unchanged(before, alice.snapshot(job), "the meta")
    s.sleep(100.0)
    s.require_exists(alice, job)
    s.unchanged(before, alice.snapshot(job), "the meta")


@CHECKS.check("abort.twice", variant="at once", past=Each("nothing", *MAIN_HISTORIES), state=Each(*UNDONE))
def _twice_at_once(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    actor.need("abort_job", job)
    for _ in range(2):
        outcome = actor.do("abort_job", job)
        s.require(outcome.returned, "nothing more to happen", outcome)
    is_ended(s, actor, job)


@CHECKS.check("abort.twice", variant="meanwhile", after=Each(0.25, 1.0, 2.0))
def _twice_meanwhile(s: Scenario, after: float) -> None:
    """The second abort may come while the first one waits for the run to stop."""
    alice, other = s.open(), s.open()
    job = s.job("running", alice)
    if overlapping(s, after, lambda: other.do("abort_job", job), lambda: alice.need("abort_job", job)):
        s.until(alice, job, finished, "finished")
        status = alice.status(job)
        s.require(status == "FINISHED:ABORTED", "FINISHED:ABORTED, as after one abort", status)


@CHECKS.check("abort.running-ends", variant="meanwhile", after=Each(0.25, 1.0, 2.0))
def _running_ends_meanwhile(s: Scenario, after: float) -> None:
    """Two running jobs are aborted, the second one while the first abort waits for the run to stop."""
    alice, other = s.open(), s.open()
    with suppress(NotClaimed):  # of a server that does not run so many at once
        first, second = (s.job("running", actor) for actor in (alice, other))
        if overlapping(s, after, lambda: other.do("abort_job", second), lambda: _is_aborted(s, alice, first)):
            for job in (first, second):
                is_ended(s, alice, job)


def _is_finished(actor: Actor, job: str) -> bool:
    return finished(actor.status(job))


def _ends_in_a_callback(state: str) -> None:
    @CHECKS.check(f"abort.{state}-ends", variant="in a callback", monitored=Each("another job", "that job"))
    def body(s: Scenario, monitored: str) -> None:
        told = "the aborted job to be finished"
        takes_effect_in_a_callback(s, monitored, "abort_job", state, told, _is_finished)


_ends_in_a_callback("running")
_ends_in_a_callback("waiting")
