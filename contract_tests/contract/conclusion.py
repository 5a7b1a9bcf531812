"""The conclusion of a run: what the verdicts on its clauses add up to, and on how many of them it rests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from contract_tests.contract.clause import CONFORMANCE_LEVELS, Clause
from contract_tests.contract.levels import reached
from contract_tests.contract.verdict import EXIT_CODES, FAILING, JUDGED, Overall, Verdict


class Conclusion(NamedTuple):
    """What is said of an implementation; as text it is the headline of a report.

    Attributes:
        overall: the verdict.
        level: the highest conformance level that is complete, 0 for none.
        deviating: whether a known deviation is tolerated in it.
        judged: on how many clauses a verdict was passed.
        of: how many clauses there are to judge.
    """

    overall: Overall
    level: int
    deviating: bool
    judged: int
    of: int

    def __str__(self) -> str:
        if self.overall is Overall.AT_LEVEL:
            return f"{self.overall} {self.level}{' with deviations' if self.deviating else ''}"
        return str(self.overall)

    @property
    def extent(self) -> str:
        """What the headline rests on, in words."""
        return f"{self.judged} of {self.of} judged"

    @property
    def exit_code(self) -> int:
        """What the command exits with."""
        return EXIT_CODES[self.overall]

    def shortfall(self, required: int | None) -> str:
        """What is amiss when so high a level is required, in a line; empty when that level is complete."""
        if required is None or self.level >= required:
            return ""
        found = f"only {_named(self.level)}" if self.level else "none"
        return f"level {_named(required)} is required, but {found} is reached"


def _named(level: int) -> str:
    return f"{level} ({CONFORMANCE_LEVELS[level - 1]})"


class _Found(NamedTuple):
    """What the table of conclusions asks for: the verdicts there are, the level, and problems with declarations."""

    verdicts: set[Verdict]
    level: int
    problems: bool


_FIRST_THAT_HOLDS: Final[tuple[tuple[Callable[[_Found], bool], Overall], ...]] = (
    (lambda found: Verdict.SUITE_ERROR in found.verdicts, Overall.ERROR),
    (lambda found: found.problems or bool(FAILING & found.verdicts), Overall.NON_CONFORMANT),
    (lambda found: Verdict.NOT_RUN in found.verdicts, Overall.PARTIAL),
    (lambda found: found.level == 0 or Verdict.MET not in found.verdicts, Overall.UNPROVEN),
    (lambda found: found.level < len(CONFORMANCE_LEVELS), Overall.AT_LEVEL),
    (lambda found: Verdict.KNOWN_DEVIATION in found.verdicts, Overall.WITH_DEVIATIONS),
    (lambda found: True, Overall.CONFORMANT),
)
"""The verdict on a run: the first line that holds. All levels are complete when every MUST was judged and is kept."""


def conclude(clauses: Iterable[tuple[Clause, Verdict]], *, problems: bool = False) -> Conclusion:
    """What the verdicts on clauses add up to.

    Args:
        clauses: every clause with its verdict. Those on which the interface is silent may be among them; of them only
            an error of the suite counts.
        problems: whether something is wrong with the declared deviations.
    """
    every = list(clauses)
    judged = [(clause, verdict) for clause, verdict in every if clause.judged]
    verdicts = {verdict for _, verdict in judged}
    verdicts |= {verdict for _, verdict in every} & {Verdict.SUITE_ERROR}
    found = _Found(verdicts, reached(judged), problems)
    return Conclusion(
        next(overall for holds, overall in _FIRST_THAT_HOLDS if holds(found)),
        found.level,
        Verdict.KNOWN_DEVIATION in verdicts,
        sum(verdict in JUDGED for _, verdict in judged),
        len(judged),
    )
