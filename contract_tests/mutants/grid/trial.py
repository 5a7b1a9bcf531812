"""What the suite says of a cell of the grid: which check kills it, if any does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import islice, zip_longest
from typing import Final

from contract_tests.clauses.catalogue import SUBJECTS
from contract_tests.clauses.checks import check_called
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import try_inputs
from contract_tests.mutants.grid.cells import Cell
from contract_tests.mutants.grid.visits import Example, meeting

MOST: Final = 300
"""So many examples are tried on a cell, of all checks in turn."""

_SUBJECT_OF: Final = {clause.id: subject for subject, clauses in SUBJECTS.items() for clause in clauses}


def tried(cell: Cell, seen: Sequence[Example], likely: Iterable[str] = ()) -> list[Example]:
    """The examples that are tried on a cell: those that meet its condition, and no more than `MOST`.

    ``seen`` is what a default run tries; ``likely`` are the ids of checks that come first, then those about the
    method. What is met more often is met everywhere.
    """
    order = {check: place for place, check in enumerate(likely)}

    def turn(check: str) -> tuple[int, bool]:
        return order.get(check, len(order)), _SUBJECT_OF[check_called(check).clause] != cell.method

    return list(islice(_in_turn(meeting(seen, cell.point, cell.condition), turn), MOST))


def killer(cell: Cell, examples: Iterable[Example]) -> str:
    """The id of the first check that a cell does not pass; empty where it passes all."""
    system = cell.system
    for example in examples:
        if try_inputs(check_called(example.check), example.inputs, system).verdict is Verdict.VIOLATED:
            return example.check
    return ""


def _in_turn(examples: Iterable[Example], turn: Callable[[str], tuple[int, bool]]) -> Iterable[Example]:
    """One example of every check, in their turn; then another one of each, and so on."""
    by_check: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_check[example.check].append(example)
    for row in zip_longest(*(by_check[check] for check in sorted(by_check, key=turn))):
        yield from (example for example in row if example is not None)
