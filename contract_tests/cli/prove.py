"""``flare-contract prove``: the kill matrix, on the terminal, as JSON and as an HTML page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contract_tests.cli.parameters import ENGINE, FILE, SCHEDULER, SEED, cluster
from contract_tests.plain_text import in_a_line

if TYPE_CHECKING:
    from contract_tests.mutants.kill_matrix import KillMatrix


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "json_file", type=FILE, metavar="FILE", help="Write the kill matrix as JSON.")
@click.option("--html", "html_file", type=FILE, metavar="FILE", help="Write it as an HTML page.")
@click.option(
    "--own-only", is_flag=True, help="Try each mutant on the clause it breaks alone; FILEs tell of what else it breaks."
)
@click.option(
    "--thorough",
    is_flag=True,
    help="Try conforming variants on all inputs, more pairs of them, and mutants on all of every other clause: hours.",
)
@click.option("--jobs", "-j", type=click.IntRange(1), metavar="N", help="Processes; one per core by default.")
@ENGINE
@SCHEDULER
@SEED
def prove(
    names: tuple[str, ...],
    json_file: Path | None,
    html_file: Path | None,
    own_only: bool,
    thorough: bool,
    jobs: int | None,
    engine: str,
    scheduler: str | None,
    seed: int,
) -> None:
    """Prove the suite by a kill matrix: it has to kill every mutant and to accuse no conforming variant.

    A mutant is a system that breaks one clause; it is killed when that clause is found violated. A conforming variant
    is unusual and keeps the contract, in one way or in two: each run tries some pairs of ways, "ONE + OTHER", other
    pairs, and each on other inputs, with every seed.

    NAMEs choose variants by the beginning of their name or clause. Exit code 0 when all is as it should be.
    """
    from contract_tests.distribution.engine import GivenUp, OutOfReach
    from contract_tests.engine.processes import Lost
    from contract_tests.mutants.catalogue import all_mutants
    from contract_tests.mutants.conforming import all_conforming_variants
    from contract_tests.mutants.conforming.pairs import JOINED, pairs_of_run
    from contract_tests.mutants.kill_matrix import prove as run
    from contract_tests.mutants.systems import called
    from contract_tests.report.output import check_writable
    from contract_tests.report.progress import counted

    check_writable(filter(None, (json_file, html_file)))
    begins = names or ("",)
    mutants = [mutant for mutant in all_mutants() if mutant.name.startswith(begins) or mutant.clause.startswith(begins)]
    unusual = (*all_conforming_variants(), *pairs_of_run(seed, thorough=thorough))
    conforming = {variant.name: variant for variant in unusual if variant.name.startswith(begins)}
    for name in names:
        if JOINED in name:
            with suppress(KeyError):
                conforming[name] = called(name)
    if not mutants and not conforming:
        raise click.UsageError(f"no variant and no clause is called {' or '.join(begins)}")
    told = any((json_file, html_file))  # nothing else tells of every kill
    workers = cluster(engine, scheduler, jobs)
    try:
        with (
            closing(workers) if workers else nullcontext(),
            counted(len(mutants) + len(conforming), "proving") as progress,
        ):
            matrix = run(
                mutants,
                conforming.values(),
                others=told and not own_only,
                every=told or thorough,
                thorough=thorough,
                seed=seed,
                jobs=jobs,
                engine=workers,
                whole=not names,
                progress=progress,
            )
    except (Lost, GivenUp, OutOfReach) as error:
        raise click.ClickException(in_a_line(str(error))) from error
    _write(matrix, json_file, html_file)
    for problem in matrix.problems:
        click.echo(problem)
    click.echo(
        f"{matrix.killed} of {len(matrix.mutants)} mutants killed by their own clause; "
        f"{matrix.accused} of {len(matrix.conforming_variants)} conforming variants accused"
    )
    raise click.exceptions.Exit(0 if matrix.proven else 1)


def _write(matrix: KillMatrix, json_file: Path | None, html_file: Path | None) -> None:
    """Write what is to be written; folders on the way are made."""
    from contract_tests.report.html import kill_matrix
    from contract_tests.report.output import write_texts

    forms = ((json_file, _as_json), (html_file, kill_matrix))
    write_texts((file, written(matrix.as_dict())) for file, written in forms if file)


def _as_json(matrix: Mapping[str, Any]) -> str:
    return json.dumps(matrix, indent=2) + "\n"
