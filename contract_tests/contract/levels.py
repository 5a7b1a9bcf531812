"""Conformance levels: how far up an implementation keeps every promise; each level needs those below.

What it SHOULD keep and does not claim stands in no level's way; what it MUST keep and does not claim does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from contract_tests.contract.clause import CONFORMANCE_LEVELS, Clause
from contract_tests.contract.verdict import Verdict

GOOD: Final = frozenset({Verdict.MET, Verdict.KNOWN_DEVIATION})
"""Verdicts of a clause that do not stand in a level's way."""


class Level(NamedTuple):
    """A level: its number (from 1), its name, how many of its clauses are kept, and whether it is reached."""

    number: int
    name: str
    kept: int
    clauses: int
    reached: bool


def levels(verdicts: Iterable[tuple[Clause, Verdict]]) -> list[Level]:
    """Every level, from the ground up; one is reached when nothing stands in its way and the one below is reached."""
    found = list(verdicts)
    result: list[Level] = []
    below = True
    for number, name in enumerate(CONFORMANCE_LEVELS):
        of_level = [(clause, verdict) for clause, verdict in found if clause.conformance_level == number]
        kept = sum(verdict in GOOD for _, verdict in of_level)
        below = below and kept > 0 and not any(in_the_way(clause, verdict) for clause, verdict in of_level)
        result.append(Level(number + 1, name, kept, len(of_level), below))
    return result


def in_the_way(clause: Clause, verdict: Verdict) -> bool:
    """Whether a clause of this verdict stands in the way of its level."""
    left_open = clause.level == "SHOULD" and verdict is Verdict.NOT_CLAIMED
    return verdict not in GOOD and not left_open


def reached(verdicts: Iterable[tuple[Clause, Verdict]]) -> int:
    """The highest level reached, 0 when not even the first is."""
    return sum(level.reached for level in levels(verdicts))
