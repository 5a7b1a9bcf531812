"""The life of a job: every state, every event, and the one table that joins them.

Two rules.  Every move a job makes is a row of ``TRANSITIONS``; a pair that has no row cannot happen, and asking for it
is a bug that raises and changes nothing.  A state knows the status string the interface shows for it, and two states
may show the same: a real server deploys a job while it still says SUBMITTED, and says RUNNING while it is stopping it.

Terminal states are listed with empty rows: nothing ever leaves them.
"""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TRANSITIONS", "IllegalTransition", "JobEvent", "JobState", "advance", "mermaid"]


class JobState(Enum):
    """Where a job is.

    Attributes:
        status: what the interface shows.
        done: whether the job is over.
        active: whether the system is busy with it: it counts against ``max_jobs`` and holds resources.
    """

    __hash__ = object.__hash__  # by identity, as each member is there once: every move looks one up

    SUBMITTED = "SUBMITTED"
    DEPLOYING = "DEPLOYING"
    DISPATCHED = "DISPATCHED"
    RUNNING = "RUNNING"
    STOPPING = "STOPPING"
    COMPLETED = "FINISHED:COMPLETED"
    ABORTED = "FINISHED:ABORTED"
    EXECUTION_EXCEPTION = "FINISHED:EXECUTION_EXCEPTION"
    ABNORMAL = "FINISHED:ABNORMAL"
    CAN_NOT_SCHEDULE = "FINISHED:CAN_NOT_SCHEDULE"
    FAILED_TO_RUN = "FINISHED:FAILED_TO_RUN"
    ABANDONED = "FINISHED:ABANDONED"

    status: str
    done: bool
    active: bool

    def __init__(self, text: str) -> None:
        self.status = {"DEPLOYING": "SUBMITTED", "STOPPING": "RUNNING"}.get(text, text)
        self.done = text.startswith("FINISHED:")
        self.active = not self.done and text != "SUBMITTED"

    def __repr__(self) -> str:
        return f"JobState.{self.name}"


class JobEvent(Enum):
    """What can happen to a job."""

    __hash__ = object.__hash__

    SELECTED = "selected"
    """The scheduler chose it and sites for it."""
    GIVEN_UP = "given up"
    """The scheduler tried too often."""
    DEPLOYED = "deployed"
    """Its apps are on enough sites."""
    DEPLOY_FAILED = "deploy failed"
    """Its apps are not on enough sites."""
    STARTED = "started"
    """The run began."""
    START_FAILED = "start failed"
    """The run could not begin."""
    COMPLETED = "completed"
    """The run ended well."""
    RAISED = "raised"
    """The run ended with an exception in the server's part."""
    DIED = "died"
    """The run's process on the server was killed."""
    ABORTED = "aborted"
    """A user ended it."""
    STOPPED = "stopped"
    """The run is over before its end, as asked."""
    SERVER_LOST = "server lost"
    """The server was restarted and found it unfinished."""

    def __repr__(self) -> str:
        return f"JobEvent.{self.name}"


for _kind in (JobState, JobEvent):
    for _member in _kind:
        # Python 3.10 and 3.11 look for a member by a function of the class: here it is found at once.
        type.__setattr__(_kind, _member.name, _member)

TRANSITIONS: Mapping[JobState, Mapping[JobEvent, JobState]] = MappingProxyType(
    {
        JobState.SUBMITTED: MappingProxyType(
            {
                JobEvent.SELECTED: JobState.DEPLOYING,
                JobEvent.GIVEN_UP: JobState.CAN_NOT_SCHEDULE,
                JobEvent.ABORTED: JobState.ABORTED,
            }
        ),
        JobState.DEPLOYING: MappingProxyType(
            {
                JobEvent.DEPLOYED: JobState.DISPATCHED,
                JobEvent.DEPLOY_FAILED: JobState.FAILED_TO_RUN,
                JobEvent.ABORTED: JobState.ABORTED,
                # Its status is still SUBMITTED in the store, so a restarted server schedules it afresh.
                JobEvent.SERVER_LOST: JobState.SUBMITTED,
            }
        ),
        JobState.DISPATCHED: MappingProxyType(
            {
                JobEvent.STARTED: JobState.RUNNING,
                JobEvent.START_FAILED: JobState.FAILED_TO_RUN,
                JobEvent.ABORTED: JobState.ABORTED,
                JobEvent.SERVER_LOST: JobState.ABANDONED,
            }
        ),
        JobState.RUNNING: MappingProxyType(
            {
                JobEvent.COMPLETED: JobState.COMPLETED,
                JobEvent.RAISED: JobState.EXECUTION_EXCEPTION,
                JobEvent.DIED: JobState.ABNORMAL,
                JobEvent.ABORTED: JobState.STOPPING,
                JobEvent.STOPPED: JobState.ABORTED,
                JobEvent.SERVER_LOST: JobState.ABANDONED,
            }
        ),
        JobState.STOPPING: MappingProxyType(
            {
                JobEvent.STOPPED: JobState.ABORTED,
                JobEvent.SERVER_LOST: JobState.ABANDONED,
            }
        ),
        JobState.COMPLETED: MappingProxyType({}),
        JobState.ABORTED: MappingProxyType({}),
        JobState.EXECUTION_EXCEPTION: MappingProxyType({}),
        JobState.ABNORMAL: MappingProxyType({}),
        JobState.CAN_NOT_SCHEDULE: MappingProxyType({}),
        JobState.FAILED_TO_RUN: MappingProxyType({}),
        JobState.ABANDONED: MappingProxyType({}),
    }
)
"""State -> event -> next state; read-only."""


class IllegalTransition(Exception):
    """A job was asked to make a move its state has no row for: a bug in the simulator, never a user's mistake."""


def advance(state: JobState, event: JobEvent) -> JobState:
    """Return the state ``event`` leads to from ``state``.

    Raises:
        IllegalTransition: the table has no such row.
    """
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        allowed = ", ".join(known.value for known in TRANSITIONS[state]) or "nothing"
        raise IllegalTransition(f"a job in {state.name} cannot be {event.value!r}; allowed: {allowed}") from None


def mermaid() -> str:
    """Draw the table as a mermaid state diagram, row by row."""
    lines = ["stateDiagram-v2", "    [*] --> SUBMITTED: submit or clone"]
    for state, row in TRANSITIONS.items():
        lines += [f"    {state.name} --> {target.name}: {event.value}" for event, target in row.items()]
        if not row:
            lines.append(f"    {state.name} --> [*]")
    return "\n".join(lines) + "\n"
