"""A session that the server has ended: SessionClosed, whatever is called."""

from __future__ import annotations

from contract_tests.clauses.errors.failing_server import (
    declare_error_after_poll,
    declare_error_between_polls,
    declare_errors,
)
from contract_tests.clauses.shared.failing_calls import keeps_raising, use
from contract_tests.contract.interface import SERVER_METHODS
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()


def _lost_for_good(method: str) -> None:
    @CHECKS.check(f"lost.{method.replace('_', '-')}", variant="beside a newer session")
    def body(s: Scenario) -> None:
        alice = s.open()
        job = s.job("waiting", alice)
        s.on_system("lose_sessions")
        newer = s.open()
        use(s, newer, method, newer.submit(JobPlan(waits=True)))
        keeps_raising(s, alice, method, job, "SessionClosed")


declare_errors(CHECKS, "lost", "lose_sessions", "SessionClosed")
declare_error_after_poll(CHECKS, "lost.monitor-job", "lose_sessions", "SessionClosed")
declare_error_between_polls(CHECKS, "lost.monitor-job", "lose_sessions", "SessionClosed")

for _method in SERVER_METHODS:
    _lost_for_good(_method)


@CHECKS.check("lost.close", used=Each(0, 1, 3), times=Each(1, 3), lasts=Each(0.0, 200.0))
def _close_lost(s: Scenario, used: int, times: int, lasts: float) -> None:
    alice = s.open()
    s.on_system("lose_sessions")
    for _ in range(used):
        alice.do("list_jobs")
    s.sleep_long(lasts, times=25)
    for _ in range(times):
        outcome = alice.do("close")
        s.require(outcome.returned and outcome.value is None, "None", outcome)
