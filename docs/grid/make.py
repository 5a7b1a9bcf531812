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
from contract_tests.mutants.grid.axes import ALL
from contract_tests.mutants.grid.cells import Cell, cells
from contract_tests.mutants.grid.trial import killer, tried
from contract_tests.mutants.grid.visits import Example, examples, judged
from contract_tests.report import html
from contract_tests.system import temporary_folders

HERE = Path(__file__).parent
ROWS = HERE / "grid.tsv"
REASONS = HERE / "reasons.toml"
UNNOTICED = (record.UNMET, record.SAME, record.SURVIVED)


def _row(cells: list[Cell], seen: list[Example]) -> list[str]:
    """What came of the cells of one effect at one method, which are mostly killed by the same checks."""
    gc.freeze()  # what a default run tries is much, and stays
    found: list[str] = []
    likely: Counter[str] = Counter()
    for cell in cells:
        examples = tried(cell, seen, [check for check, _ in likely.most_common()])
        by = killer(cell, examples)
        if by:
            likely[by] += 1
        found.append(check_called(by).clause if by else _unkilled(cell, examples))
        temporary_folders.clear()
    return found


def _unkilled(cell: Cell, examples: list[Example]) -> str:
    if not examples:
        return record.UNMET
    return record.SURVIVED if difference.shown(cell.system, examples) else record.SAME


def _seen(checks: list[str], jobs: int) -> list[Example]:
    """What a default run tries by these checks, and what is met in it."""
    seen: list[Example] = []
    for number, some in enumerate(processes.in_order(examples, checks, jobs), 1):
        seen += some
        if not number % 100:
            print(f"watched {number} of {len(checks)} checks", file=sys.stderr, flush=True)
    return seen


def _tried(rows: list[list[Cell]], seen: list[Example], jobs: int) -> Iterator[tuple[list[Cell], list[str]]]:
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


def try_cells(wanted: Callable[[Cell, str], bool], jobs: int, by: str = "") -> None:
    """Try what is wanted, by what is known of it, row by row; by the checks of one clause, or by all.

    What the checks of one clause do not show, others may: then what was known that says more stays.
    """
    known = record.read(ROWS)
    rows: defaultdict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells():
        if wanted(cell, known.get(cell, "")):
            rows[cell.method, cell.effect].append(cell)
    if not rows:
        return
    with temporary_folders.in_memory():
        seen = _seen([check for check in judged() if by in ("", check_called(check).clause)], jobs)
        for number, (row, found) in enumerate(_tried(list(rows.values()), seen, jobs), 1):
            for cell, told in zip(row, found, strict=True):
                known[cell] = max(known[cell], told, key=_says) if by else told
            record.write(ROWS, known)
            print(f"{number} of {len(rows)}: {row[0].method} {row[0].effect}", file=sys.stderr, flush=True)


def _says(found: str) -> int:
    """How much was found out: that it is killed says more than that it was noticed by nobody."""
    return UNNOTICED.index(found) if found in UNNOTICED else len(UNNOTICED)


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
    judging = dict.fromkeys(check_called(check).clause for check in judged())
    again.add_argument("--by", default="", metavar="CLAUSE", choices=judging, help="by the checks of this clause alone")
    for command in (tries, again):
        command.add_argument("methods", nargs="*")
        command.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1)
    commands.add_parser("page", help="write the page")
    given = parser.parse_args()
    if given.command == "page":
        write_page()
        return
    methods = given.methods
    if given.command == "try":
        try_cells(lambda cell, found: cell.method in methods or not (methods or found), given.jobs)
    else:
        of_these = methods or ALL
        try_cells(lambda cell, found: cell.method in of_these and found in UNNOTICED, given.jobs, given.by)


if __name__ == "__main__":
    main()
