"""A job's record as the interface shows it: the meta, and the line of a list.

Keys, types, formats and their order are those observed on NVFLARE 2.3.12.  The rendered meta is kept as bytes until
something happens to the job; every reader gets a copy of its own, so nothing done to it reaches the server.
"""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Any

from flare_sim.clock import to_seconds
from flare_sim.lifecycle import JobState
from flare_sim.timetext import duration_text, iso_text, local_text, second_text

if TYPE_CHECKING:
    from flare_sim.store import Job

__all__ = ["deployed_meta", "job_duration", "job_line", "job_meta"]

# What only the server may say: taken out of a submitted meta, so that it can't contradict the record.
_SERVER_KEYS = (
    "job_folder_name",
    "submitter_name",
    "submitter_org",
    "submitter_role",
    "cloned_from",
    "job_id",
    "submit_time",
    "submit_time_iso",
    "start_time",
    "duration",
    "status",
    "job_deploy_detail",
    "schedule_count",
    "last_schedule_time",
    "schedule_history",
)
_TIMED_ENDS = (JobState.COMPLETED, JobState.ABORTED, JobState.EXECUTION_EXCEPTION)
NOT_AVAILABLE = "N/A"


def job_duration(job: Job, now: int) -> str:
    """Return how long the job has run so far or ran, ``"N/A"`` when nobody noted that (as a list shows it)."""
    if job.started is None:
        return NOT_AVAILABLE
    if job.ended is not None:
        return duration_text(job.ended - job.started) if job.state in _TIMED_ENDS else NOT_AVAILABLE
    return duration_text(now - job.started)


def job_meta(job: Job) -> dict[str, Any]:
    """Return the job's meta, a fresh copy."""
    blob = job.blob
    if blob is None:
        blob = job.blob = marshal.dumps(_render(job, job.state.status, job.started, job.ended))
    meta: dict[str, Any] = marshal.loads(blob)
    return meta


def deployed_meta(job: Job) -> dict[str, Any]:
    """Return the meta as it was when the job's apps were deployed, before it ran (what its workspace keeps)."""
    return _render(job, JobState.SUBMITTED.status, None, None)


def job_line(job: Job, now: int) -> dict[str, str]:
    """Return the job as a line of a short list: five fields, all text."""
    return {
        "job_id": job.job_id,
        "job_name": job.definition.name,
        "status": job.state.status,
        "submit_time": iso_text(job.submitted),
        "duration": job_duration(job, now),
    }


def _render(job: Job, status: str, started: int | None, ended: int | None) -> dict[str, Any]:
    meta = job.definition.meta
    for key in _SERVER_KEYS:
        meta.pop(key, None)
    submitter = job.submitter
    meta["job_folder_name"] = job.definition.folder_name
    meta["submitter_name"] = submitter.name
    meta["submitter_org"] = submitter.org
    meta["submitter_role"] = submitter.role
    if job.cloned_from:
        meta["cloned_from"] = job.cloned_from
    meta["job_id"] = job.job_id
    meta["submit_time"] = to_seconds(job.submitted)
    meta["submit_time_iso"] = iso_text(job.submitted)
    meta["start_time"] = "" if started is None else local_text(started)
    meta["duration"] = NOT_AVAILABLE if ended is None else job_duration(job, ended)
    meta["status"] = status
    if job.deploy_detail:
        meta["job_deploy_detail"] = list(job.deploy_detail)
    if job.tries:
        meta["schedule_count"] = job.tries
        meta["last_schedule_time"] = to_seconds(job.last_try)
        meta["schedule_history"] = [f"{second_text(when)}: {result}" for when, result in job.history]
    return meta
