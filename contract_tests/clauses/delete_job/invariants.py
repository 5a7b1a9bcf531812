"""delete_job, at every point of any sequence of calls: the jobs that were deleted, and all others."""

from __future__ import annotations

from contract_tests.clauses.shared.invariants import answers_are, detailed_at_times, others_are_unchanged
from contract_tests.contract.interface import JOB_METHODS
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Viewpoint

CHECKS = InvariantTable()


@CHECKS.invariant("delete.returns-none")
def _returns_none(view: Viewpoint) -> None:
    answers_are(view, "delete_job", "None", lambda value: value is None)


@CHECKS.invariant("delete.system-info")
def _no_deleted_job(view: Viewpoint) -> None:
    told = view.executing()
    still = [number for number in view.jobs(deleted=True) if view.id(number) in told]
    view.s.require(not still, "no entry of a deleted job", f"one of job{still[:1]}")


@CHECKS.invariant("delete.list")
def _in_no_list(view: Viewpoint) -> None:
    """Read by every session, whenever another job was deleted."""
    gone = view.jobs(deleted=True)
    if gone and gone != view.seen.get("gone"):
        for actor in view.sessions():
            for flags in ({}, {"all": True}):
                found = view.listed({**flags, **detailed_at_times(view)}, actor)
                still = [number for number in gone if view.id(number) in found]
                view.s.require(not still, f"job{still[:1]}, which was deleted, in no list", view.s.tell(found))
        view.seen["gone"] = gone


@CHECKS.invariant("delete.others")
def _others(view: Viewpoint) -> None:
    others_are_unchanged(view, "delete")


def _then(method: str) -> None:
    @CHECKS.invariant(f"delete.then.{method.replace('_', '-')}")
    def deleted(view: Viewpoint) -> None:
        if number := view.job(view.jobs(deleted=True)):
            outcome = view.actor.do(method, view.id(number))
            view.require(outcome.raised("JobNotFound"), f"JobNotFound, as job{number} was deleted", outcome)


for _method in JOB_METHODS:
    _then(_method)
