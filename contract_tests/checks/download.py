"""download_job_result: where the result is, and that it is this job's."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from contract_tests import words
from contract_tests.checks.registry import CheckTable
from contract_tests.domains import Each, whole
from contract_tests.plan import JobPlan
from contract_tests.scenario import DONE, STATES, UNDONE, Actor, NotTestable, Scenario, finished

CHECKS = CheckTable()
_RAN = Each(*(state for state in DONE if STATES[state].plan.ends == "COMPLETED" and not STATES[state].plan.waits))


def _ended(s: Scenario, actor: Actor, plan: JobPlan) -> str:
    job = actor.submit(plan)
    s.until(actor, job, finished, "finished")
    return job


def _folder(actor: Actor, job: str) -> Path:
    path = actor.need("download_job_result", job)
    if not isinstance(path, str) or not os.path.isdir(path):
        raise NotTestable(f"download_job_result, needed for this check, returned {words.value(path)}")
    return Path(path)


@CHECKS.check("download.text", state=Each(*DONE))
def _text(s: Scenario, state: str) -> None:
    alice = s.open()
    outcome = alice.do("download_job_result", s.job(state, alice))
    s.require(outcome.returned and isinstance(outcome.value, str) and outcome.value, "a str that is not empty", outcome)


@CHECKS.check("download.folder", state=Each(*DONE))
def _is_folder(s: Scenario, state: str) -> None:
    alice = s.open()
    outcome = alice.do("download_job_result", s.job(state, alice))
    there = outcome.returned and isinstance(outcome.value, str) and os.path.isdir(outcome.value)
    s.require(there, "the path of a folder that is there", outcome)


@CHECKS.check("download.content", state=_RAN)
def _content(s: Scenario, state: str) -> None:
    alice = s.open()
    folder = _folder(alice, s.job(state, alice))
    s.require(any(folder.iterdir()), "a folder that is not empty", f"{folder.name} is empty")


def _marks(folder: Path, marks: list[str]) -> set[str]:
    """Which of the marks stand in a file of the folder."""
    texts = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return {mark for mark in marks if any(mark.encode() in text for text in texts)}


@CHECKS.check("download.own-result", count=whole(2, 4), clone=Each(False, True))
def _own_result(s: Scenario, count: int, clone: bool) -> None:
    alice = s.open()
    marks = [f"mark-of-job-{number}-{'abcdef'[number]}" for number in range(count)]
    jobs = [_ended(s, alice, JobPlan(runs=2.0, mark=mark)) for mark in marks]
    if clone:
        alice.clone(jobs[0])
        s.sleep(30.0)
    for job, mark in reversed(list(zip(jobs, marks, strict=True))):
        found = _marks(_folder(alice, job), marks)
        s.require(
            found == {mark}, f"the result of {s.tell(job)}, marked {mark}", f"marked {sorted(found) or 'nothing'}"
        )


@CHECKS.check("download.repeat", between=Each("nothing", "removed", "another"), times=whole(2, 4))
def _repeat(s: Scenario, between: str, times: int) -> None:
    alice = s.open()
    job, other = _ended(s, alice, JobPlan(runs=2.0)), _ended(s, alice, JobPlan(runs=2.0))
    first = _folder(alice, job)
    names = sorted(path.name for path in first.iterdir())
    for _ in range(times - 1):
        if between == "removed":
            shutil.rmtree(first, ignore_errors=True)
        elif between == "another":
            _folder(alice, other)
        outcome = alice.do("download_job_result", job)
        there = outcome.returned and isinstance(outcome.value, str) and os.path.isdir(outcome.value)
        s.require(there, "the path of a folder that is there", outcome)
        first = Path(outcome.value)
        again = sorted(path.name for path in first.iterdir())
        s.require(again == names, f"a folder with {', '.join(names)}", ", ".join(again) or "an empty folder")


@CHECKS.check("download.apart", count=whole(2, 4), same=Each("folder", "clone"))
def _apart(s: Scenario, count: int, same: str) -> None:
    alice = s.open()
    jobs = [_ended(s, alice, JobPlan(runs=2.0))]
    for _ in range(count - 1):
        job = alice.clone(jobs[0]) if same == "clone" else alice.submit(JobPlan(runs=2.0))
        s.until(alice, job, finished, "finished")
        jobs.append(job)
    found = [(job, _folder(alice, job).resolve()) for job in jobs]
    for job, folder in found:
        for other, its_folder in found:
            apart = job == other or not (folder == its_folder or folder in its_folder.parents)
            s.require(
                apart, "two folders, neither inside the other", f"{s.tell(other)} is in the folder of {s.tell(job)}"
            )
            s.require(folder.is_dir(), f"the folder of {s.tell(job)} to be there still", "it is gone")


@CHECKS.check("download.oversize")
def _oversize(s: Scenario) -> None:
    alice = s.open()
    outcome = alice.do("download_job_result", _ended(s, alice, JobPlan(runs=2.0, oversize=True)))
    is_text = outcome.returned and isinstance(outcome.value, str) and outcome.value
    s.require(is_text and not os.path.isdir(outcome.value), "a location that is not a local folder", outcome)


@CHECKS.check("download.no-effect", state=Each(*STATES))
def _no_effect(s: Scenario, state: str) -> None:
    alice = s.open()
    other, job = s.job("waiting", alice), s.job(state, alice)
    before = alice.facts(other), alice.facts(job), alice.listed()
    alice.do("download_job_result", job)
    after = alice.facts(other), alice.facts(job), alice.listed()
    s.unchanged(before, after, "the jobs")


@CHECKS.check("download.unfinished", state=Each(*UNDONE))
def _unfinished(s: Scenario, state: str) -> str:
    alice = s.open()
    outcome = alice.do("download_job_result", s.job(state, alice))
    if not outcome.returned:
        return f"{state}: raised {type(outcome.error).__name__}"
    is_folder = isinstance(outcome.value, str) and os.path.isdir(outcome.value)
    return f"{state}: {'a folder' if is_folder else 'a ' + type(outcome.value).__name__}"
