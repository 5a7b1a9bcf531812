"""submit_job: the id that it returns."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from contract_tests.clauses.shared.users import session_of_each_user
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.exceptions import NotTestable
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.starting_points import EVERY_HISTORY, session_after
from contract_tests.system import job_folders, temporary_folders
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()


@CHECKS.check("submit.returns-id", history=EVERY_HISTORY)
def _returns_id(s: Scenario, history: str) -> None:
    with suppress(NotTestable):  # what was submitted on the way there counts, too
        for actor in (session_after(s, history), *session_of_each_user(s)):
            for _ in range(3):
                _is_its_id(s, actor, actor.submit())
    for outcome in s.performed("submit_job"):
        is_id = outcome.returned and isinstance(outcome.value, str) and outcome.value
        s.require(is_id, "a str that is not empty", outcome)


def _is_its_id(s: Scenario, actor: Actor, job: str) -> None:
    """The promise that what was returned is the id of a job, as metas or lists tell."""
    known = actor.do("get_job_meta", job).returned or job in actor.listed()
    s.require(known, "the id of the job", f"{s.tell(job)}, which neither a meta nor the list knows")


def _linked(folder: Path) -> str:
    """A link to the folder, where links can be made."""
    link = temporary_folders.scratch() / "linked_job"
    try:
        link.symlink_to(folder, target_is_directory=True)
    except OSError:
        return str(folder)
    return str(link)


_SPELLINGS: Final[dict[str, Callable[[Path], str]]] = {
    "a slash at its end": lambda folder: f"{folder}/",
    "a dot at its end": lambda folder: f"{folder}/.",
    "a dot in it": lambda folder: f"{folder.parent}/./{folder.name}",
    "two slashes in it": lambda folder: f"{folder.parent}//{folder.name}",
    "a way back in it": lambda folder: f"{folder}/../{folder.name}",
    "a link at its end": _linked,
}
"""Ways to write the path of a folder. All of them are absolute: a relative path may mean another folder to a server."""


@CHECKS.check("submit.returns-id", variant="spelled", spelling=Each(*_SPELLINGS))
def _returns_id_however_spelled(s: Scenario, spelling: str) -> None:
    alice = s.open()
    outcome = alice.do("submit_job", _SPELLINGS[spelling](Path(job_folders.job_folder(JobPlan()))))
    is_id = outcome.returned and isinstance(outcome.value, str) and outcome.value
    s.require(is_id, f"a str that is not empty, for a path with {spelling}", outcome)
    _is_its_id(s, alice, outcome.value)


@CHECKS.check("submit.new-id", between=Each("nothing", "session", "user", "name", "clone", "delete_job", "abort_job"))
def _new_id(s: Scenario, between: str) -> None:
    actors = {"session": lambda: [s.open(), s.open()], "user": lambda: session_of_each_user(s)}.get(
        between, lambda: [s.open()]
    )()
    seen: set[str] = set()
    for number in range(12):
        actor = actors[number % len(actors)]
        job = actor.submit(JobPlan(waits=True, name=f"job-{number}" if between == "name" else "contract-job"))
        told = f"{job!r} again, for submission {number + 1}"
        s.require(job not in seen, "an id that no job had before", told)
        seen.add(job)
        if between == "clone":
            seen.add(actor.clone(job))
        elif between in ("delete_job", "abort_job"):
            actor.do(between, job)


@CHECKS.check("submit.new-id", variant="many", count=Each(260))
def _many_new_ids(s: Scenario, count: int) -> None:
    alice = s.open()
    first: dict[str, int] = {}
    for number in range(1, count + 1):
        job = alice.submit()
        s.require(job not in first, "an id that no job had before", f"that of job{first.get(job)} for job{number}")
        first[job] = number
