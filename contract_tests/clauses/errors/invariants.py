"""Calls for jobs that there never were, at every point of any sequence of calls."""

from __future__ import annotations

import itertools
from typing import Final

from contract_tests.clauses.errors.ids_of_no_job import LOOK_ALIKES, NEARLY_AN_ID, is_a_job
from contract_tests.clauses.shared.invariants import jobs_are_unchanged
from contract_tests.contract.interface import JOB_METHODS
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Viewpoint
from contract_tests.system.job_plan import BadJob

CHECKS = InvariantTable()

_SIMILAR: Final = (*NEARLY_AN_ID.values(), *itertools.chain(*LOOK_ALIKES.values()))
"""Ways to change the id of a job so that it is the id of none."""


def _unknown_id(view: Viewpoint, number: int) -> str:
    """An id that no job has; which one depends on the number."""
    known = view.s.jobs
    similar = _SIMILAR[number * 7 % len(_SIMILAR)](known[number % len(known)]) if known else ""
    return similar if number % 4 and similar and not is_a_job(view.s, similar) else "no-such-job"


def _unknown(method: str) -> None:
    @CHECKS.invariant(f"unknown.{method.replace('_', '-')}")
    def never_made(view: Viewpoint) -> None:
        outcome = view.actor.do(method, _unknown_id(view, view.number))
        view.require(outcome.raised("JobNotFound"), "JobNotFound for an unknown job", outcome)


for _method in JOB_METHODS:
    _unknown(_method)


@CHECKS.invariant("malformed.no-effect")
def _refused(view: Viewpoint) -> None:
    """Of any method, and of submit_job for a bad definition."""

    def be_refused() -> None:
        for turn, method in enumerate(JOB_METHODS):
            view.actor.do(method, _unknown_id(view, view.number + turn))
        for kind in ("empty-folder", "no-meta"):
            view.actor.do("submit_job", BadJob(kind))

    if view.number % 3 == 0:
        jobs_are_unchanged(view, be_refused)
