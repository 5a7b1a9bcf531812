"""How far a run is, as the engine of its server and its clients tell: not always what its status says.

On live servers (2.3.12, 2.9.0) the process of a run needs a second on every client to begin and some to end, the engine
lets go of a run a moment before its status says that it is over, and 2.3.12 holds an aborted one for two seconds more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.clock import TICKS_PER_SECOND, to_ticks
from flare_sim.jobs.lifecycle import JobState
from flare_sim.personality.quirks import ABORT_LINGERS, RUN_STAGES, WORKSPACE_LATE

if TYPE_CHECKING:
    from flare_sim.engine.job import Job

__all__ = [
    "LINGER_SECONDS",
    "STARTED",
    "STARTING",
    "STOPPED",
    "abort_part",
    "client_says",
    "engine_holds",
    "is_closing",
    "orphan_says",
]

LINGER_SECONDS = 6.0
"""How long an aborted run goes on after the abort was answered, where it does (2.9.0)."""

STARTING, STARTED, STOPPED = "starting", "started", "stopped"
"""What a client says of a run it takes part in (2.9.0)."""
BOOT_TICKS = TICKS_PER_SECOND
"""A run's process on a client begins within this time."""
WIND_DOWN_TICKS = to_ticks(4.5)
"""A client says that it has stopped so long before the run's status is final;"""
GONE_TICKS = to_ticks(3.0)
"""of an aborted run it says nothing any more so long before that."""
SETTLE_TICKS = to_ticks(0.75)
"""The engine lets go of a run so long before its status is final."""
CLOSING_TICKS = to_ticks(2.0)
"""It holds an aborted run so long after its status is final, and saves its workspace then (2.3.12)."""
CLIENTS_PART = 2 / 3
"""So much of the time of an abort is for clients, which do not answer while they end their processes; the rest is for
the server's own process to answer."""
ORPHAN_STARTED_TICKS, ORPHAN_TICKS = to_ticks(1.5), to_ticks(5.0)
"""A client that has found its server again goes on with a run of before for so long, and needs so long to be rid of
it (2.9.0)."""


def engine_holds(job: Job, now: int, quirks: frozenset[str]) -> bool:
    """Tell whether the engine holds the run of a job: lists it, and asks it what users ask."""
    if job.state not in (JobState.RUNNING, JobState.STOPPING):
        return is_closing(job, now, quirks)
    left = _left(job, now)
    return RUN_STAGES not in quirks or left is None or left > min(SETTLE_TICKS, _length(job) // 4)


def is_closing(job: Job, now: int, quirks: frozenset[str]) -> bool:
    """Tell whether the run of a job was aborted only now, and its workspace is not saved yet."""
    if WORKSPACE_LATE not in quirks or job.state is not JobState.ABORTED or job.started is None or job.ended is None:
        return False
    return now - job.ended < CLOSING_TICKS


def client_says(job: Job, now: int, quirks: frozenset[str]) -> str:
    """Return what a client says of a run under way that it takes part in, ``""`` when it has forgotten it."""
    if RUN_STAGES not in quirks or job.started is None:
        return STARTED
    left = _left(job, now)
    if job.state is JobState.STOPPING:
        if ABORT_LINGERS in quirks and left is not None and left <= min(GONE_TICKS, _length(job) // 2):
            return ""
        return STOPPED
    length = _length(job)
    if left is not None and left <= min(SETTLE_TICKS, length // 4):
        return ""
    if left is not None and left <= min(WIND_DOWN_TICKS, length // 2):
        return STOPPED
    return STARTING if now - job.started < min(BOOT_TICKS, length // 4) else STARTED


def abort_part(job: Job, now: int, quirks: frozenset[str], *, everywhere: bool) -> float:
    """Return what part of the time of an abort this one takes: nobody waits for what is not there (yet, or any more).

    ``everywhere`` says whether the server knows all clients that the run was sent to.
    """
    if job.state is JobState.STOPPING:
        return CLIENTS_PART
    if RUN_STAGES not in quirks or job.started is None:
        return 1.0
    run = now - job.started
    begins, failed = run < BOOT_TICKS, job.progress.ending is None and run >= job.progress.remaining
    answer = failed or not everywhere or (begins and ABORT_LINGERS in quirks)
    return (0.0 if answer else CLIENTS_PART) + (0.0 if begins else 1 - CLIENTS_PART)


def orphan_says(since: int, now: int) -> str:
    """Return what a client, back since then, says of a run that its server has lost, ``""`` when it is rid of it."""
    if now - since < ORPHAN_STARTED_TICKS:
        return STARTED
    return STOPPED if now - since < ORPHAN_TICKS else ""


def _left(job: Job, now: int) -> int | None:
    """Return how long a run still takes, None when nobody can tell."""
    return None if job.ends_at is None else job.ends_at - now


def _length(job: Job) -> int:
    """Return how long a run takes as a whole, or for ever."""
    if job.ends_at is None or job.started is None:
        return BOOT_TICKS * 1000
    return job.ends_at - job.started
