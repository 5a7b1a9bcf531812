"""The ways that a job ends, and the status that each of them gives."""

from __future__ import annotations

from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point

CHECKS = CheckTable()

_ENDS = {
    "completed": ("completed", "COMPLETED"),
    "aborted": ("stopped", "ABORTED"),
    "exception": ("failed", "EXECUTION_EXCEPTION"),
    "abnormal": ("killed", "ABNORMAL"),
    "unschedulable": ("given up", "CAN_NOT_SCHEDULE"),
    "not-deployed": ("not deployed", "FAILED_TO_RUN"),
}

_BY = ("running", "dispatched", "waiting", "of another user")
"""Which jobs are aborted."""


def _ends(how: str, state: str, ending: str) -> None:
    @CHECKS.check(f"life.ends.{how}", by=Each(*(_BY if how == "aborted" else ("itself",))))
    def body(s: Scenario, by: str) -> None:
        alice = s.open()
        if by in ("dispatched", "of another user"):
            owner = s.open(1) if by == "of another user" and len(s.system.users) > 1 else alice
            job = s.job("dispatched" if by == "dispatched" else "running", owner)
            alice.need("abort_job", job)
            s.until(alice, job, finished, "finished")
        else:
            job = s.job("aborted" if by == "waiting" else state, alice)
        status = alice.status(job)
        s.require(status == f"FINISHED:{ending}", f"FINISHED:{ending}", status)

    @CHECKS.check(f"life.ends.{how}", variant="past", past=Each(*MAIN_HISTORIES))
    def after_history(s: Scenario, past: str) -> None:
        actor, job = starting_point(s, past, state)
        status = actor.status(job)
        s.require(status == f"FINISHED:{ending}", f"FINISHED:{ending}", status)


for _how, (_state, _ending) in _ENDS.items():
    _ends(_how, _state, _ending)
