"""submit_job: job definitions that it has to refuse, and that a refusal leaves nothing behind."""

from __future__ import annotations

import shutil
from pathlib import Path

from contract_tests.clauses.shared.users import session_of_each_user
from contract_tests.clauses.submit_job.submitted_folders import bad_folder
from contract_tests.scenario import wording
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.operations import Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.starting_points import LIKELY_HISTORIES, session_after
from contract_tests.system import bad_definitions, job_folders, temporary_folders
from contract_tests.system.job_plan import BadJob, JobPlan

CHECKS = CheckTable()


@CHECKS.check("submit.refusal-leaves-nothing", fault=Each(*bad_definitions.every_bad_definition()))
def _refusal_leaves_nothing(s: Scenario, fault: str) -> None:
    alice, other = s.open(), s.open()
    job = s.job("waiting", alice)
    for again in range(2):
        outcome = alice.do("submit_job", BadJob(fault))
        if outcome.returned:
            return  # not refused: another clause
        if again and s.system.clock is not None:
            s.sleep(10.0)
        for actor in (alice, other):
            for flags in ({}, {"detailed": True, "all": True}):
                listed = actor.listed(**flags)
                told = f"only {s.tell(job)} in the list after {wording.definition(BadJob(fault))} was refused"
                s.require(listed == [job], told, s.tell(listed))


def _is_refused(s: Scenario, outcome: Outcome, fault: str, when: str = "") -> None:
    told = f"InvalidJobDefinition{when} for {wording.definition(BadJob(fault))}"
    s.require(outcome.raised("InvalidJobDefinition"), told, outcome)


_NO_PLACE = ("not-text", "empty-text")
"""The kinds of bad definitions that are no paths."""


def _refuses(kind: str) -> None:
    ways = Each(*range(len(bad_definitions.BAD_DEFINITIONS[kind])))

    @CHECKS.check(f"submit.refuses.{kind}", way=ways)
    def body(s: Scenario, way: int) -> None:
        for actor in (*session_of_each_user(s), s.open()):
            for _ in range(2):
                outcome = actor.do("submit_job", BadJob(f"{kind}/{way}"))
                _is_refused(s, outcome, f"{kind}/{way}")

    @CHECKS.check(f"submit.refuses.{kind}", variant="history", history=LIKELY_HISTORIES)
    def after_history(s: Scenario, history: str) -> None:
        outcome = session_after(s, history).do("submit_job", BadJob(kind))
        _is_refused(s, outcome, kind)

    if kind in _NO_PLACE:

        @CHECKS.check(f"submit.refuses.{kind}", variant="in a job folder", way=ways)
        def in_a_job_folder(s: Scenario, way: int) -> None:
            """An empty path might be taken for the current folder, which is one of a good job here."""
            alice = s.open()
            folder = job_folders.job_folder(JobPlan())
            with temporary_folders.inside(folder):
                if not alice.do("submit_job", folder).returned:
                    return  # a session that does not work anywhere is none to ask
                outcome = alice.do("submit_job", BadJob(f"{kind}/{way}"))
            _is_refused(s, outcome, f"{kind}/{way}", ", in the folder of a job,")

        return

    @CHECKS.check(f"submit.refuses.{kind}", variant="spoilt", way=Each(0) if kind == "missing-path" else ways)
    def spoilt(s: Scenario, way: int) -> None:
        """A folder that was good when it was submitted before."""
        alice = s.open()
        folder = job_folders.job_folder(JobPlan(), fresh=True)
        alice.submit(folder)
        shutil.rmtree(folder)
        if kind != "missing-path":
            bad_folder(f"{kind}/{way}", Path(folder))
        outcome = alice.do("submit_job", folder)
        _is_refused(s, outcome, f"{kind}/{way}", ", now that the folder is such a one,")


for _kind in bad_definitions.BAD_DEFINITIONS:
    _refuses(_kind)
