"""What a run exercised: every operation in every state of a job, and in every state of a session.

Scenarios note what they do; cells are counted over all examples of all checks. What a cell means is decided by what the
scenario itself brought about, not by asking the implementation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from contract_tests.contract.interface import JOB_METHODS, METHODS
from contract_tests.scenario.job_states import STATES
from contract_tests.scenario.operations import OPEN, SYSTEM, Step

NO_JOB: Final = "no job"
DELETED: Final = "deleted"
UNKNOWN: Final = "unknown"

JOB_STATES: Final = (*STATES, DELETED, UNKNOWN)
"""The states of a job, and the two ways not to be one."""

SESSION_STATES: Final = ("open", "closed", "lost", "no server", "misbehaving server", "not allowed")
"""The states of a session and its server."""


class Cell(NamedTuple):
    """An operation, the state of the job it is about, and the state of the session it is called on."""

    operation: str
    job: str
    session: str


def reachable() -> set[Cell]:
    """What a default run exercises: every operation in every state of a job, and in every state of a session."""
    cells = {Cell(method, state, "open") for method in JOB_METHODS for state in JOB_STATES}
    for method in (method.name for method in METHODS):
        for session in SESSION_STATES:
            if session == "not allowed" and method in ("get_job_meta", "list_jobs", "get_system_info", "monitor_job"):
                continue  # everybody may look
            if not (session in ("misbehaving server", "not allowed") and method == "close"):
                cells.add(Cell(method, "any", session))
    return cells


_BY_ACT: Final = {"outage": "no server", "misbehave": "misbehaving server"}
_ENDS: Final = {"recover": "no server", "behave": "misbehaving server"}


def cells(steps: Iterable[Step], states: Mapping[str, str], jobs: list[str]) -> Counter[Cell]:
    """The cells of one scenario.

    Args:
        steps: what was done.
        states: the state each job was brought into by the scenario, by id.
        jobs: the ids of the jobs made, in order.
    """
    told: Counter[tuple[str, str, str]] = Counter()
    world: set[str] = set()
    closed: set[str] = set()
    lost: set[str] = set()
    opened: set[str] = set()
    now = dict(states)
    for step in steps:
        operation = step.operation
        if operation.actor == SYSTEM:
            if operation.method in _BY_ACT:
                world.add(_BY_ACT[operation.method])
            elif operation.method in _ENDS:
                world.discard(_ENDS[operation.method])
            elif operation.method == OPEN:
                opened.add(str(operation.args[0]))
            elif operation.method == "lose_sessions":
                lost |= opened
            continue
        actor = operation.actor
        session = _session(actor, closed, lost, world)
        job = _job(operation.args, operation.method, now, jobs)
        told[operation.method, job, session] += 1
        if operation.method == "close":
            closed.add(actor)
        elif operation.method == "delete_job" and step.outcome.returned and job not in (NO_JOB, UNKNOWN):
            now[operation.args[0]] = DELETED
    found: Counter[Cell] = Counter()
    for (method, job, session), count in told.items():
        found[Cell(method, job, session)] = count
        found[Cell(method, "any", session)] += count
    return found


def _session(actor: str, closed: set[str], lost: set[str], world: set[str]) -> str:
    if actor in closed:
        return "closed"
    if actor in lost:
        return "lost"
    if actor.startswith("guest"):
        return "not allowed"
    return min(world) if world else "open"


def _job(args: tuple[object, ...], method: str, states: Mapping[str, str], jobs: list[str]) -> str:
    if method not in JOB_METHODS or not args:
        return NO_JOB
    job = args[0]
    if not isinstance(job, str) or job not in jobs:
        return UNKNOWN
    return states.get(job, "submitted")
