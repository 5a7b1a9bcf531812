"""download_job_result, at every point of any sequence of calls: what it returns, and that it changes nothing."""

from __future__ import annotations

from contract_tests.clauses.shared.invariants import answers_are, asking_changes_nothing
from contract_tests.scenario.operations import Outcome
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Viewpoint

CHECKS = InvariantTable()


@CHECKS.invariant("download.text")
def _text(view: Viewpoint) -> None:
    def ask() -> None:
        if number := view.job():
            _download(view, number)

    answers_are(view, "download_job_result", "a str", lambda value: isinstance(value, str), ask)


@CHECKS.invariant("download.no-effect")
def _no_effect(view: Viewpoint) -> None:
    asking_changes_nothing(view, lambda number: _download(view, number))


def _download(view: Viewpoint, number: int) -> Outcome:
    return view.allowed(number).do("download_job_result", view.id(number))
