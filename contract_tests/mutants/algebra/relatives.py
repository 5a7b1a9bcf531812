"""Jobs that are related to the job of a call by cloning, and conditions of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.algebra.conditions import Condition, clones_of, origin

Pick = Callable[[Call], Any]
"""The id of a job, or those of some; None where there is none."""


def among(pick: Pick, holds: Holds) -> Callable[[Call], list[Any]]:
    """Of the jobs that are picked, among of which something is true."""
    return lambda call: [job for job in picked(pick, call) if holds(call.about(job))]


def picked(pick: Pick, call: Call) -> list[Any]:
    """The ids of the jobs that are picked."""
    found = pick(call)
    return list(found) if isinstance(found, (list, tuple)) else [] if found is None else [found]


def first_origin(call: Call) -> Any:
    """The id of the job that the original of a clone was cloned from, None where that is no clone."""
    return origin(call.about(origin(call)))


def root(call: Call) -> Call | None:
    """The submission that a job goes back to, through clones of clones; None where there is none."""
    made = call.birth
    while made is not None and made.point == "clone_job":
        made = made.birth
    return made


def siblings(call: Call) -> list[Any]:
    """The ids of the other clones of a clone's original, deleted ones included, in the order of their making."""
    known = origin(call)
    return [] if known is None else [clone for clone in clones_of(call.about(known)) if clone != call.job_id]


def family(call: Call) -> list[Any]:
    """The id of a clone's original, and those of its other clones."""
    return [*picked(origin, call), *siblings(call)]


def owner(call: Call) -> str:
    """Who submitted or cloned the job of a call; empty where nobody did."""
    return call.birth.user if call.birth else ""


clone_of_clone: Final = Condition("for the clone of a clone", lambda call: first_origin(call) is not None)
orphan: Final = Condition(
    "for a clone whose original was deleted",
    lambda call: (known := call.job) is not None and known.cloned_from and call.about(known.cloned_from).job is None,
)
