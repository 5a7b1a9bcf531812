"""A job's meta, and its line in a list, as the interface shows them.

Keys, types, formats and their order are those observed on NVFLARE 2.3.12.  A meta that is read again before something
happens to the job is kept until then; every reader gets a copy of its own, so nothing done to it reaches the server.
"""

from __future__ import annotations

import marshal
from functools import partial
from typing import TYPE_CHECKING, Any

from flare_sim.clock import to_seconds
from flare_sim.jobs.lifecycle import JobState
from flare_sim.jobs.timestamps import duration_text, iso_text, local_text, second_text
from flare_sim.personality.quirks import ABNORMAL_RUN_TIMED, META_HAS_FORMAT, META_HAS_STUDY, NO_QUIRKS, START_TIME_UTC

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flare_sim.engine.job import Job

    _Copies = list[tuple[Any, Callable[[], Any]]]

__all__ = ["STUDY", "Master", "deployed_meta", "job_duration", "job_line", "job_meta"]

# What only the server may say: taken out of a submitted meta, so that it can't contradict the record.
_SERVER_KEYS = frozenset(
    (
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
)
_TIMED_ENDS = (JobState.COMPLETED, JobState.ABORTED, JobState.EXECUTION_EXCEPTION)
NOT_AVAILABLE = "N/A"
STUDY = "default"
"""The study every job belongs to (2.9.0)."""
STORAGE_FORMAT = 2
"""How the server keeps a job (2.9.0)."""


def job_duration(job: Job, now: int, quirks: frozenset[str] = NO_QUIRKS) -> str:
    """Return how long the job has run so far or ran, ``"N/A"`` when nobody noted that (as a list shows it)."""
    if job.started is None:
        return NOT_AVAILABLE
    if job.ended is not None:
        timed = job.state in _TIMED_ENDS or (job.state is JobState.ABNORMAL and ABNORMAL_RUN_TIMED in quirks)
        return duration_text(job.ended - job.started) if timed else NOT_AVAILABLE
    return duration_text(now - job.started)


def job_meta(job: Job, quirks: frozenset[str] = NO_QUIRKS) -> dict[str, Any]:
    """Return the job's meta, a fresh copy."""
    master = job.blob
    if master is not None:
        meta: dict[str, Any] = master.copy()
        return meta
    render = partial(_render, job, job.status, job.started, job.ended, quirks)
    job.blob = Master(render)
    return render()


class Master:
    """A meta that nobody gets but in copies; made with the first of them, as many a meta is read but once.

    Args:
        render: makes it anew, always the same.
    """

    __slots__ = ("_deep", "_flat", "_nested", "_render")

    def __init__(self, render: Callable[[], dict[str, Any]]) -> None:
        self._render = render
        self._flat: dict[str, Any] | None = None
        self._nested: Sequence[tuple[str, Callable[[], Any], _Copies]] = ()
        self._deep: Sequence[tuple[str, bytes]] = ()

    def _make(self) -> dict[str, Any]:
        nested: list[tuple[str, Callable[[], Any], _Copies]] = []
        deep: list[tuple[str, bytes]] = []
        meta = self._render()
        for key, value in meta.items():
            if type(value) not in _PLAIN:
                copies = _copies_in(value)
                if copies is None:
                    deep.append((key, marshal.dumps(value)))
                else:
                    nested.append((key, value.copy, copies))
        self._nested, self._deep, self._flat = nested, deep, meta  # for threads, it is there once all of it is
        return meta

    def copy(self) -> dict[str, Any]:
        """Return a copy that shares nothing with others that can be changed."""
        meta = (self._flat or self._make()).copy()
        for key, copy, copies in self._nested:
            meta[key] = container = copy()
            for place, copy_inner in copies:
                container[place] = copy_inner()
        for key, blob in self._deep:
            meta[key] = marshal.loads(blob)
        return meta


def _copies_in(container: Any) -> _Copies | None:
    """Return what copies each dict and list in another one, by its place; None when there is more in one of those."""
    places = container.items() if type(container) is dict else enumerate(container) if type(container) is list else None
    if places is None:
        return None
    copies: _Copies = []
    for place, value in places:
        kind = type(value)
        if kind in _PLAIN:
            continue
        if kind is not dict and kind is not list:
            return None
        for item in value.values() if kind is dict else value:
            if type(item) not in _PLAIN:
                return None
        copies.append((place, value.copy))
    return copies


_PLAIN = frozenset((str, int, float, bool, type(None)))


def deployed_meta(job: Job, quirks: frozenset[str] = NO_QUIRKS) -> dict[str, Any]:
    """Return the meta as it was when the job's apps were deployed, before it ran (what its workspace keeps)."""
    return _render(job, JobState.SUBMITTED.status, None, None, quirks)


def job_line(job: Job, now: int, quirks: frozenset[str] = NO_QUIRKS) -> dict[str, str]:
    """Return the job as a line of a short list: five fields, all text unless a release takes a name that is none."""
    return {
        "job_id": job.job_id,
        "job_name": job.definition.given_name,
        "status": job.status,
        "submit_time": iso_text(job.submitted),
        "duration": job_duration(job, now, quirks),
    }


def made_meta(job: Job, quirks: frozenset[str] = NO_QUIRKS) -> dict[str, Any]:
    """Return the job's meta, made anew and not kept: of many jobs the next reader will ask for others."""
    return _render(job, job.status, job.started, job.ended, quirks)


def _render(job: Job, status: str, started: int | None, ended: int | None, quirks: frozenset[str]) -> dict[str, Any]:
    definition, submitter, submitted = job.definition, job.submitter, job.submitted
    meta = definition.meta
    if not _SERVER_KEYS.isdisjoint(meta):
        meta = {key: value for key, value in meta.items() if key not in _SERVER_KEYS}
    if META_HAS_STUDY in quirks:
        meta["study"] = STUDY
    meta["job_folder_name"] = definition.stated_folder
    meta["submitter_name"] = submitter.name
    meta["submitter_org"] = submitter.org
    meta["submitter_role"] = submitter.role
    if job.cloned_from:
        meta["cloned_from"] = job.cloned_from
    meta["job_id"] = job.job_id
    meta["submit_time"] = to_seconds(submitted)
    meta["submit_time_iso"] = iso_text(submitted)
    written = iso_text if START_TIME_UTC in quirks else local_text
    meta["start_time"] = "" if started is None else written(started)
    meta["duration"] = NOT_AVAILABLE if ended is None else job_duration(job, ended, quirks)
    if META_HAS_FORMAT in quirks:
        meta["data_storage_format"] = STORAGE_FORMAT
    meta["status"] = status
    if job.deploy_detail:
        meta["job_deploy_detail"] = [*job.deploy_detail]
    if job.tries:
        meta["schedule_count"] = job.tries
        meta["last_schedule_time"] = to_seconds(job.last_try)
        meta["schedule_history"] = [f"{second_text(when)}: {result}" for when, result in job.history]
    return meta
