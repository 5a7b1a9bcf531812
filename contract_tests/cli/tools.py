"""``flare-contract prove``: the kill matrix."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

_WRITABLE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "json_file", type=_WRITABLE, metavar="FILE", help="Write the kill matrix as JSON.")
@click.option("--html", "html_file", type=_WRITABLE, metavar="FILE", help="Write it as an HTML page.")
@click.option("--own-only", is_flag=True, help="Try each mutant on the clause it breaks alone: faster.")
@click.option(
    "--thorough", is_flag=True, help="Try conforming on all inputs, and mutants on all of every other clause."
)
@click.option("--jobs", "-j", type=click.IntRange(1), metavar="N", help="Processes; one per core by default.")
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Where all drawing starts from.")
def prove(
    names: tuple[str, ...],
    json_file: Path | None,
    html_file: Path | None,
    own_only: bool,
    thorough: bool,
    jobs: int | None,
    seed: int,
) -> None:
    """Prove the suite: run it on faulty systems, which it has to catch, and conforming ones, which it has to spare.

    NAMEs choose variants by the beginning of their name or clause. Exit code 0 when all is as it should be.
    """
    from contract_tests.engine.processes import Lost
    from contract_tests.mutants.catalogue import all_mutants
    from contract_tests.mutants.conforming import all_conforming
    from contract_tests.mutants.kill_matrix import prove as run
    from contract_tests.report.progress import counted

    whole, names = not names, names or ("",)
    mutants = [mutant for mutant in all_mutants() if mutant.name.startswith(names) or mutant.clause.startswith(names)]
    conforming = [variant for variant in all_conforming() if variant.name.startswith(names)]
    if not mutants and not conforming:
        raise click.UsageError(f"no variant and no clause is called {' or '.join(names)}")
    try:
        with counted(len(mutants) + len(conforming), "proving") as progress:
            matrix = run(
                mutants,
                conforming,
                others=not own_only,
                thorough=thorough,
                seed=seed,
                jobs=jobs,
                whole=whole,
                progress=progress,
            )
    except Lost as error:
        raise click.ClickException(f"{error}: a faulty system ends its process; --jobs 1 shows which") from error
    if json_file:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(matrix.as_dict(), indent=2) + "\n", encoding="utf-8")
    if html_file:
        from contract_tests.report.html import kill_matrix

        html_file.parent.mkdir(parents=True, exist_ok=True)
        html_file.write_text(kill_matrix(matrix.as_dict()), encoding="utf-8")
    for problem in matrix.problems:
        click.echo(problem)
    click.echo(
        f"{matrix.killed} of {len(matrix.mutants)} mutants caught by their own clause; "
        f"{matrix.accused} of {len(matrix.conforming)} conforming accused"
    )
    sys.exit(0 if matrix.proven else 1)
