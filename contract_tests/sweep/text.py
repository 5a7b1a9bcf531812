"""A sweep's report in the terminal: the table of clauses, each failure with the command that shows it, the verdict."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from contract_tests.contract.verdict import FAILING, Verdict
from contract_tests.sweep.merged import Distinct, Merged, Row, in_order

if TYPE_CHECKING:
    from rich.console import Console

    from contract_tests.report.tables import Rows

_FAILED: Final = {*FAILING, Verdict.SUITE_ERROR}

_MOST: Final = 20
"""Seeds that are named."""


def show(merged: Merged, out: Console, *, quiet: bool = False) -> None:
    """Print the report; quietly, without the table of clauses."""
    if not quiet:
        out.print(_table(merged))
    for line in _lines(merged, out.width):
        out.print(line, soft_wrap=True)


def _table(merged: Merged) -> Rows:
    from rich.text import Text

    from contract_tests.report.tables import Rows

    table = Rows(f"FLARE API with {_seeds(merged)}: {merged.plan.system}", "clause", "level", "seeds")
    for row in merged.rows:
        style = "bold red" if _FAILED & {*row.counts} else ""
        table.add_row(row.clause.id, row.clause.level, Text(_found(row), style=style))
    return table


def _found(row: Row) -> str:
    if not row.drawn:
        return f"{row.verdict} with any"
    return ", ".join(f"{verdict} {count:,}" for verdict, count in row.counts.items()) or str(row.verdict)


def _seeds(merged: Merged) -> str:
    first, last = merged.seeds[0], merged.seeds[-1]
    if first == last:
        return f"seed {first}"
    return f"seeds {first} to {last}"


def _lines(merged: Merged, width: int) -> Iterator[str]:
    failures = merged.failures
    if failures:
        yield f"What is not kept ({len(failures)}), each with the smallest seed that shows it"
    for failure in failures:
        yield from _failure(failure, merged, width)
    if merged.given_up:
        named = ["what draws nothing" if seed is None else str(seed) for seed in in_order(merged.given_up)]
        rest = f" and {len(named) - _MOST} more" if len(named) > _MOST else ""
        yield _wrapped(f"given up, as nothing that tried them came to an end: {', '.join(named[:_MOST])}{rest}", width)
    for problem in merged.problems:
        yield f"known deviations: {problem}"
    conclusion = merged.conclusion
    yield _wrapped(
        f"verdict: {conclusion}  ({conclusion.extent}; {merged.tried:,} of {len(merged.seeds):,} seeds tried, "
        f"{merged.plan.examples} examples per property)",
        width,
    )


def _failure(failure: Distinct, merged: Merged, width: int) -> Iterator[str]:
    how = "any seed"
    if failure.seeds is not None:
        how = f"{failure.seeds:,} of {merged.tried:,} seeds, the smallest {failure.seed}"
    yield _wrapped(f"  {failure.clause}: {failure.failure.verdict} with {how}", width)
    yield _wrapped(f"    {failure.failure.told}", width)
    yield f"    again: {failure.again}"


def _wrapped(line: str, width: int) -> str:
    begins = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(
        line.strip(), width, initial_indent=begins, subsequent_indent=f"{begins}  ", break_on_hyphens=False
    )
