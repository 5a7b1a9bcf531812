"""Jobs as they are written and read: what the server keeps about each, and by which number others name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.engine.history import History, Notes, Program
from flare_sim.engine.job import Answer, Course, Job, Output, Progress
from flare_sim.jobs.lifecycle import TRANSITIONS, JobEvent, JobState
from flare_sim.jobs.result_files import result_path
from flare_sim.saving.records import BadState
from flare_sim.saving.shapes import (
    COUNT,
    FLAG,
    NUMBER,
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
    "started": maybe(TICK),
    "ended": maybe(TICK),
    "tries": COUNT,
    "last_try": TICK,
    "history": tuple_of(fixed(TICK, TEXT)),
    "retry_at": TICK,
    "apps": table_of(TEXT),
    "deploy_detail": tuple_of(TEXT),
}
"""What is told of a job, but for its epoch, which counts for the timeline alone, and what is rendered anew."""
_COURSE: Mapping[str, Shape] = {"selected": TICK, "turn": COUNT}
"""What is told of its course, but for where it was sent to and what was planned for it, which are found again."""
_PROGRESS: Mapping[str, Shape] = {
    "remaining": WAIT,
    "resumed": maybe(TICK),
    "paused": FLAG,
    "ending": maybe(member_of(JobEvent)),
    "stop_at": TICK,
    "delete_when_stopped": FLAG,
    "orphaned": FLAG,
}


def _read_path(value: Any, place: str) -> str:
    try:
        return result_path(value)
    except ValueError as problem:
        raise BadState(f"holds wrong data: {place}: {problem}") from None


_PATH = Shape(str, _read_path)
_HISTORY = (tuple_of(fixed(TICK, TICK)), maybe(TICK), COUNT, tuple_of(fixed(COUNT, tuple_of(TEXT))))
"""What is told of a history, in its order, but for what a function has said."""


_RUN_NAMES = {"files": "run_files", "history": "run_history"}
"""What parts of an output are called in a row where a job has something else by the same name."""
_OVER_TIME = ("program", "run_history")
"""What a row of a job lacks whose run writes nothing as time passes."""


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
        self._state: Mapping[str, Shape] = {**_STATE, "definition": parts.definition}
        notes = _notes(parts)
        answer = fixed(maybe(parts.behavior), parts.files, TEXT, maybe(notes), kind=Answer._make)
        self._course: Mapping[str, Shape] = {**_COURSE, "answer": maybe(answer)}
        self._progress = _PROGRESS
        self._output: Mapping[str, Shape] = {
            "files": parts.files,
            "extra_bytes": COUNT,
            "log": tuple_of(TEXT),
            "program": maybe(fixed(parts.behavior, WAIT, kind=Program._make)),
            "history": maybe(fixed(*_HISTORY, notes, kind=History._make)),
        }
        self._shapes = {**self._state, **self._course, **_PROGRESS, **_renamed(self._output)}
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
                output = _renamed(attributes(self._output, job.output))
                course = {**attributes(self._course, job.course), **attributes(_PROGRESS, job.progress)}
                written = {**attributes(self._state, job), **course, **output}
                rows.append({k: v for k, v in written.items() if v is not None or k not in _OVER_TIME})
        return rows

    def read(self, row: Any) -> Job:
        """Return the job of the next row.

        Raises:
            BadState: it is none.
        """
        place = f"job {len(self.jobs)}"
        given = {**dict.fromkeys(_OVER_TIME), **read_fields(self._shapes, row, place, _OVER_TIME)}
        _check(given, place)
        job = Job(*map(given.pop, ("serial", "job_id", "definition", "submitter", "submitted", "cloned_from")))
        job.state, job.started, job.ended = given["state"], given["started"], given["ended"]
        job.status = given["claimed"] or job.state.status
        job.vain, job.scheduled = _tries(given["history"], given["tries"], given["last_try"], place)
        job.retry_at, job.apps, job.deploy_detail = given["retry_at"], given["apps"], given["deploy_detail"]
        job.output = Output(*(given[_RUN_NAMES.get(name, name)] for name in Output._fields))
        if not job.state.done:
            progress = Progress(*(given[name] for name in _PROGRESS))
            job.course = Course(given["selected"], given["turn"], answer=given["answer"], progress=progress)
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


def _renamed(output: Mapping[str, Any]) -> dict[str, Any]:
    """Return what belongs to an output under the names it has among what belongs to its job."""
    return {_RUN_NAMES.get(name, name): value for name, value in output.items()}


def _tries(
    history: tuple[tuple[int, str], ...], tries: int, last: int, place: str
) -> tuple[tuple[tuple[int, str], ...], int | None]:
    """Return the tries in vain to schedule a job, and when it was scheduled, if it was.

    Raises:
        BadState: they are not as many as it says, or the last was not when it says.
    """
    if tries != len(history) or last != (history[-1][0] if history else 0):
        raise BadState(f"holds wrong data: {place} was not tried as often as it says, or then")
    if history and history[-1][1] == "scheduled":
        return history[:-1], last
    return history, None


def _notes(parts: Parts) -> Shape:
    """Return the shape of what a function has a run write."""
    metrics = tuple_of(fixed(COUNT, TEXT, tuple_of(fixed(TEXT, NUMBER))))
    files = tuple_of(fixed(TICK, _PATH, parts.content))
    return fixed(files, tuple_of(fixed(TICK, TEXT)), metrics, kind=Notes._make)


def _check_history(program: Program | None, history: History | None, place: str) -> None:
    """See that the parts of how time has passed for a run fit each other, and what it writes."""
    if (program is None) != (history is None):
        raise BadState(f"holds wrong data: {place} has a program or a history alone")
    if program is not None and history is not None:
        fits = history.rounds <= program.rounds and (history.spells or (history.stopped == 0 and not history.rounds))
        if not fits:
            raise BadState(f"holds wrong data: {place} has rounds that were never run")


def _check(given: Mapping[str, Any], place: str) -> None:
    """See that what a job's state stands for is there."""
    _check_history(given["program"], given["run_history"], place)
    state, ending = given["state"], given["ending"]
    if (state.active or given["started"] is not None) and "server" not in given["apps"]:
        raise BadState(f"holds wrong data: {place} is {state.name} and has no app on the server")
    if state in (JobState.RUNNING, JobState.STOPPING) and given["started"] is None:
        raise BadState(f"holds wrong data: {place} is {state.name} and has never started")
    if state is JobState.RUNNING and ending is not None and ending not in TRANSITIONS[state]:
        raise BadState(f"holds wrong data: {place} is {state.name} and cannot be {ending.value!r}")
    if state.done and given["ended"] is None:
        raise BadState(f"holds wrong data: {place} is {state.name} and has no end")
