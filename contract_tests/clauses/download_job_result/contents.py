"""download_job_result: what is in the downloaded folder."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from contract_tests.clauses.download_job_result.locations import is_folder
from contract_tests.clauses.shared.results import MARKED, ended, folder_of, is_whole, marks_in
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import STATES, finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.scenario.threads import ConcurrentCalls
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()

_ANY_HISTORY = Each(*MAIN_HISTORIES)


def _is_full(s: Scenario, actor: Actor, job: str) -> None:
    folder = folder_of(actor, job)
    s.require(any(path.is_file() for path in folder.rglob("*")), "a folder with files in it", "no file")


@CHECKS.check("download.content", later=Each(0.0, 500.0))
def _content(s: Scenario, later: float) -> None:
    alice = s.open()
    jobs = [s.job("completed", alice) for _ in range(2)]
    s.sleep(later)
    for job in [*jobs, jobs[0]]:
        _is_full(s, alice, job)


@CHECKS.check("download.content", variant="asked before", state=Each("submitted", "running"))
def _content_asked_before(s: Scenario, state: str) -> None:
    """What was downloaded before the job was done is not handed out again afterwards."""
    alice = s.open()
    job = alice.submit(JobPlan(runs=30.0))
    if state == "running":
        s.until(alice, job, STATES["running"].reached, "running")
    alice.do("download_job_result", job)
    s.until(alice, job, finished, "finished", within=30.0)
    _is_full(s, alice, job)


@CHECKS.check("download.content", variant="pasts", past=_ANY_HISTORY)
def _content_after(s: Scenario, past: str) -> None:
    _is_full(s, *starting_point(s, past, "completed"))


def _marked(s: Scenario, actor: Actor, count: int) -> dict[str, str]:
    """Jobs that have run, each with a mark in its result; their marks by id."""
    marks = [f"mark-of-job-{number}-{'abcdefghijkl'[number]}" for number in range(count)]
    return {ended(s, actor, JobPlan(runs=2.0, mark=mark)): mark for mark in marks}


def _is_its_own(s: Scenario, actor: Actor, job: str, marks: dict[str, str]) -> Path:
    folder = folder_of(actor, job)
    _holds(s, folder, job, marks)
    return folder


def _holds(s: Scenario, folder: Path, job: str, marks: dict[str, str]) -> None:
    found, mark = marks_in(folder, list(marks.values())), marks.get(job)
    s.require(
        found == ({mark} if mark else set()),
        f"the result of {s.tell(job)}, marked {mark or 'nothing'}",
        f"marked {', '.join(sorted(found)) or 'nothing'}",
    )


@CHECKS.check("download.own-result", between=Each("nothing", "clone", "delete", "failed"))
def _own_result(s: Scenario, between: str) -> None:
    alice = s.open()
    marks = _marked(s, alice, 3)
    jobs = list(marks)
    if between == "clone":
        s.until(alice, alice.clone(jobs[0]), finished, "finished")
    elif between == "delete":
        alice.need("download_job_result", jobs[0])
        alice.need("delete_job", jobs.pop(0))
    elif between == "failed":
        jobs.insert(1, s.job("failed", alice))  # which has no mark
    folders = {job: _is_its_own(s, alice, job, marks) for job in reversed(jobs)}
    for job, folder in folders.items():  # and it does so still when others were downloaded
        _holds(s, folder, job, marks)
    _is_its_own(s, s.open(), jobs[0], marks)


@CHECKS.check("download.own-result", variant="asked before", state=Each("submitted", "running"))
def _own_asked_before(s: Scenario, state: str) -> None:
    alice = s.open()
    job = alice.submit(replace(MARKED, runs=30.0))
    if state == "running":
        s.until(alice, job, STATES["running"].reached, "running")
    alice.do("download_job_result", job)
    s.until(alice, job, finished, "finished", within=30.0)
    is_whole(s, alice, job, ended(s, alice, MARKED))


@CHECKS.check("download.own-result", variant="many")
def _own_of_many(s: Scenario) -> None:
    alice = s.open()
    marks = _marked(s, alice, 11)
    for job in marks:
        _is_its_own(s, alice, job, marks)


@CHECKS.check("download.own-result", variant="at once", shared=Each(False, True))
def _own_at_once(s: Scenario, shared: bool) -> None:
    alice = s.open()
    if not s.system.threads:
        return  # one after the other is tried elsewhere
    marks = _marked(s, alice, 4)
    concurrent = ConcurrentCalls(s, len(marks), shared)
    concurrent.call("download_job_result", [[job] * 2 for job in marks])
    for job, outcome in dict(concurrent.outcomes).items():
        if isinstance(outcome.value, str) and os.path.isdir(outcome.value):
            _holds(s, Path(outcome.value), job, marks)


@CHECKS.check("download.own-result", variant="users")
def _own_of_users(s: Scenario) -> None:
    alice, bob = s.open(0), s.open(1)
    marks = {
        ended(s, actor, JobPlan(runs=2.0, mark=mark)): mark
        for actor, mark in ((alice, "mark-of-the-first"), (bob, "mark-of-the-second"))
    }
    mine, his = marks
    for actor, job in ((alice, mine), (bob, his), (alice, his), (alice, mine)):
        _is_its_own(s, actor, job, marks)


@CHECKS.check("download.repeat", between=Each("nothing", "removed", "emptied", "another", "second session", "closed"))
def _repeat(s: Scenario, between: str) -> None:
    alice = s.open()
    mark = "mark-of-the-result"
    job, other = ended(s, alice, JobPlan(runs=2.0, mark=mark)), ended(s, alice, JobPlan(runs=2.0))
    actor = alice
    first = folder_of(alice, job)
    names = sorted(path.name for path in first.iterdir())
    for _ in range(2):
        if between in ("removed", "emptied"):
            _remove(first)
            if between == "emptied":
                first.mkdir()
        elif between == "another":
            folder_of(alice, other)
        elif between in ("second session", "closed"):
            if between == "closed":
                actor.need("close")
            actor = s.open()
        first = is_folder(s, actor, job)
        again = sorted(path.name for path in first.iterdir())
        lost, added = set(names) - set(again), set(again) - set(names)  # a log may have another name every time
        there = len(lost) == len(added)
        s.require(there, f"a folder with {', '.join(names)}", ", ".join(again) or "an empty folder")
        s.require(marks_in(first, [mark]), f"the result, marked {mark}", "a result without the mark")


def _remove(folder: Path) -> None:
    """Remove a downloaded folder, as its owner may; it may be a link to one."""
    if folder.is_symlink():
        folder.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)
