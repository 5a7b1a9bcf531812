"""monitor_job: jobs to monitor, and the poll intervals that are tried."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.job_states import STATES, finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import sampled_from
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

POLL: Final = sampled_from(0.5, 1.0, 2.0, 3.0, 5.0)


def started(s: Scenario, actor: Actor, runs: float) -> str:
    """A job that runs so long and has just begun, so that waiting for the scheduler is over; or it is done already."""
    job = actor.submit(JobPlan(runs=runs))
    s.until(actor, job, lambda status: status == "RUNNING" or finished(status), "running")
    return job


def lasting(s: Scenario, actor: Actor, state: str, polls: int, interval: float) -> str:
    """A job in a state; one that is not done stays in it for so many polls, as far as the system can do that.

    Where a job can't be kept dispatched, it is one that runs.
    """
    try:
        job = s.job(state, actor)
    except NotClaimed:
        if state != "dispatched":
            raise
        return lasting(s, actor, "running", polls, interval)
    plan = STATES[state].plan
    seconds = min(2 * polls * (interval + s.slack), s.system.longest)
    if state == "dispatched" and seconds > (plan.dispatches or 0.0):
        job = s.bring(actor.submit(replace(plan, dispatches=seconds)), state, actor)
    if state == "running" and seconds > (plan.runs or 0.0):
        job = s.bring(actor.submit(replace(plan, runs=seconds)), state, actor)
    return job
