"""What the checks of a server in trouble share, whether it is gone, has ended its sessions, or misbehaves."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from contract_tests.clauses.shared.failing_calls import SOME_HISTORIES, SOME_STATES, keeps_raising, right_call, use
from contract_tests.clauses.shared.monitoring import CALLBACK, acted_on, in_time
from contract_tests.contract.interface import JOB_METHODS, SERVER_METHODS
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import UNDONE
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, quarter_seconds, sampled_from
from contract_tests.sequences.starting_points import starting_point
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

POLLS: Final = sampled_from(0.5, 2.0, 5.0)
"""The poll intervals that are tried."""


def declare_errors(checks: CheckTable, part: str, trouble: str, expected: str) -> None:
    """Declare that every method that needs the server raises ``expected`` once there is trouble.

    Args:
        checks: the table of the checks.
        part: how the ids of the clauses begin.
        trouble: what the system is asked to bring about.
        expected: the name of the exception.
    """
    for method in SERVER_METHODS:
        _declare_error_of(method, checks, f"{part}.{method.replace('_', '-')}", trouble, expected)


def _declare_error_of(method: str, checks: CheckTable, clause: str, trouble: str, expected: str) -> None:
    @checks.check(clause, state=Each(*SOME_STATES), used=Each(False, True))
    def body(s: Scenario, state: str, used: bool) -> None:
        alice = s.open()
        job = s.job(state, alice)
        if used:
            use(s, alice, method, job)
        s.on_system(trouble)
        keeps_raising(s, alice, method, job, expected)

    @checks.check(clause, variant="past", past=Each(*SOME_HISTORIES))
    def after_history(s: Scenario, past: str) -> None:
        actor, job = starting_point(s, past)
        s.on_system(trouble)
        keeps_raising(s, actor, method, job, expected)

    if method in JOB_METHODS:

        @checks.check(clause, variant="deleted")
        def deleted(s: Scenario) -> None:
            """A session may know that the job is gone without asking the server."""
            alice = s.open()
            job = s.job("completed", alice)
            use(s, alice, method, job)
            alice.need("delete_job", job)
            s.on_system(trouble)
            keeps_raising(s, alice, method, job, expected, "JobNotFound")

    else:

        @checks.check(clause, variant="no job")
        def no_job(s: Scenario) -> None:
            """There is nothing to tell, which is no answer either."""
            alice = s.open()
            s.on_system(trouble)
            keeps_raising(s, alice, method, "", expected)


def declare_error_after_poll(checks: CheckTable, clause: str, trouble: str, expected: str) -> None:
    """Declare that trouble that comes right after a poll of a monitor ends it at the next one."""

    @checks.check(clause, variant="meanwhile", state=Each(*UNDONE), at=Each(1, 2, 5), poll=POLLS)
    def meanwhile(s: Scenario, state: str, at: int, poll: float) -> None:
        alice = s.open()
        raises_at_next_poll(s, alice, s.job(state, alice), trouble, expected, at, poll)


def declare_error_between_polls(checks: CheckTable, clause: str, trouble: str, expected: str) -> None:
    """Declare that trouble that comes while a monitor sleeps ends it at the next poll, with a timeout or without."""
    for variant, limited in (("between polls", True), ("between polls, without a timeout", False)):

        @checks.check(
            clause,
            variant=variant,
            state=Each(*UNDONE),
            callback_given=CALLBACK,
            after=quarter_seconds(0, 12),
            poll=POLLS,
        )
        def between(
            s: Scenario, state: str, callback_given: bool, after: float, poll: float, limited: bool = limited
        ) -> None:
            alice = s.open()
            job = s.job(state, alice)
            with suppress(NotClaimed):
                given = {"callback_given": callback_given, "limited": limited}
                acted = acted_on(s, alice, job, lambda: s.on_system(trouble), after, poll, **given)
                acted.raises(s, expected)
                in_time(s, acted.went_on, poll, _time_to_give_up(alice, job))


def raises_at_next_poll(s: Scenario, actor: Actor, job: str, trouble: str, expected: str, at: int, poll: float) -> None:
    """The assertion that trouble after the ``at``-th poll of a monitor ends it at the next one."""
    happened: list[float] = []

    def act(number: int) -> None:
        if number == at:
            s.on_system(trouble)
            happened.append(s.now())

    cb = Callback(act=act, limit=at + 100)
    outcome = actor.monitor(job, cb, poll=poll)
    s.require(outcome.raised(expected), f"{expected} at the next poll", outcome)
    s.require(len(cb.calls) == at, f"no call of the callback after call {at}", f"{len(cb.calls)} calls")
    in_time(s, (outcome.ended or 0.0) - (happened[0] if happened else 0.0), poll, _time_to_give_up(actor, job))


def _time_to_give_up(actor: Actor, job: str) -> float:
    """Twice the contract seconds that a client needs to find out that a call fails."""
    return 2 * actor.do("get_job_meta", job).took


def works(outcome: Outcome) -> bool:
    """Whether a call did what it may do: to download from a job that is not done may be refused."""
    return outcome.returned or outcome.raised("JobNotDone")


def all_methods(s: Scenario, actor: Actor, job: str, *, download: bool) -> list[Outcome]:
    """What every method does that leaves ``job`` there; downloads, which take most of the time, only where asked."""
    outcomes = []
    for method in SERVER_METHODS:
        arguments = (job, s.real(3.0)) if method == "monitor_job" else right_call(method, job)
        if method not in ("abort_job", "delete_job") and (download or method != "download_job_result"):
            outcomes.append(actor.do(method, *arguments))
    return outcomes


def meets_trouble_while_monitoring(s: Scenario, trouble: str, at: int) -> tuple[Actor, str]:
    """A session whose monitor met trouble after its ``at``-th poll, and the monitored job, which waits."""
    alice = s.open()
    job = alice.submit(JobPlan(waits=True))
    cb = Callback(act=lambda number: s.on_system(trouble) if number == at else None, limit=at + 100)
    alice.monitor(job, cb, timeout=20, poll=1.0)
    return alice, job
