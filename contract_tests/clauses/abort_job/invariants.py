"""abort_job, at every point of any sequence of calls: what it returns, and that it leaves other jobs alone."""

from __future__ import annotations

from contract_tests.clauses.shared.invariants import answers_are, others_are_unchanged
from contract_tests.scenario.job_states import finished
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Viewpoint

CHECKS = InvariantTable()


@CHECKS.invariant("abort.returns-none")
def _returns_none(view: Viewpoint) -> None:
    def ask() -> None:
        number = view.job()
        if number and view.model(number).final:
            view.allowed(number).do("abort_job", view.id(number))

    answers_are(view, "abort_job", "None", lambda value: value is None, ask)


@CHECKS.invariant("abort.done-no-effect")
def _done(view: Viewpoint) -> None:
    for number in view.jobs():
        if number % 3 == view.number % 3:
            before = view.snapshot(number)
            if finished(before["status"]):
                outcome = view.allowed(number).do("abort_job", view.id(number))
                view.require(outcome.returned, f"no error for job{number}, which is done", outcome)
                view.s.unchanged(before, view.snapshot(number), f"job{number}, which was done,")


@CHECKS.invariant("abort.others")
def _others(view: Viewpoint) -> None:
    others_are_unchanged(view, "abort")
