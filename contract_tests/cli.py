"""The command ``flare-contract``: run the suite on a system, read the catalogue."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from contract_tests import resolve
from contract_tests.examples import examples_from

USAGE_ERROR = 2
"""The exit code of a call that makes no sense; click uses the same."""

_EPILOG = """
Exit codes: 0 conformant (declared deviations included), 1 not conformant or only tried in part, 2 wrong usage,
3 the suite itself is at fault.
"""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="flare-sim", prog_name="flare-contract")
def main() -> None:
    """Hold an implementation of the FLARE API to its contract, clause by clause.

    Plug yours in by subclassing contract_tests.System and defining open_session; then

      flare-contract run mypackage.mymodule:MySystem
    """


class _Examples(click.ParamType):
    name = "N|quick|default|deep"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return examples_from(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


@main.command(epilog=_EPILOG)
@click.argument("system", required=False)
@click.option("--json", "json_file", type=click.Path(dir_okay=False), metavar="FILE", help="Write the report as JSON.")
@click.option("--junit", "junit_file", type=click.Path(dir_okay=False), metavar="FILE", help="Write it as JUnit XML.")
@click.option(
    "--clause",
    "clauses",
    multiple=True,
    metavar="ID",
    help="Try only this clause, or all whose ids begin so; can be repeated. Such a run is partial at best.",
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first clause that is not kept.")
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Where all drawing starts from.")
@click.option(
    "--examples", type=_Examples(), default="default", show_default=True, help="Examples per property, or a profile."
)
@click.option("-q", "--quiet", is_flag=True, help="Print only what is not kept, and the verdict.")
def run(
    system: str | None,
    json_file: str | None,
    junit_file: str | None,
    clauses: tuple[str, ...],
    fail_fast: bool,
    seed: int,
    examples: int,
    quiet: bool,
) -> None:
    """Run the suite on SYSTEM and end with the table of clauses and the verdict.

    SYSTEM is package.module:Factory or path/to/file.py:Factory; the factory is a subclass of contract_tests.System, or
    a function that makes one, and is called anew for every example. Without SYSTEM the environment variable
    FLARE_SYSTEM names it; without that, the reference is judged: the simulated server that comes with this package.
    """
    from contract_tests.junit import to_junit
    from contract_tests.progress import shown
    from contract_tests.run import run_suite
    from contract_tests.runner import RunSettings
    from contract_tests.terminal import console, show

    try:
        named = resolve.chosen({"the command line": system, resolve.ENVIRONMENT: os.environ.get(resolve.ENVIRONMENT)})
        factory = resolve.factory(named)
    except resolve.BadSystem as error:
        raise click.UsageError(str(error)) from error
    wanted = _clause_ids(clauses)
    with shown(quiet=quiet) as progress:
        report = run_suite(
            factory, RunSettings(examples, seed), clauses=wanted, fail_fast=fail_fast, progress=progress
        )
    show(report, console(), quiet=quiet)
    for path, text in ((json_file, report.to_json()), (junit_file, to_junit(report))):
        if path:
            Path(path).write_text(text, encoding="utf-8")
    sys.exit(report.exit_code)


def _clause_ids(patterns: tuple[str, ...]) -> list[str] | None:
    from contract_tests.catalogue import CATALOGUE

    if not patterns:
        return None
    found: list[str] = []
    for pattern in patterns:
        matching = CATALOGUE.matching(pattern)
        if not matching:
            raise click.UsageError(f"there is no clause {pattern!r}; `flare-contract clauses` lists them")
        found += [clause.id for clause in matching]
    return found


@main.command()
@click.argument("clause_id", required=False, metavar="[ID]")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def clauses(clause_id: str | None, as_json: bool) -> None:
    """List the clauses of the contract, or those whose ids begin with ID."""
    from contract_tests.catalogue import CATALOGUE
    from contract_tests.clause import RUNGS

    found = list(CATALOGUE) if clause_id is None else CATALOGUE.matching(clause_id)
    if not found:
        raise click.UsageError(f"there is no clause {clause_id!r}")
    if as_json:
        told = [{**clause._asdict(), "rung": RUNGS[clause.rung]} for clause in found]
        click.echo(json.dumps(told, indent=2))
        return
    from contract_tests.terminal import clause_table, console

    console().print(clause_table(found))
