"""Jobs that leave a mark in their result, and whether a downloaded result is whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from contract_tests.scenario import wording
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.exceptions import NotTestable
from contract_tests.scenario.job_states import finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

_MARK: Final = "mark-of-the-result"
MARKED: Final = JobPlan(runs=2.0, mark=_MARK)
"""A job with a mark in its result; in several files, perhaps, as its definition may be in the result, too."""


def ended(s: Scenario, actor: Actor, plan: JobPlan) -> str:
    """A job that behaved as planned and is done."""
    job = actor.submit(plan)
    s.until(actor, job, finished, "finished")
    return job


def folder_of(actor: Actor, job: str) -> Path:
    """The folder that a result is downloaded to.

    Raises:
        NotTestable: it is none.
    """
    path = actor.need("download_job_result", job)
    if not isinstance(path, str) or not os.path.isdir(path):
        raise NotTestable(f"download_job_result, needed for this check, returned {wording.value(path)}")
    return Path(path)


def marks_in(folder: Path, marks: Iterable[str]) -> set[str]:
    """Which of the marks stand in a file of the folder."""
    texts = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return {mark for mark in marks if any(mark.encode() in text for text in texts)}


def is_whole(s: Scenario, reader: Actor, job: str, other: str) -> None:
    """The promise that the result of a marked job can be downloaded and holds as much as that of another such job.

    The result of the other has to be there: what is wrong with every download is judged elsewhere.
    """
    wanted = _marked_files(folder_of(reader, other))
    if not wanted:
        raise NotTestable("download_job_result, needed for this check, returned a folder without the job's own files")
    outcome = reader.do("download_job_result", job)
    there = isinstance(outcome.value, str) and os.path.isdir(outcome.value)
    s.require(there, f"the result of {s.tell(job)} to be had", outcome)
    found = _marked_files(Path(outcome.value))
    told = f"{found} of the {wanted} files with the job's mark"
    s.require(found >= wanted, f"the result of {s.tell(job)} with all that was left there", told)


def _marked_files(folder: Path) -> int:
    return sum(_MARK.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def keeps_result(s: Scenario, owner: Actor, act: Callable[[str], object]) -> None:
    """The promise that the whole result of a job can be downloaded after ``act(job)``, by a session opened then.

    Where results can't be marked, a whole one can't be told from others, and nothing is judged.
    """
    try:
        job, other = (ended(s, owner, MARKED) for _ in range(2))
    except NotClaimed:
        return
    act(job)
    is_whole(s, s.open(), job, other)
