"""download_job_result: what it returns, the path of a folder or another location."""

from __future__ import annotations

import os
from pathlib import Path

from contract_tests.clauses.shared.results import ended, folder_of
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import DONE, UNDONE, finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()

_ANY_HISTORY = Each(*MAIN_HISTORIES)

_FEW_HISTORIES = Each("eleventh", "clone", "in a second session", "of another user")
"""Few, as downloads write to the disk and are slow; other checks try every history."""


def _is_text(s: Scenario, actor: Actor, job: str) -> None:
    outcome = actor.do("download_job_result", job)
    s.require(outcome.returned and isinstance(outcome.value, str) and outcome.value, "a str that is not empty", outcome)


@CHECKS.check("download.text", state=Each(*DONE))
def _text(s: Scenario, state: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    _is_text(s, alice, job)


@CHECKS.check("download.text", variant="again")
def _text_again(s: Scenario) -> None:
    alice = s.open()
    job = s.job("completed", alice)
    for actor in (alice, alice, s.open()):
        _is_text(s, actor, job)


@CHECKS.check("download.text", variant="pasts", past=_FEW_HISTORIES)
def _text_after(s: Scenario, past: str) -> None:
    _is_text(s, *starting_point(s, past, "completed"))


@CHECKS.check("download.text", variant="oversize")
def _text_of_oversize(s: Scenario) -> None:
    alice = s.open()
    _is_text(s, alice, ended(s, alice, JobPlan(runs=2.0, oversize=True)))


def is_folder(s: Scenario, actor: Actor, job: str) -> Path:
    """The promise that a result is a folder that is there; returns it."""
    outcome = actor.do("download_job_result", job)
    there = outcome.returned and isinstance(outcome.value, str) and os.path.isdir(outcome.value)
    s.require(there, "the path of a folder that is there", outcome)
    return Path(outcome.value)


@CHECKS.check("download.folder", state=Each(*DONE))
def _folder_of_done(s: Scenario, state: str) -> None:
    alice = s.open()
    is_folder(s, alice, s.job(state, alice))


@CHECKS.check("download.folder", variant="pasts", past=_ANY_HISTORY)
def _folder_after(s: Scenario, past: str) -> None:
    is_folder(s, *starting_point(s, past, "completed"))


@CHECKS.check("download.apart", same=Each("folder", "clone", "session", "user"))
def _apart(s: Scenario, same: str) -> None:
    alice = s.open()
    jobs = [(alice, alice.submit(JobPlan(runs=2.0)))]
    for _ in range(2):
        actor = alice
        if same in ("session", "user"):
            actor = s.open(1 if same == "user" and len(s.system.users) > 1 else 0)
        jobs.append((actor, actor.clone(jobs[0][1]) if same == "clone" else actor.submit(JobPlan(runs=2.0))))
    for actor, job in jobs:
        s.until(actor, job, finished, "finished")
    found = [(job, folder_of(actor, job).resolve()) for actor, job in jobs]
    for job, folder in found:
        for other, its_folder in found:
            apart = job == other or not (folder == its_folder or folder in its_folder.parents)
            s.require(
                apart, "two folders, neither inside the other", f"{s.tell(other)} is in the folder of {s.tell(job)}"
            )
            s.require(folder.is_dir(), f"the folder of {s.tell(job)} to be there still", "it is gone")


@CHECKS.check("download.oversize", before=Each("nothing", "small result", "large result", "clone"))
def _oversize(s: Scenario, before: str) -> None:
    alice = s.open()
    job = ended(s, alice, JobPlan(runs=2.0, oversize=True))
    if before in ("small result", "large result"):
        ended(s, alice, JobPlan(runs=2.0, oversize=before == "large result"))
        alice.do("download_job_result", ended(s, alice, JobPlan(runs=2.0, oversize=before == "large result")))
    elif before == "clone":
        job = alice.clone(job)
        s.until(alice, job, finished, "finished")
    for actor in (alice, alice, s.open()):
        outcome = actor.do("download_job_result", job)
        is_text = outcome.returned and isinstance(outcome.value, str) and outcome.value
        s.require(is_text and not os.path.isdir(outcome.value), "a location that is not a local folder", outcome)


@CHECKS.check("download.unfinished", state=Each(*UNDONE))
def _unfinished(s: Scenario, state: str) -> str:
    alice = s.open()
    outcome = alice.do("download_job_result", s.job(state, alice))
    if not outcome.returned:
        return f"{state}: raised {type(outcome.error).__name__}"
    is_folder = isinstance(outcome.value, str) and os.path.isdir(outcome.value)
    return f"{state}: {'a folder' if is_folder else 'a ' + type(outcome.value).__name__}"
