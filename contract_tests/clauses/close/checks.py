"""close: a session that is over says so, and only that; nothing else is over with it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from contract_tests.clauses.shared.failing_calls import (
    SOME_HISTORIES,
    SOME_STATES,
    forms,
    keeps_raising,
    raises,
    right_call,
    use,
)
from contract_tests.clauses.shared.monitoring import CALLBACK, code, monitored_while, still_there
from contract_tests.clauses.shared.results import keeps_result
from contract_tests.contract.interface import JOB_METHODS, SERVER_METHODS
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import STATES, finished
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import ODDITIES, Each, integers, quarter_seconds
from contract_tests.sequences.starting_points import HISTORY_NAMES, starting_point
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()
_USES = ("not at all", "submitting", "reading", "monitoring", "ending", "errors")


def _use(actor: Actor, how: str) -> None:
    if how == "not at all":
        return
    job = actor.submit(JobPlan(waits=True))
    if how == "reading":
        for method in ("get_job_meta", "download_job_result"):
            actor.do(method, job)
        actor.do("list_jobs")
        actor.do("get_system_info")
    elif how == "monitoring":
        actor.monitor(job, Callback(then=False))
        actor.monitor(job, timeout=1, poll=1.0)
    elif how == "ending":
        actor.need("delete_job", actor.clone(job))
        actor.need("abort_job", job)
    elif how == "errors":
        actor.do("get_job_meta", "no-such-job")
        actor.do("submit_job", "no-such-folder")


@CHECKS.check("close.returns-none", used=Each(*_USES))
def _returns_none(s: Scenario, used: str) -> None:
    alice = s.open()
    _use(alice, used)
    outcome = alice.do("close")
    s.require(outcome.returned and outcome.value is None, "None", outcome)


@CHECKS.check("close.again", times=integers(1, 5), pause=quarter_seconds(0, 100))
def _again(s: Scenario, times: int, pause: float) -> None:
    alice = s.open()
    alice.need("close")
    for _ in range(times):
        s.sleep(pause)
        outcome = alice.do("close")
        s.require(outcome.returned and outcome.value is None, "None, again", outcome)


@CHECKS.check("close.again", variant="much later", used=Each(*_USES))
def _again_much_later(s: Scenario, used: str) -> None:
    alice = s.open()
    _use(alice, used)
    alice.need("close")
    for pause in (0.0, 0.0, 60.0, 4_000.0, 90_000.0):
        s.sleep(min(pause, s.system.longest / 25))
        for method in SERVER_METHODS:
            alice.do(method, *(("job",) if method not in ("list_jobs", "get_system_info") else ()))
        outcome = alice.do("close")
        s.require(outcome.returned and outcome.value is None, "None, again", outcome)


def _then(method: str) -> None:
    clause = f"close.then.{method.replace('_', '-')}"

    @CHECKS.check(clause, state=Each(*SOME_STATES), closes=Each(1, 2))
    def body(s: Scenario, state: str, closes: int) -> None:
        alice = s.open()
        job = s.job(state, alice)
        use(s, alice, method, job)
        for _ in range(closes):
            alice.need("close")
        keeps_raising(s, alice, method, job, "SessionClosed")

    @CHECKS.check(clause, variant="past", past=Each(*SOME_HISTORIES))
    def past_(s: Scenario, past: str) -> None:
        actor, job = starting_point(s, past)
        actor.need("close")
        keeps_raising(s, actor, method, job, "SessionClosed")

    @CHECKS.check(clause, variant="in an outage")
    def in_an_outage(s: Scenario) -> None:
        """Closed while there was no server, for good."""
        alice = s.open()
        job = s.job("waiting", alice)
        with suppress(NotClaimed):
            s.on_system("outage")
            alice.do(method, *right_call(method, job))
            alice.do("close")
            s.on_system("recover")
            keeps_raising(s, alice, method, job, "SessionClosed")

    if method in JOB_METHODS:

        @CHECKS.check(clause, variant="deleted")
        def deleted(s: Scenario) -> None:
            alice = s.open()
            job = s.job("completed", alice)
            use(s, alice, method, job)
            alice.need("delete_job", job)
            alice.need("close")
            keeps_raising(s, alice, method, job, "SessionClosed")


def _then_in_a_callback(method: str) -> None:
    @CHECKS.check(f"close.then.{method.replace('_', '-')}", variant="in a callback", at=Each(1, 3))
    def body(s: Scenario, at: int) -> None:
        """The session is over as soon as it is closed, also for the callback that closes it."""
        alice = s.open()
        job = alice.submit(JobPlan(waits=True))

        def close(number: int) -> None:
            if number == at:
                alice.need("close")
                for form in forms(s, method, job):
                    raises(s, alice, method, form, "SessionClosed")

        alice.monitor(job, Callback(act=close, limit=at), poll=1.0)
        keeps_raising(s, alice, method, job, "SessionClosed")


for _method in SERVER_METHODS:
    _then(_method)
    _then_in_a_callback(_method)


_ODD: tuple[Any, ...] = ("", None, "no-such-thing", 7, True, -1.5, [], {})
_JUST_BEFORE: dict[str, tuple[Any, ...]] = {"list_jobs": (False,), "monitor_job": (0, 2.0)}


@CHECKS.check("close.only-session-closed", method=Each(*(name for name in SERVER_METHODS if name != "get_system_info")))
def _only_session_closed(s: Scenario, method: str) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(waits=True))
    alice.need("close")
    for bad in (*_ODD, *ODDITIES.values()):
        outcome = alice.do(method, bad)
        s.require(outcome.raised("SessionClosed"), "SessionClosed, whatever the argument", outcome)
    right = (job,) if method == "monitor_job" else ()
    following = _JUST_BEFORE.get(method, ())
    for position in range(len(following)):
        for bad in ("soon", None, [], -1, 0, 1.5, object()):
            handed = (*right, *following[: position + 1 - len(right)], bad) if right else (*following, bad)
            outcome = alice.do(method, *handed)
            s.require(outcome.raised("SessionClosed"), "SessionClosed, whatever the arguments", outcome)
    if method == "monitor_job":
        for bad in ("soon", 5, [], object()):
            outcome = alice.do(method, job, 0, 2.0, bad)
            s.require(outcome.raised("SessionClosed"), "SessionClosed, whatever the arguments", outcome)


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
        outcome = monitored_while(s, alice, job, lambda: closing.need("close"), callback_given)
        s.require(code(outcome) == "TIMEOUT", "TIMEOUT, as the session that monitors was not closed", outcome)


@CHECKS.check("close.jobs", variant="monitored", state=Each("waiting", "running"), callback_given=CALLBACK)
def _jobs_monitored(s: Scenario, state: str, callback_given: bool) -> None:
    """A job outlives a session that is closed while it monitors it."""
    alice, other = s.open(), s.open()
    job = s.job(state, alice)
    before = alice.snapshot(job)
    with suppress(NotClaimed):
        monitored_while(s, alice, job, lambda: alice.need("close"), callback_given)
    alice.need("close")
    for _ in range(2):
        still_there(s, other, job, before)
        s.sleep(30.0)


@CHECKS.check("close.jobs", variant="past", past=Each(*HISTORY_NAMES))
def _jobs_past(s: Scenario, past: str) -> None:
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
        s.sleep(min(pause, s.system.longest / 25))
        outcome = (other or s.open()).do("get_job_meta", job)
        s.require(outcome.returned, "the job to be there still", outcome)
        status = outcome.value["status"]
        s.require(status != "FINISHED:ABORTED", "a job that nobody aborted not to be aborted", status)
