"""Jobs as they are written and read: what the server keeps about each, and by which number others name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.engine.job import Answer, Job
from flare_sim.jobs.lifecycle import TRANSITIONS, JobEvent, JobState
from flare_sim.saving.records import BadState
from flare_sim.saving.shapes import (
    COUNT,
    FLAG,
    TEXT,
    TICK,
    WAIT,
    Shape,
    attributes,
    fixed,
    maybe,
    member_of,
    read_fields,
    table_of,
    tuple_of,
    wrong,
)
from flare_sim.users import User

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flare_sim.saving.parts import Parts

__all__ = ["USER", "JobRows"]

USER = fixed(TEXT, TEXT, TEXT, kind=User._make)

_STATE: Mapping[str, Shape] = {
    "serial": COUNT,
    "job_id": TEXT,
    "submitter": USER,
    "submitted": TICK,
    "cloned_from": TEXT,
    "state": member_of(JobState),
    "claimed": TEXT,
    "orphaned": FLAG,
    "started": maybe(TICK),
    "ended": maybe(TICK),
    "tries": COUNT,
    "last_try": TICK,
    "history": tuple_of(fixed(TICK, TEXT)),
    "retry_at": TICK,
    "selected": TICK,
    "turn": COUNT,
    "apps": table_of(TEXT),
    "deploy_detail": tuple_of(TEXT),
    "remaining": WAIT,
    "resumed": maybe(TICK),
    "paused": FLAG,
    "ending": maybe(member_of(JobEvent)),
    "stop_at": TICK,
    "delete_when_stopped": FLAG,
    "extra_bytes": COUNT,
    "log": tuple_of(TEXT),
}
"""The attributes of a job, but for its epoch, which counts for the timeline alone, and what is rendered anew."""


class JobRows:
    """The jobs of a state.

    Args:
        parts: the parts they are made of.

    Attributes:
        jobs: those that have a number.
        job: the shape of a job that is named by its number among the rows.
        planned: that of what is planned for a job at its epoch.
    """

    def __init__(self, parts: Parts) -> None:
        self._shapes: Mapping[str, Shape] = {
            **_STATE,
            "definition": parts.definition,
            "run_files": parts.files,
            "answer": maybe(fixed(maybe(parts.behavior), parts.files, TEXT, kind=Answer._make)),
        }
        self.jobs: list[Job] = []
        self._numbers: dict[int, int] = {}
        self.job = Shape(self._number, self._of_number)
        self.planned = Shape(lambda planned: self._number(planned[0]), self._read_planned)

    def write(self, jobs: Iterable[Job]) -> list[dict[str, Any]]:
        """Return the rows of jobs, each of which has a number from now on."""
        rows = []
        for job in jobs:
            if id(job) not in self._numbers:
                self._numbers[id(job)] = len(self.jobs)
                self.jobs.append(job)
                rows.append(attributes(self._shapes, job))
        return rows

    def read(self, row: Any) -> Job:
        """Return the job of the next row.

        Raises:
            BadState: it is none.
        """
        place = f"job {len(self.jobs)}"
        given = read_fields(self._shapes, row, place)
        _check(given, place)
        job = Job(*map(given.pop, ("serial", "job_id", "definition", "submitter", "submitted", "cloned_from")))
        for name, value in given.items():
            setattr(job, name, value)
        self.jobs.append(job)
        return job

    def _number(self, job: Job) -> int:
        return self._numbers[id(job)]

    def _of_number(self, value: Any, place: str) -> Job:
        if type(value) is not int or not 0 <= value < len(self.jobs):
            raise wrong(place, "the number of a job", value)
        return self.jobs[value]

    def _read_planned(self, value: Any, place: str) -> tuple[Job, int]:
        job = self._of_number(value, place)
        return job, job.epoch


def _check(given: Mapping[str, Any], place: str) -> None:
    """See that what a job's state stands for is there."""
    state, ending = given["state"], given["ending"]
    if (state.active or given["started"] is not None) and "server" not in given["apps"]:
        raise BadState(f"holds wrong data: {place} is {state.name} and has no app on the server")
    if state in (JobState.RUNNING, JobState.STOPPING) and given["started"] is None:
        raise BadState(f"holds wrong data: {place} is {state.name} and has never started")
    if state is JobState.RUNNING and ending is not None and ending not in TRANSITIONS[state]:
        raise BadState(f"holds wrong data: {place} is {state.name} and cannot be {ending.value!r}")
    if state.done and given["ended"] is None:
        raise BadState(f"holds wrong data: {place} is {state.name} and has no end")
