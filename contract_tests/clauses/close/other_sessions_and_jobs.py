"""close: other sessions and all jobs are left alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from contract_tests.clauses.shared.monitoring import CALLBACK, code
from contract_tests.clauses.shared.results import keeps_result
from contract_tests.clauses.shared.unchanged_jobs import still_there
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.interleaving import Interleaving
from contract_tests.scenario.job_states import STATES, finished
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.starting_points import HISTORY_NAMES, starting_point
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()


@CHECKS.check("close.other-sessions", before=Each(1, 3), after=Each(1, 2), user=Each(0, 1))
def _other_sessions(s: Scenario, before: int, after: int, user: int) -> None:
    if user == 1 and len(s.system.users) < 2:
        user = 0
    still = [s.open(user) for _ in range(before)]
    alice = s.open()
    job = s.job("running", alice)
    still += [s.open(user) for _ in range(after)]
    alice.need("close")
    still.append(s.open(user))
    alice.need("close")
    for actor in still:
        for method, args in (("get_job_meta", (job,)), ("submit_job", (JobPlan(),)), ("list_jobs", ())):
            outcome = actor.do(method, *args)
            s.require(outcome.returned, "other sessions to be usable", outcome)
        outcome = actor.monitor(job, Callback(then=False))
        s.require(outcome.returned, "other sessions to be usable", outcome)
        outcome = actor.do("get_system_info")
        s.require(outcome.returned, "other sessions to be usable", outcome)


def _monitored_while(s: Scenario, actor: Actor, job: str, act: Callable[[], object], callback_given: bool) -> Outcome:
    """Monitor a job for 8 s while something is done: in the second call of the callback, or else between two polls.

    Raises:
        NotClaimed: there is to be no callback, and the system lets nobody act while a call waits.
    """
    if callback_given:
        cb = Callback(act=lambda number: act() if number == 2 else None)
        return actor.monitor(job, cb, timeout=8, poll=1.0)
    with Interleaving(s, 2.5, act):
        return actor.monitor(job, timeout=8, poll=1.0)


@CHECKS.check(
    "close.other-sessions",
    variant="monitoring",
    user=Each(0, 1),
    state=Each("waiting", "running"),
    callback_given=CALLBACK,
)
def _other_sessions_monitoring(s: Scenario, user: int, state: str, callback_given: bool) -> None:
    alice, closing = s.open(), s.open(user if len(s.system.users) > 1 else 0)
    job = s.job(state, alice)
    with suppress(NotClaimed):
        outcome = _monitored_while(s, alice, job, lambda: closing.need("close"), callback_given)
        s.require(code(outcome) == "TIMEOUT", "TIMEOUT, as the session that monitors was not closed", outcome)


@CHECKS.check("close.jobs", variant="monitored", state=Each("waiting", "running"), callback_given=CALLBACK)
def _jobs_monitored(s: Scenario, state: str, callback_given: bool) -> None:
    """A job outlives a session that is closed while it monitors it."""
    alice, other = s.open(), s.open()
    job = s.job(state, alice)
    before = alice.snapshot(job)
    with suppress(NotClaimed):
        _monitored_while(s, alice, job, lambda: alice.need("close"), callback_given)
    alice.need("close")
    for _ in range(2):
        still_there(s, other, job, before)
        s.sleep(30.0)


@CHECKS.check("close.jobs", variant="past", past=Each(*HISTORY_NAMES))
def _jobs_after_history(s: Scenario, past: str) -> None:
    actor, job = starting_point(s, past)
    listed = len(actor.listed(all=True))
    before = actor.snapshot(job)
    actor.need("close")
    other = s.open()
    still_there(s, other, job, before)
    now = other.listed(all=True)
    s.require(len(now) == listed, f"{listed} jobs in the list, as before", s.tell(now))


@CHECKS.check("close.jobs", variant="result")
def _keeps_result(s: Scenario) -> None:
    alice = s.open()
    keeps_result(s, alice, lambda job: alice.need("close"))


@CHECKS.check("close.jobs", state=Each(*STATES), watched=Each(True, False))
def _jobs(s: Scenario, state: str, watched: bool) -> None:
    """A job outlives the session that submitted it, whether or not the user has another one."""
    alice = s.open()
    other = s.open() if watched else None
    job = s.job(state, alice)
    to_end = alice.submit(JobPlan(runs=8.0))
    before = alice.snapshot(job)
    alice.need("close")
    other = other or s.open()
    still_there(s, other, job, before)
    waited, status = 0.0, ""
    while not finished(status) and waited <= 8.0 + s.system.patience + s.backlog:
        s.sleep(10.0)
        waited += 10.0
        outcome = other.do("get_job_meta", to_end)
        status = outcome.value["status"] if outcome.returned else "gone"
    s.require(finished(status), "a job to run on to its end after the session was closed", status)
    s.require(status == "FINISHED:COMPLETED", "FINISHED:COMPLETED", status)


@CHECKS.check(
    "close.jobs", variant="much later", state=Each("waiting", "running", "completed"), watched=Each(True, False)
)
def _jobs_much_later(s: Scenario, state: str, watched: bool) -> None:
    """What was not aborted is never an aborted job, however long ago its session was closed."""
    alice = s.open()
    other = s.open() if watched else None
    job = s.job(state, alice)
    alice.need("close")
    for pause in (60.0, 180.0, 4_000.0, 90_000.0):
        s.sleep_long(pause, times=25)
        outcome = (other or s.open()).do("get_job_meta", job)
        s.require(outcome.returned, "the job to be there still", outcome)
        status = outcome.value["status"]
        s.require(status != "FINISHED:ABORTED", "a job that nobody aborted not to be aborted", status)
