"""Verdicts: the words for a clause and for a run, and the verdict of a clause from its checks."""

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
    AT_LEVEL = "conformant at level"
    UNPROVEN = "unproven"
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

JUDGED = frozenset({Verdict.MET, Verdict.VIOLATED, Verdict.KNOWN_DEVIATION, Verdict.STALE_DEVIATION})
"""Verdicts of a clause by which it was judged: it was tried, and is kept or is not."""

EXIT_CODES = {
    Overall.CONFORMANT: 0,
    Overall.WITH_DEVIATIONS: 0,
    Overall.AT_LEVEL: 0,
    Overall.UNPROVEN: 1,
    Overall.PARTIAL: 1,
    Overall.NON_CONFORMANT: 1,
    Overall.ERROR: 3,
}
"""What the command exits with; 2 is kept for wrong usage."""


def of_clause(checks: Iterable[Verdict]) -> Verdict:
    """The verdict of a clause: the worst of its checks; ``not run`` when none was run."""
    found = set(checks)
    return next((verdict for verdict in _WORST_FIRST if verdict in found), Verdict.NOT_RUN)
