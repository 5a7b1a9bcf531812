"""The states a job can be in, each with a plan that leads there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from contract_tests.system.job_plan import JobPlan

LONG: Final = 300.0
"""Contract seconds that a job runs when a check wants it to be running for the rest of the scenario."""


class State(NamedTuple):
    """A state of a job that checks ask for: the plan that leads there, and the statuses that say it is reached."""

    plan: JobPlan
    reached: Callable[[str], bool]
    within: float = 0.0


def finished(status: object) -> bool:
    """Whether a status is one of a job that is done."""
    return isinstance(status, str) and status.startswith("FINISHED")


def _is(*statuses: str) -> Callable[[str], bool]:
    return lambda status: status in statuses


STATES: Final[dict[str, State]] = {
    "waiting": State(JobPlan(waits=True), lambda status: not finished(status)),
    "dispatched": State(JobPlan(dispatches=60.0, runs=60.0), _is("DISPATCHED")),
    "running": State(JobPlan(runs=LONG), _is("RUNNING")),
    "completed": State(JobPlan(runs=4.0), finished),
    "aborted": State(JobPlan(waits=True), finished),
    "stopped": State(JobPlan(runs=LONG), finished),
    "failed": State(JobPlan(runs=4.0, ends="EXECUTION_EXCEPTION"), finished),
    "killed": State(JobPlan(runs=4.0, ends="ABNORMAL"), finished),
    "not deployed": State(JobPlan(ends="FAILED_TO_RUN"), finished),
    "given up": State(JobPlan(waits=True), finished, within=20_000.0),
}
"""Every state a job can be in, by the name checks use."""

DONE: Final = ("completed", "aborted", "stopped", "failed", "killed", "not deployed", "given up")
UNDONE: Final = ("waiting", "dispatched", "running")
