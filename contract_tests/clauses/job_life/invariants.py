"""The life of jobs, at every point of any sequence of calls."""

from __future__ import annotations

from typing import Any

from contract_tests.scenario.job_states import finished
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Viewpoint

CHECKS = InvariantTable()


@CHECKS.invariant("life.final")
def _final(view: Viewpoint) -> None:
    """Of every job, whoever reads it; metas and lists are compared with earlier ones of their kind."""
    for number in view.jobs():
        _stays(view, ("meta", number), view.status(number), f"job{number}")
    numbers = {view.id(number): number for number in view.jobs()}
    for entry in view.entries({"all": True}):
        if number := numbers.get(str(entry.get("job_id")), 0):
            _stays(view, ("list", number), entry.get("status"), f"job{number} in lists")


def _stays(view: Viewpoint, key: tuple[str, int], status: Any, what: str) -> None:
    ended = view.seen.get(key)
    view.require(ended in (None, status), f"{what} to stay {ended}", status)
    if finished(status):
        view.seen[key] = status
