"""``flare-contract run``: judge a system, end with the table and the verdict, write reports."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contract_tests.cli.parameters import FILE, SEED, Examples, NothingToJudge
from contract_tests.contract.clause import CONFORMANCE_LEVELS
from contract_tests.report.reproducer import FOLDER
from contract_tests.system import lookup

if TYPE_CHECKING:
    from contract_tests.engine.deviations import Deviation
    from contract_tests.engine.report import Report

_EPILOG = """
Exit codes: 0 conformant, with declared deviations, or at a level; 1 not conformant, unproven (not even level 1 is
complete), only tried in part, or below the level required; 2 wrong usage, or a system of which nothing can be judged;
3 the suite itself is at fault.
"""


@click.command(epilog=_EPILOG)
@click.argument("system", required=False)
@click.option("--json", "json_file", type=FILE, metavar="FILE", help="Write the report as JSON.")
@click.option("--junit", "junit_file", type=FILE, metavar="FILE", help="Write it as JUnit XML.")
@click.option("--html", "html_file", type=FILE, metavar="FILE", help="Write it as one HTML page.")
@click.option("--markdown", "markdown_file", type=FILE, metavar="FILE", help="Write a summary as Markdown.")
@click.option(
    "--badge", "badge_file", type=FILE, metavar="FILE", help="Write a badge: SVG, or for FILE.json shields.io's JSON."
)
@click.option(
    "--clause",
    "clauses",
    multiple=True,
    metavar="ID",
    help="Try only this clause, or all whose ids begin so; can be repeated. Such a run is partial at best.",
)
@click.option(
    "--deviations",
    "deviations_file",
    type=FILE,
    metavar="FILE",
    help="A TOML file of known deviations; each is judged by its witness. flare-contract baseline writes one.",
)
@click.option(
    "--repro",
    "repro_folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    show_default=True,
    metavar="DIR",
    help="Where to write a script for every failure; '' for none.",
)
@click.option(
    "--require-level",
    "required",
    type=click.IntRange(1, len(CONFORMANCE_LEVELS)),
    metavar="N",
    help="Fail when fewer than N conformance levels are complete, whatever else is shown.",
)
@click.option(
    "--fail-fast",
    is_flag=True,
    help="Stop at the first clause that is not kept; a glance at all of them finds one that shows at once.",
)
@click.option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Try nothing more when so much real time has passed; what is left out is not run, so the run is partial.",
)
@click.option(
    "--about",
    "facts",
    multiple=True,
    metavar="NAME=TEXT",
    help="Something to tell in the reports, such as a version or a date; can be repeated.",
)
@SEED
@click.option(
    "--examples", type=Examples(), default="default", show_default=True, help="Examples per property, or a profile."
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1),
    metavar="N",
    help="Processes to run on; by default one, or one per core for a System that says it is isolated. The report "
    "stays the same.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only what is not kept, and the verdict.")
def run(
    system: str | None,
    json_file: Path | None,
    junit_file: Path | None,
    html_file: Path | None,
    markdown_file: Path | None,
    badge_file: Path | None,
    clauses: tuple[str, ...],
    deviations_file: Path | None,
    repro_folder: Path,
    required: int | None,
    fail_fast: bool,
    budget: float | None,
    facts: tuple[str, ...],
    seed: int,
    examples: int,
    jobs: int | None,
    quiet: bool,
) -> None:
    """Run the suite on SYSTEM and end with the table of clauses and the verdict.

    SYSTEM is package.module:Factory or path/to/file.py:Factory; the factory is a subclass of contract_tests.System, or
    a function that makes one, and is called anew for every example. Without SYSTEM the environment variable
    FLARE_SYSTEM names it; without that, the reference is judged: the simulated server that comes with this package.
    """
    from contract_tests.engine.processes import Lost
    from contract_tests.engine.settings import RunSettings
    from contract_tests.engine.suite_run import run_suite
    from contract_tests.report.files import write_reports, write_scripts
    from contract_tests.report.progress import shown
    from contract_tests.report.terminal import console, show

    try:
        named = lookup.chosen({"the command line": system, lookup.ENVIRONMENT: os.environ.get(lookup.ENVIRONMENT)})
        factory = lookup.factory(named)
    except lookup.BadSystem as error:
        raise click.UsageError(str(error)) from error
    wanted = _clause_ids(clauses)
    deviations, problems = _deviations(deviations_file)
    about = _facts(facts)
    try:
        with shown(quiet=quiet) as progress:
            report: Report = run_suite(
                factory,
                RunSettings(examples, seed),
                clauses=wanted,
                deviations=deviations,
                fail_fast=fail_fast,
                budget=budget,
                progress=progress,
                jobs=jobs,
                named=named,
            )
    except lookup.BadSystem as error:
        raise NothingToJudge(str(error)) from error
    except Lost as error:
        raise click.ClickException(f"{error}: the system ends the process it runs in; --jobs 1 shows where") from error
    report.system = named
    report.problems = problems
    report.about = about
    scripts = write_scripts(report, repro_folder) if str(repro_folder) not in ("", ".") else {}
    show(report, console(), quiet=quiet, scripts=scripts)
    write_reports(
        report,
        scripts,
        json=json_file,
        junit=junit_file,
        html=html_file,
        markdown=markdown_file,
        badge=badge_file,
    )
    shortfall = report.conclusion.shortfall(required)
    if shortfall:
        click.echo(shortfall)
    sys.exit(report.exit_code or bool(shortfall))


def _clause_ids(patterns: tuple[str, ...]) -> list[str] | None:
    from contract_tests.clauses.catalogue import CATALOGUE

    if not patterns:
        return None
    found: list[str] = []
    for pattern in patterns:
        matching = CATALOGUE.matching(pattern)
        if not matching:
            raise click.UsageError(f"there is no clause {pattern!r}; `flare-contract clauses` lists them")
        found += [clause.id for clause in matching]
    return found


def _facts(given: tuple[str, ...]) -> dict[str, str]:
    facts = {}
    for fact in given:
        name, separator, text = fact.partition("=")
        if not separator or not name:
            raise click.UsageError(f"--about {fact!r} tells nothing; write NAME=TEXT")
        facts[name] = text
    return facts


def _deviations(path: Path | None) -> tuple[list[Deviation], list[str]]:
    from contract_tests.engine.deviations import BadDeviations, read

    if path is None:
        return [], []
    try:
        return read(path, dt.date.today())  # noqa: DTZ011, TID251 - an expiry date is about the real calendar
    except BadDeviations as error:
        raise click.UsageError(str(error)) from error
