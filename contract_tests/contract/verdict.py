"""Verdicts: of a check, of a clause from its checks, of a run from its clauses. Pure functions over plain data."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Verdict(str, Enum):
    """What is said of a clause."""

    MET = "met"
    VIOLATED = "violated"
    KNOWN_DEVIATION = "known deviation"
    STALE_DEVIATION = "stale deviation"
    NOT_CLAIMED = "not claimed"
    NOT_TESTABLE = "not testable"
    UNDEFINED = "undefined"
    SUITE_ERROR = "suite error"
    NOT_RUN = "not run"

    def __str__(self) -> str:
        return self.value


class Overall(str, Enum):
    """What is said of an implementation."""

    CONFORMANT = "conformant"
    WITH_DEVIATIONS = "conformant with deviations"
    PARTIAL = "partial"
    NON_CONFORMANT = "non-conformant"
    ERROR = "error"

    def __str__(self) -> str:
        return self.value


_WORST_FIRST = (
    Verdict.SUITE_ERROR,
    Verdict.VIOLATED,
    Verdict.STALE_DEVIATION,
    Verdict.NOT_TESTABLE,
    Verdict.KNOWN_DEVIATION,
    Verdict.NOT_RUN,
    Verdict.NOT_CLAIMED,
    Verdict.UNDEFINED,
    Verdict.MET,
)

FAILING = frozenset({Verdict.VIOLATED, Verdict.STALE_DEVIATION, Verdict.NOT_TESTABLE})
"""Verdicts of a clause that make a run non-conformant."""

EXIT_CODES = {
    Overall.CONFORMANT: 0,
    Overall.WITH_DEVIATIONS: 0,
    Overall.PARTIAL: 1,
    Overall.NON_CONFORMANT: 1,
    Overall.ERROR: 3,
}
"""What the command exits with; 2 is kept for wrong usage."""


def of_clause(checks: Iterable[Verdict]) -> Verdict:
    """The verdict of a clause: the worst of its checks; ``not run`` when none was run."""
    found = set(checks)
    return next((verdict for verdict in _WORST_FIRST if verdict in found), Verdict.NOT_RUN)


def overall(clauses: Iterable[Verdict]) -> Overall:
    """The verdict of a run over all judged clauses; a clause that was not run allows ``partial`` at best."""
    found = set(clauses)
    if Verdict.SUITE_ERROR in found:
        return Overall.ERROR
    if found & FAILING:
        return Overall.NON_CONFORMANT
    if Verdict.NOT_RUN in found or Verdict.MET not in found:
        return Overall.PARTIAL
    return Overall.WITH_DEVIATIONS if Verdict.KNOWN_DEVIATION in found else Overall.CONFORMANT
