"""``flare-contract replay``: try the failure of a reproducer script again."""

from __future__ import annotations

from pathlib import Path

import click

from contract_tests.cli.parameters import AS_JSON, EXISTING_FILE, echo_json
from contract_tests.plain_text import in_a_line, in_lines, printable
from contract_tests.system import lookup


@click.command()
@click.argument("file", type=EXISTING_FILE)
@click.option("--system", metavar="SYSTEM", help="Try it on this system instead of the one that FILE names.")
@AS_JSON
def replay(file: Path, system: str | None, as_json: bool) -> None:
    """Try the failure of a reproducer script FILE again: FIXED (exit code 0), FAILED (1) or ERROR (2).

    FILE itself is read and not run, but the system that it names is imported and run, as flare-contract run would:
    replay only files that you trust, or say with --system what is to be run instead. ERROR is whatever is neither
    kept nor broken, such as a promise that could not be tried.
    """
    from contract_tests.engine.report import check_dict
    from contract_tests.engine.settings import RunSettings
    from contract_tests.report import reproducer
    from contract_tests.report.failures.text import failure_text

    try:
        held = reproducer.read(file)
        if system is not None:
            held = held._replace(system=system)
        told = f"trying {held.check} on {held.system}{'' if system else f', as {file} says'}"
        click.echo(in_a_line(told), err=True)
        result = reproducer.repeat(held)
    except (reproducer.BadRepro, lookup.BadSystem) as error:
        click.echo(f"ERROR: {in_lines(str(error))}", err=True)
        raise click.exceptions.Exit(reproducer.EXIT_CODES["ERROR"]) from error
    told = reproducer.outcome(result)
    if as_json:
        echo_json({"file": str(file), "system": held.system, "outcome": told, **check_dict(result)})
    elif told == "FIXED":
        click.echo(told)
    else:
        click.echo(f"{told}: {printable(failure_text(result, held.system, RunSettings()))}")
    raise click.exceptions.Exit(reproducer.EXIT_CODES[told])
