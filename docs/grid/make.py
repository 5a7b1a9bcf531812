"""Tries the grid of mutants, and writes down what came of it, in this folder.

    python docs/grid/make.py try [-j N] [METHOD ...]   try the cells that are not known yet, or those of some methods
    python docs/grid/make.py again [-j N] [--by CLAUSE] [METHOD ...]
                                                       try what nobody has noticed, once there are more checks, or
                                                       more to those of a clause
    python docs/grid/make.py page                      write the page

``grid.tsv`` tells of every cell which clause kills it, ``!`` where none does, ``=`` where it makes no difference
anyhow, and ``?`` where its condition is met nowhere in a default run. ``reasons.toml`` says why what is not killed is
not. ``grid.html`` is made of both.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from contract_tests.clauses.checks import check_called
from contract_tests.engine import processes
from contract_tests.mutants.grid import difference, record
from contract_tests.mutants.grid.cells import Cell, cells
from contract_tests.mutants.grid.trial import killer, tried
from contract_tests.mutants.grid.visits import Example, examples, judged
from contract_tests.report import html
from contract_tests.system import temporary_folders

HERE = Path(__file__).parent
ROWS = HERE / "grid.tsv"
REASONS = HERE / "reasons.toml"


Row = list[tuple[Cell, str]]
"""The cells of one effect at one method, with what is known of them."""


def _row(row: Row, seen: list[Example]) -> list[str]:
    """What came of the cells of a row, which are mostly killed by the same checks."""
    gc.freeze()  # what a default run tries is much, and stays
    found: list[str] = []
    likely: Counter[str] = Counter()
    for cell, known in row:
        examples = tried(cell, seen, [check for check, _ in likely.most_common()])
        by = killer(cell, examples)
        if by:
            likely[by] += 1
        found.append(check_called(by).clause if by else _unkilled(cell, known, examples))
        temporary_folders.clear()
    return found


def _unkilled(cell: Cell, known: str, examples: list[Example]) -> str:
    if not examples or known == record.SURVIVED:
        return known or record.UNMET
    return record.SURVIVED if difference.shown(cell.system, examples) else record.SAME


def _seen(checks: list[str], jobs: int) -> list[Example]:
    """What a default run tries by these checks, and what is met in it."""
    seen: list[Example] = []
    for number, some in enumerate(processes.in_order(examples, checks, jobs), 1):
        seen += some
        if not number % 100:
            print(f"watched {number} of {len(checks)} checks", file=sys.stderr, flush=True)
    return seen


def _tried(rows: list[Row], seen: list[Example], jobs: int) -> Iterator[tuple[Row, list[str]]]:
    """Every row with what came of it, as it is known."""
    pool, waiting = processes.Pool(partial(_row, seen=seen)), deque(rows)
    try:
        while waiting or pool.busy:
            while waiting and pool.busy < jobs:
                pool.give(waiting.popleft())
            for done in pool.wait():
                yield done.item, done.result()
    finally:
        pool.stop()


def try_cells(wanted: Callable[[Cell, str], bool], checks: list[str], jobs: int) -> None:
    """Try what is wanted, by what is known of it, row by row."""
    known = record.read(ROWS)
    rows: defaultdict[tuple[str, str], Row] = defaultdict(list)
    for cell in cells():
        if wanted(cell, known.get(cell, "")):
            rows[cell.method, cell.effect].append((cell, known.get(cell, "")))
    if not rows:
        return
    with temporary_folders.in_memory():
        seen = _seen(checks, jobs)
        for number, (row, found) in enumerate(_tried(list(rows.values()), seen, jobs), 1):
            known |= {cell: told for (cell, _), told in zip(row, found, strict=True)}
            record.write(ROWS, known)
            first = row[0][0]
            print(f"{number} of {len(rows)}: {first.method} {first.effect}", file=sys.stderr, flush=True)


def write_page() -> None:
    """The page of what is known."""
    told = record.as_dict(record.read(ROWS), record.read_reasons(REASONS) if REASONS.exists() else [])
    (HERE / "grid.html").write_text(html.grid(told), encoding="utf-8")


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    tries = commands.add_parser("try", help="try cells")
    again = commands.add_parser("again", help="try again what nobody has noticed")
    again.add_argument("--by", default="", metavar="CLAUSE", help="by the checks of this clause alone")
    for command in (tries, again):
        command.add_argument("methods", nargs="*")
        command.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1)
    commands.add_parser("page", help="write the page")
    given = parser.parse_args()
    if given.command == "page":
        write_page()
    elif given.command == "try":
        methods = given.methods
        try_cells(lambda cell, found: cell.method in methods or not (methods or found), judged(), given.jobs)
    else:
        unnoticed = (record.UNMET, record.SAME, record.SURVIVED)
        methods = given.methods or [cell.method for cell in cells()]
        checks = [check for check in judged() if given.by in ("", check_called(check).clause)]
        try_cells(lambda cell, found: cell.method in methods and found in unnoticed, checks, given.jobs)


if __name__ == "__main__":
    main()
