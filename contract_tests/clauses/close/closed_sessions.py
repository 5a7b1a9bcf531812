"""close: the closed session raises SessionClosed from then on, and nothing else."""

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
from contract_tests.contract.interface import JOB_METHODS, SERVER_METHODS
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import GOOD_FAITH, ODDITIES, Each, integers, quarter_seconds
from contract_tests.sequences.starting_points import starting_point
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
        s.sleep_long(pause, times=25)
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
    def after_history(s: Scenario, past: str) -> None:
        actor, job = starting_point(s, past)
        actor.need("close")
        keeps_raising(s, actor, method, job, "SessionClosed")

    @CHECKS.check(clause, variant="in an outage")
    def in_an_outage(s: Scenario) -> None:
        """A session that was closed during an outage is closed after it, too."""
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
            """A session may know that the job is gone, and see that first."""
            alice = s.open()
            job = s.job("completed", alice)
            use(s, alice, method, job)
            alice.need("delete_job", job)
            alice.need("close")
            keeps_raising(s, alice, method, job, "SessionClosed", "JobNotFound")


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


def _or_what_is_wrong_with_it(method: str) -> tuple[str, ...]:
    """The errors of a closed session for a bad first argument: nobody says which comes first."""
    if method in JOB_METHODS:
        return ("SessionClosed", "JobNotFound", "InvalidArgumentError")
    return ("SessionClosed", "InvalidJobDefinition" if method == "submit_job" else "InvalidArgumentError")


@CHECKS.check("close.only-session-closed", method=Each(*(name for name in SERVER_METHODS if name != "get_system_info")))
def _only_session_closed(s: Scenario, method: str) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(waits=True))
    alice.need("close")
    for bad in (*_ODD, *(ODDITIES[name] for name in GOOD_FAITH)):
        raises(s, alice, method, ((bad,), {}), *_or_what_is_wrong_with_it(method))
    right = (job,) if method == "monitor_job" else ()
    following = _JUST_BEFORE.get(method, ())
    for position in range(len(following)):
        for bad in ("soon", None, [], -1, 0, 1.5, object()):
            handed = (*right, *following[: position + 1 - len(right)], bad) if right else (*following, bad)
            raises(s, alice, method, (handed, {}), "SessionClosed", "InvalidArgumentError")
    if method == "monitor_job":
        for bad in ("soon", 5, [], object()):
            raises(s, alice, method, ((job, 0, 2.0, bad), {}), "SessionClosed", "InvalidArgumentError")
