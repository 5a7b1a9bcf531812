"""``flare-contract replay``: try the failure of a reproducer script again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from contract_tests.cli.parameters import EXISTING_FILE
from contract_tests.system import lookup


@click.command()
@click.argument("file", type=EXISTING_FILE)
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
