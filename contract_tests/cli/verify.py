"""``flare-contract verify``: compute the verdict of a JSON report again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from contract_tests.cli.parameters import EXISTING_FILE


@click.command()
@click.argument("file", type=EXISTING_FILE)
def verify(file: Path) -> None:
    """Recompute the verdict of a JSON report FILE from its rows; exit code 0 when it holds, 1 when it does not."""
    from contract_tests.report.verify import problems
    from contract_tests.system import given_files

    try:
        found = problems(given_files.read(file, given_files.json_from, "JSON"))
    except given_files.BadFile as error:
        raise click.UsageError(str(error)) from error
    for problem in found:
        click.echo(f"{file}: {problem}")
    click.echo(f"{file}: the report does not hold" if found else f"{file}: the report holds")
    sys.exit(1 if found else 0)
