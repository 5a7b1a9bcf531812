"""What the suite says of a cell of the grid: which check kills it, if any does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice, zip_longest
from typing import Final

from contract_tests.clauses.checks import check_called
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import try_inputs
from contract_tests.mutants.grid.cells import Cell
from contract_tests.mutants.grid.visits import Example, meeting

MOST: Final = 600
"""So many examples are tried on a cell, of all checks in turn."""


def killer(cell: Cell, seen: Sequence[Example], likely: Iterable[str] = ()) -> str:
    """The id of a check that a cell does not pass in a default run; empty where it passes all.

    ``seen`` is what a default run tries; ``likely`` are the ids of checks that are tried first. Of more examples than
    `MOST` that meet the condition the rest is left out: it meets what is met everywhere.
    """
    system = cell.system
    for example in islice(_in_turn(meeting(seen, cell.point, cell.condition), list(likely)), MOST):
        if try_inputs(check_called(example.check), example.inputs, system).verdict is Verdict.VIOLATED:
            return example.check
    return ""


def _in_turn(examples: Iterable[Example], likely: list[str]) -> Iterable[Example]:
    """One example of every check, the likely ones first; then another one of each, and so on."""
    by_check: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_check[example.check].append(example)
    order = sorted(by_check, key=lambda check: likely.index(check) if check in likely else len(likely))
    for row in zip_longest(*(by_check[check] for check in order)):
        yield from (example for example in row if example is not None)
