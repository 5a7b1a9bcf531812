"""clone_job, at every point of any sequence of calls: the jobs that were cloned."""

from __future__ import annotations

from contract_tests.clauses.clone_job.new_jobs import DEFINITION
from contract_tests.clauses.shared.invariants import (
    answers_are,
    detailed_at_times,
    id_is_new,
    is_id,
    newest_job,
    none_missing,
    submitter_is,
)
from contract_tests.scenario.job_states import finished
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Viewpoint

CHECKS = InvariantTable()


@CHECKS.invariant("clone.returns-id")
def _returns_id(view: Viewpoint) -> None:
    answers_are(view, "clone_job", "a str that is not empty", is_id)


@CHECKS.invariant("clone.new-id")
def _new_id(view: Viewpoint) -> None:
    id_is_new(view, "clone_job")


@CHECKS.invariant("clone.listed")
def _listed(view: Viewpoint) -> None:
    none_missing(view, view.clones(view.user), "a clone of the user", detailed_at_times(view))


@CHECKS.invariant("clone.owner")
def _owner(view: Viewpoint) -> None:
    submitter_is(view, view.clones(), "cloned")


@CHECKS.invariant("clone.definition")
def _definition(view: Viewpoint) -> None:
    originals = {view.id(number): number for number in view.jobs()}
    number = view.job([clone for clone in view.clones() if view.original(clone) in originals])
    if number:
        original, clone = view.meta(originals[view.original(number)]), view.meta(number)
        for key in DEFINITION:
            same = clone.get(key) == original.get(key)
            view.require(same, f"{key} of job{number}, a clone, to be {original.get(key)!r}", clone.get(key))


@CHECKS.invariant("clone.starts-over")
def _starts_over(view: Viewpoint) -> None:
    """A clone has a submit_time of its own, and is not done when it was just made."""
    view.s.now()
    if number := view.job(view.clones()):
        made, told = view.made[view.id(number)].outcome, view.meta(number).get("submit_time")
        assert made.started is not None
        if isinstance(told, (int, float)):
            when = told / view.s.system.time_unit
            anew = when >= made.started - view.s.slack - 1.0  # a server may keep whole seconds
            wanted = f"a submit_time of job{number} that is not before {view.s.at(made.started)}"
            view.s.require(anew, wanted, view.s.moment(told))
    if number := newest_job(view, view.clones()):
        told = view.status(number)
        view.s.require(not finished(told), f"job{number}, just cloned, not to be done", told)
