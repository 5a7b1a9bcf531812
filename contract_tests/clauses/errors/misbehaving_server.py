"""A server that misbehaves: InternalError, and all is well when it behaves again."""

from __future__ import annotations

from contract_tests.clauses.errors.failing_server import (
    all_methods,
    declare_error_after_poll,
    declare_error_between_polls,
    declare_errors,
    meets_trouble_while_monitoring,
    works,
)
from contract_tests.clauses.shared.failing_calls import right_call
from contract_tests.contract.interface import SERVER_METHODS
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()

declare_errors(CHECKS, "misbehaving", "misbehave", "InternalError")
declare_error_after_poll(CHECKS, "misbehaving.monitor-job", "misbehave", "InternalError")
declare_error_between_polls(CHECKS, "misbehaving.monitor-job", "misbehave", "InternalError")


@CHECKS.check("misbehaving.recovery", method=Each(*SERVER_METHODS), lasts=Each(0.0, 100.0), times=Each(1, 4))
def _misbehaving_recovery(s: Scenario, method: str, lasts: float, times: int) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(waits=True))
    s.on_system("misbehave")
    for _ in range(times):
        alice.do(method, *right_call(method, job))  # whether this had an effect is not promised
    s.sleep_long(lasts, times=25)
    _behaves(s, alice, download=method == "download_job_result")


@CHECKS.check("misbehaving.recovery", variant="while monitoring", at=Each(1, 3))
def _misbehaving_recovery_of_monitor(s: Scenario, at: int) -> None:
    _behaves(s, meets_trouble_while_monitoring(s, "misbehave", at)[0], download=False)


def _behaves(s: Scenario, alice: Actor, *, download: bool) -> None:
    """The assertion that a session, and one that is opened now, are usable again when the server behaves again."""
    s.on_system("behave")
    for actor in (alice, s.open()):
        fresh = actor.do("submit_job", JobPlan(waits=True))
        s.require(fresh.returned, "a session that is usable again", fresh)
        for outcome in all_methods(s, actor, fresh.value, download=download):
            s.require(works(outcome), "a session that is usable again", outcome)
        for probe in ("abort_job", "delete_job"):
            outcome = actor.do(probe, fresh.value)
            s.require(outcome.returned, "a session that is usable again", outcome)
    to_end = alice.submit(JobPlan(runs=2.0))
    outcome = alice.monitor(to_end, timeout=120)
    s.require(outcome.returned and finished(alice.status(to_end)), "jobs to run again", outcome)
