"""download_job_result: it changes nothing about any job."""

from __future__ import annotations

from contract_tests.clauses.shared.job_runs import is_run_though_read
from contract_tests.clauses.shared.marks import leaves_no_mark
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import STATES
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.starting_points import starting_point

CHECKS = CheckTable()

_FEW_HISTORIES = Each("eleventh", "clone", "in a second session", "of another user")
"""Few, as downloads write to the disk and are slow; other checks try every history."""


@CHECKS.check("download.no-effect", state=Each(*STATES))
def _no_effect(s: Scenario, state: str) -> None:
    alice = s.open()
    other, job = s.job("waiting", alice), s.job(state, alice)
    before = alice.snapshot(other), alice.snapshot(job), sorted(map(str, alice.listed()))
    for _ in range(3 if state == "completed" else 1):
        alice.do("download_job_result", job)
    s.require_exists(alice, other, job)
    after = alice.snapshot(other), alice.snapshot(job), sorted(map(str, alice.listed()))
    s.unchanged(before, after, "the jobs")


@CHECKS.check("download.no-effect", variant="runs", looks=Each(0, 1, 12))
def _no_effect_on_start(s: Scenario, looks: int) -> None:
    is_run_though_read(s, looks, lambda actor, job: actor.do("download_job_result", job))


@CHECKS.check("download.no-effect", variant="pasts", past=_FEW_HISTORIES)
def _no_effect_after(s: Scenario, past: str) -> None:
    actor, job = starting_point(s, past, "completed")
    before = actor.snapshot(job), sorted(map(str, actor.listed(all=True)))
    actor.do("download_job_result", job)
    s.require_exists(actor, job)
    s.unchanged(before, (actor.snapshot(job), sorted(map(str, actor.listed(all=True)))), "the jobs")


@CHECKS.check("download.no-effect", variant="marks", state=Each("waiting", "aborted"))
def _leaves_no_mark(s: Scenario, state: str) -> None:
    leaves_no_mark(s, state, lambda actor, job: actor.do("download_job_result", job))
