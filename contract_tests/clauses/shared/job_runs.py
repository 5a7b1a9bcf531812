"""Jobs that have to come to an end: by themselves, or because they were aborted."""

from __future__ import annotations

from collections.abc import Callable

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.job_states import finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.job_plan import JobPlan


def is_ended(s: Scenario, actor: Actor, job: str, never: str = "") -> None:
    """The promise that an aborted job is finished within the system's patience, and never has the status ``never``."""
    waited, status = 0.0, actor.status(job)
    while not finished(status) and waited <= s.system.patience:
        s.sleep(1.0)
        waited, status = waited + 1.0, actor.status(job)
        s.require(status != never, f"{s.tell(job)} never to be {never}", status)
    s.require(finished(status), f"a finished status within {s.system.patience:g} s of the abort", status)


def is_run(s: Scenario, actor: Actor, job: str, runs: float) -> None:
    """The promise that a job, which runs so many contract seconds, is run to its end."""
    waited, limit = 0.0, runs + s.system.patience + s.backlog
    while not finished(actor.status(job)) and waited <= limit:
        pause = max(1.0, runs / 50)
        s.sleep(pause)
        waited += pause
    status = actor.status(job)
    s.require(status == "FINISHED:COMPLETED", f"FINISHED:COMPLETED within {limit:g} s", status)


def is_run_though_read(s: Scenario, times: int, read: Callable[[Actor, str], object]) -> None:
    """The promise that a job is run to its end although ``read`` is called so many times while it starts."""
    alice = s.open()
    job = alice.submit(JobPlan(runs=3.0, dispatches=2.0))
    for _ in range(times):
        read(alice, job)
        s.sleep(0.5)
    is_run(s, alice, job, 10.0)
