"""``flare-contract verify``: compute the verdict of a JSON report again."""

from __future__ import annotations

from pathlib import Path

import click

from contract_tests.cli.parameters import AS_JSON, EXISTING_FILE, echo_json
from contract_tests.plain_text import in_a_line


@click.command()
@click.argument("file", type=EXISTING_FILE)
@AS_JSON
def verify(file: Path, as_json: bool) -> None:
    """Recompute the verdict of a JSON report FILE from its rows; exit code 0 when it holds, 1 when it does not."""
    from contract_tests.report.verify import problems
    from contract_tests.system import given_files

    try:
        found = problems(given_files.read(file, given_files.JSON))
    except given_files.BadFile as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        echo_json({"file": str(file), "holds": not found, "problems": found})
    else:
        for problem in [*found, "the report does not hold" if found else "the report holds"]:
            click.echo(f"{in_a_line(str(file))}: {in_a_line(problem)}")
    raise click.exceptions.Exit(1 if found else 0)
