"""What became of the mutants: mutmut's notes, read from the copy of a part, and what they come to."""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from difflib import unified_diff
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from tests.mutation.survivors import listed, unindented

TIMEOUTS = (36, -24, 24, 152, 255)
SURVIVED = (0, 5, 33)
"""No test failed, or there is none."""
COLUMNS = ("mutants", "tried", "killed", "timeout", "survived", "equivalent")


class Verdict(NamedTuple):
    """What became of a mutant."""

    name: str
    """As mutmut has it: ``flare_sim.clock.x_to_ticks__mutmut_3``."""
    found: str
    """``"killed"``, ``"timeout"``, ``"survived"``, or ``"untried"``."""

    @property
    def module(self) -> str:
        """The module it is a mutant of."""
        return self.name.rpartition(".")[0]

    @property
    def function(self) -> str:
        """The function it is a mutant of: ``to_ticks``, or ``VirtualClock.sleep``."""
        mangled = self.name.rpartition(".")[2].partition("__mutmut_")[0]
        return mangled[2:].replace("ǁ", ".")


def read(folder: Path) -> Iterator[Verdict]:
    """Yield every mutant of a copy, module by module."""
    for notes in sorted((folder / "mutants").rglob("*.py.meta")):
        for name, code in json.loads(notes.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            yield Verdict(name, _found(code))


def note(folder: Path, results: dict[str, int]) -> None:
    """Write down the exit codes of the processes that tried mutants."""
    for notes in (folder / "mutants").rglob("*.py.meta"):
        told = json.loads(notes.read_text(encoding="utf-8"))
        codes = told["exit_code_by_key"]
        codes.update({name: results[name] for name in codes.keys() & results.keys()})
        notes.write_text(json.dumps(told, indent=4), encoding="utf-8")


def _found(code: int | None) -> str:
    if code in (None, 2, -9):  # who was interrupted, or killed from outside, was not tried to the end
        return "untried"
    if code in SURVIVED:
        return "survived"
    return "timeout" if code in TIMEOUTS else "killed"


def is_in_sample(name: str, one_in: int) -> bool:
    """Tell whether a mutant is among the one in so many that are drawn, always the same."""
    return drawn(name) % one_in == 0


def drawn(name: str) -> int:
    """Return a mutant's number in a draw that is always the same: in the order of these, the first few are a sample."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")


@cache
def _functions(path: Path) -> dict[str, list[str]]:
    """Return the lines of every function in a file of mutants, by its name."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    return {
        node.name: lines[node.lineno - 1 : node.end_lineno]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name
    }


def changed(verdict: Verdict, folder: Path) -> tuple[str, str]:
    """Return the lines that a mutant changes, without their indentation, and what it makes of them."""
    told = difference(verdict, folder).splitlines()[2:]
    return tuple(unindented("\n".join(line[1:] for line in told if line[0] == sign)) for sign in "-+")  # type: ignore[return-value]


def difference(verdict: Verdict, folder: Path) -> str:
    """Return what a mutant changes, as a diff."""
    functions = _functions(folder.joinpath("mutants", *verdict.module.split(".")).with_suffix(".py"))
    name = verdict.name.rpartition(".")[2]
    both = (name.partition("__mutmut_")[0] + "__mutmut_orig", name)
    plain = verdict.function.rpartition(".")[2]
    original, mutant = ([line.replace(f"def {one}(", f"def {plain}(") for line in functions[one]] for one in both)
    return "\n".join(unified_diff(original, mutant, lineterm="", n=0))


def is_listed(verdict: Verdict, folder: Path) -> bool:
    """Tell whether a mutant is known to be equivalent to what it was made of."""
    of = {(item.module, item.function, item.original, item.mutant) for item in listed()}
    return (verdict.module, verdict.function, *changed(verdict, folder)) in of


def counts(found: Iterable[Verdict], equivalent: Collection[str]) -> dict[str, Counter[str]]:
    """Count what was found, module by module."""
    rows: dict[str, Counter[str]] = {}
    for verdict in found:
        row = rows.setdefault(verdict.module, Counter())
        row["mutants"] += 1
        row["tried"] += verdict.found != "untried"
        row["equivalent" if verdict.name in equivalent else verdict.found] += 1
    return rows


def total(rows: dict[str, Counter[str]]) -> Counter[str]:
    """Add up."""
    return sum(rows.values(), Counter())


def score(row: Counter[str]) -> float:
    """Return how many percent of the mutants that were tried, and can be killed, were."""
    able = row["tried"] - row["equivalent"]
    return 100 * (row["killed"] + row["timeout"]) / able if able else 100.0


def table(rows: dict[str, Counter[str]]) -> str:
    """Return a table with a line for each module, and one for all."""
    width = max((len(module) for module in rows), default=0)
    head = " ".join(f"{column:>10}" for column in (*COLUMNS, "score"))
    lines = [
        f"{module:<{width}} " + " ".join(f"{row[column]:>10}" for column in COLUMNS) + f" {score(row):>9.1f}%"
        for module, row in {**rows, "all": total(rows)}.items()
    ]
    return "\n".join([f"{'':<{width}} {head}", *lines])
