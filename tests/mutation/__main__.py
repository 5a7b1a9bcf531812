"""``python -m tests.mutation``: tries mutants of the core of both packages, a slice at a time, and says what lives."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

import click

from tests.mutation import copies, verdicts

GOALS: Final = {"twin": 97.0, "suite": 90.0}
"""How many percent of the mutants that were tried, and are not equivalent, have to be killed."""


@click.command()
@click.argument("part", type=click.Choice(copies.PARTS))
@click.argument("modules", nargs=-1)
@click.option("--minutes", default=3.0, show_default=True, help="Stop after this long.")
@click.option("--processes", default=2, show_default=True, help="Try so many mutants at once.")
@click.option("--one-in", default=1, show_default=True, help="Try one mutant in so many, always the same ones.")
@click.option("--again", is_flag=True, help="Try those that survived and are not listed, by all their tests.")
@click.option("--told", is_flag=True, help="Try nothing, only tell what was found.")
def main(
    part: str, modules: tuple[str, ...], minutes: float, processes: int, one_in: int, again: bool, told: bool
) -> None:
    """Try the mutants of PART, of these MODULES of it (flare_sim.engine.*) or of all, that were not tried yet."""
    folder = copies.folder_of(part)

    def wanted(module: str) -> bool:
        return any(fnmatchcase(module, pattern) for pattern in modules or ("*",))

    if not told:
        copies.renew(part)
        names = [
            verdict.name
            for verdict in verdicts.read(folder)
            if verdict.found == ("survived" if again else "untried")
            and verdicts.is_in_sample(verdict.name, one_in)
            and wanted(verdict.module)
            and not (again and verdicts.is_listed(verdict, folder))
        ]
        names.sort(key=verdicts.drawn)  # whenever the time is over, those that were tried are a sample
        verdicts.note(folder, copies.try_mutants(part, names, processes, 60 * minutes, thorough=again))
    found = [verdict for verdict in verdicts.read(folder) if wanted(verdict.module)]
    raise SystemExit(_tell(found, folder, GOALS[part]))


def _tell(found: Iterable[verdicts.Verdict], folder: Path, goal: float) -> int:
    """Print survivors and scores; return 1 when fewer than the goal were killed."""
    equivalent = {
        verdict.name for verdict in found if verdict.found == "survived" and verdicts.is_listed(verdict, folder)
    }
    for verdict in found:
        if verdict.found == "survived" and verdict.name not in equivalent:
            click.echo(f"\n{verdict.name}\n{verdicts.difference(verdict, folder)}")
    rows = verdicts.counts(found, equivalent)
    click.echo("\n" + verdicts.table(rows))
    total = verdicts.total(rows)
    return 0 if verdicts.score(total) >= goal else 1


if __name__ == "__main__":
    main()
