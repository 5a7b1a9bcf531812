"""A job as the owner of a server sees it, in ``SimulatedServer.jobs``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flare_sim.clock import to_seconds

if TYPE_CHECKING:
    from flare_sim.engine.job import Job


class JobView(NamedTuple):
    """What the server's owner sees of a job; times in seconds since the epoch, None when they have not come."""

    job_id: str
    name: str
    status: str
    submitter: str
    submit_time: float
    start_time: float | None
    end_time: float | None
    sites: tuple[str, ...]
    cloned_from: str


def view(job: Job) -> JobView:
    """A job as it is now."""
    return JobView(
        job.job_id,
        job.definition.name,
        job.status,
        job.submitter.name,
        to_seconds(job.submitted),
        None if job.started is None else to_seconds(job.started),
        None if job.ended is None else to_seconds(job.ended),
        tuple(job.sites),
        job.cloned_from,
    )
