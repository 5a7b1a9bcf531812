"""submit_job: a job whose needs are met is run to its end."""

from __future__ import annotations

from contract_tests.clauses.shared.job_runs import is_run
from contract_tests.clauses.shared.users import session_of_each_user
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.starting_points import EVERY_HISTORY, session_after
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()


@CHECKS.check("submit.runs", runs=Each(1.0, 10.0, 65.0, 700.0, 4000.0))
def _runs(s: Scenario, runs: float) -> None:
    if runs <= s.system.longest:
        alice = s.open()
        is_run(s, alice, alice.submit(JobPlan(runs=runs)), runs)


@CHECKS.check("submit.runs", variant="everybody", named=Each(False, True))
def _runs_everywhere(s: Scenario, named: bool) -> None:
    """A job that needs all the clients there are, by their number or by their names."""
    clients = s.system.client_names
    alice = s.open()
    plan = JobPlan(runs=2.0, min_clients=max(1, len(clients)), mandatory_clients=clients if named else None)
    is_run(s, alice, alice.submit(plan), 2.0)


@CHECKS.check("submit.runs", variant="history", history=EVERY_HISTORY)
def _runs_after(s: Scenario, history: str) -> None:
    for actor in (session_after(s, history), *session_of_each_user(s)):
        is_run(s, actor, actor.submit(JobPlan(runs=2.0)), 2.0)


@CHECKS.check("submit.runs", variant="many", count=Each(2, 3, 11))
def _many_run(s: Scenario, count: int) -> None:
    alice = s.open()
    for job in [alice.submit(JobPlan(runs=1.0)) for _ in range(count)]:
        is_run(s, alice, job, 5.0 * count)
