"""What is known of the grid, as a table in a file, and the reasons for what nobody notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, NamedTuple

from contract_tests.mutants.grid.axes import CONDITIONS
from contract_tests.mutants.grid.cells import Cell, cells
from contract_tests.system import given_files

UNMET: Final = "?"
"""What stands for a cell whose condition no example of a default run meets."""

SAME: Final = "="
"""What stands for a cell that makes no difference to any example that meets its condition."""

SURVIVED: Final = "!"
"""What stands for a cell that makes a difference, and that every example passes."""

_IMPOSSIBLE: Final = "-"

Known = Mapping[Cell, str]
"""Of every cell the clause that kills it, or `UNMET`, `SAME` or `SURVIVED`."""


class Reason(NamedTuple):
    """Why some cells are not killed.

    Attributes:
        method, effect, condition: which ones, by patterns of names in which ``*`` stands for anything.
        kind: ``equivalent`` for what is no fault, ``open`` for a hole that is left.
        because: why.
    """

    method: str
    effect: str
    condition: str
    kind: str
    because: str

    def is_about(self, cell: Cell) -> bool:
        """Whether it tells of a cell."""
        return all(fnmatchcase(name, pattern) for name, pattern in zip(cell, self[:3], strict=True))


def read_reasons(path: Path) -> list[Reason]:
    """The reasons in a TOML file, each a table ``[[reason]]``; a pattern that is left out is ``*``."""
    tables = given_files.read(path, given_files.TOML)["reason"]
    return [Reason(**{**dict.fromkeys(("method", "effect", "condition"), "*"), **table}) for table in tables]


def read(path: Path) -> dict[Cell, str]:
    """What a file tells, of the cells that there still are."""
    if not path.exists():
        return {}
    heads, *rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    known = {
        Cell(method, effect, condition): found
        for method, effect, *founds in rows
        for condition, found in zip(heads[2:], founds, strict=True)
    }
    return {cell: known[cell] for cell in cells() if known.get(cell)}


def write(path: Path, known: Known) -> None:
    """Write what is known down: a line for each effect at a method, a column for each condition."""
    conditions = [condition.name for condition in CONDITIONS]
    lines = ["\t".join(("method", "effect", *conditions))]
    possible = dict.fromkeys(cells(), "")
    for method, effect in dict.fromkeys((cell.method, cell.effect) for cell in possible):
        row = (Cell(method, effect, condition) for condition in conditions)
        lines.append("\t".join((method, effect, *(known.get(cell, possible.get(cell, _IMPOSSIBLE)) for cell in row))))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def unexplained(known: Known, reasons: Iterable[Reason]) -> Iterator[Cell]:
    """The cells that are not killed and for which there is no reason."""
    given = list(reasons)
    for cell, found in known.items():
        if found in (UNMET, SURVIVED) and not any(reason.is_about(cell) for reason in given):
            yield cell


def as_dict(known: Known, reasons: Iterable[Reason]) -> dict[str, Any]:
    """The grid as JSON can hold it: for every method its effects, with a state and a text for each condition.

    States are ``k`` (killed), ``e`` (equivalent), ``s`` (survived), ``u`` (unmet), ``n`` (not tried) and a blank for
    what can't be. Texts are places in ``told``.
    """
    given, conditions = list(reasons), [condition.name for condition in CONDITIONS]
    told = {"": 0}
    rows: dict[str, dict[str, list[tuple[str, str]]]] = {}
    possible = set(cells())
    for method, effect in dict.fromkeys((cell.method, cell.effect) for cell in cells()):
        row = [Cell(method, effect, condition) for condition in conditions]
        rows.setdefault(method, {})[effect] = [
            _state(cell, known, given) if cell in possible else (" ", "") for cell in row
        ]
    methods = [
        {
            "name": method,
            "rows": [
                {
                    "effect": effect,
                    "states": "".join(state for state, _ in row),
                    "told": [told.setdefault(text, len(told)) for _, text in row],
                }
                for effect, row in effects.items()
            ],
        }
        for method, effects in rows.items()
    ]
    return {"conditions": conditions, "methods": methods, "told": list(told)}


def _state(cell: Cell, known: Known, reasons: Iterable[Reason]) -> tuple[str, str]:
    found = known.get(cell, "")
    if found == SAME:
        return "e", "no example that meets the condition shows any difference"
    if found not in (SURVIVED, UNMET):
        return ("k", found) if found else ("n", "")
    reason = next((reason for reason in reasons if reason.is_about(cell)), None)
    if reason is not None and reason.kind == "equivalent":
        return "e", reason.because
    return ("s" if found == SURVIVED else "u"), reason.because if reason else "no reason is known"
