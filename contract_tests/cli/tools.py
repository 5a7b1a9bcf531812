"""The other commands of ``flare-contract``: replay, baseline, verify, diff, prove."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from contract_tests.cli.types import Examples
from contract_tests.system import lookup

_READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
_WRITABLE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_READABLE)
@click.option("--system", metavar="SYSTEM", help="Try it on this system instead of the one it was seen on.")
def replay(file: Path, system: str | None) -> None:
    """Try the failure of a reproducer script FILE again: FIXED (exit code 0), FAILED (1) or ERROR (2)."""
    from contract_tests.report import reproducer
    from contract_tests.report.failure_text import failure_text

    try:
        held = reproducer.read(file)
        result = reproducer.repeat(held, system)
    except (reproducer.BadRepro, lookup.BadSystem) as error:
        click.echo(f"ERROR: {error}", err=True)
        sys.exit(reproducer.EXIT_CODES["ERROR"])
    told = reproducer.outcome(result)
    click.echo(told if told == "FIXED" else f"{told}: {failure_text(result, system or held.system, 0)}")
    sys.exit(reproducer.EXIT_CODES[told])


@click.command()
@click.argument("system")
@click.option("--write", "target", type=_WRITABLE, required=True, metavar="FILE", help="The TOML file to write.")
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Where all drawing starts from.")
@click.option("--examples", type=Examples(), default="default", show_default=True, help="Examples per property.")
def baseline(system: str, target: Path, seed: int, examples: int) -> None:
    """Declare everything that SYSTEM does not keep today as known deviations, each with its witness.

    Improve on the reasons by hand, then hold the system to the rest with flare-contract run --deviations FILE.
    """
    from contract_tests.engine.deviations import to_toml
    from contract_tests.engine.runner import RunSettings
    from contract_tests.engine.suite_run import run_suite

    report = run_suite(_factory(system), RunSettings(examples, seed))
    checks = [check for failure in report.failures for check in failure.checks]
    target.write_text(to_toml(checks), encoding="utf-8")
    click.echo(f"{target}: {len(report.failures)} known deviations")


@click.command()
@click.argument("file", type=_READABLE)
def verify(file: Path) -> None:
    """Recompute the verdict of a JSON report FILE from its rows; exit code 0 when it holds, 1 when it does not."""
    from contract_tests.report.verify import problems

    try:
        found = problems(json.loads(file.read_text(encoding="utf-8")))
    except ValueError as error:
        raise click.UsageError(f"{file} is no JSON: {error}") from error
    for problem in found:
        click.echo(f"{file}: {problem}")
    click.echo(f"{file}: the report does not hold" if found else f"{file}: the report holds")
    sys.exit(1 if found else 0)


@click.command()
@click.argument("first")
@click.argument("second")
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Where all drawing starts from.")
@click.option("--examples", type=Examples(), default="100", show_default=True, help="Sequences to try.")
def diff(first: str, second: str, seed: int, examples: int) -> None:
    """Perform the same calls on two systems and show the first that turn out differently, made short.

    Exit code 0 when none was found, 1 when one was.
    """
    from contract_tests.engine import differential
    from contract_tests.engine.runner import RunSettings
    from contract_tests.report.terminal import console, divergence_table

    found = differential.diff(_factory(first), _factory(second), RunSettings(examples, seed))
    if found is None:
        click.echo(f"no difference in {examples} sequences of calls")
        return
    console().print(divergence_table(found, first, second))
    sys.exit(1)


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


def _factory(name: str) -> lookup.Factory:
    try:
        return lookup.factory(name)
    except lookup.BadSystem as error:
        raise click.UsageError(str(error)) from error


COMMANDS = (replay, baseline, verify, diff, prove)
