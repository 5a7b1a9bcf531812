"""``flare-contract baseline``: declare what a system does not keep today."""

from __future__ import annotations

from pathlib import Path

import click

from contract_tests.cli.parameters import EXAMPLES, FILE, SEED, NothingToJudge, factory_called
from contract_tests.system import lookup


@click.command()
@click.argument("system")
@click.option("--write", "target", type=FILE, required=True, metavar="FILE", help="The TOML file to write.")
@SEED
@EXAMPLES
def baseline(system: str, target: Path, seed: int, examples: int) -> None:
    """Declare everything that SYSTEM does not keep today as known deviations, each with its witness.

    The reasons are left empty: why a deviation is tolerated is for you to say. flare-contract run --deviations FILE
    holds the system to all the rest, and fails while an entry has no reason.
    """
    from contract_tests.engine.deviations import to_toml
    from contract_tests.engine.settings import RunSettings
    from contract_tests.engine.suite_run import run_suite
    from contract_tests.report.output import check_writable, write_text

    check_writable([target])
    try:
        report = run_suite(factory_called(system), RunSettings(examples, seed))
    except lookup.BadSystem as error:
        raise NothingToJudge(str(error)) from error
    checks = [check for failure in report.failures for check in failure.checks]
    write_text(target, to_toml(checks))
    click.echo(f"{target}: {len(report.failures)} known deviations; give each a reason, without one it fails")
