"""``flare-contract run``: judge a system, end with the table and the verdict, write reports."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from contract_tests.cli.command import fault
from contract_tests.cli.parameters import (
    EXAMPLES,
    FILE,
    SEED,
    Jobs,
    NothingToJudge,
    Seconds,
    clause_ids,
    deviations_declared,
    factory_called,
    system_named,
)
from contract_tests.contract.clause import CONFORMANCE_LEVELS
from contract_tests.plain_text import in_lines
from contract_tests.plain_text import shown as brief
from contract_tests.report.reproducer import FOLDER
from contract_tests.system import lookup

if TYPE_CHECKING:
    from contract_tests.cli.known import Known
    from contract_tests.system.supervision import Ending

_TO_END = 0.5
"""Seconds of a budget that are left to end what is under way, and to write down what is known."""

_EPILOG = """
Exit codes: 0 conformant, with declared deviations, or at a level; 1 not conformant, unproven (not even level 1 is
complete), only tried in part, or below the level required; 2 wrong usage, or a system of which nothing can be judged;
3 no verdict: the suite itself is at fault, or something ended the process; 4 a report or the output could not be
written; 130 interrupted (Ctrl-C); 143 terminated. Whenever a run ends, its reports tell what is known by then; of a
system of which nothing can be judged there is none.
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
    type=Seconds(),
    metavar="SECONDS",
    help="End the run when so much real time has passed, in the middle of a wait if need be; what is left out is not "
    "run, so the run is partial.",
)
@click.option(
    "--about",
    "facts",
    multiple=True,
    metavar="NAME=TEXT",
    help="Something to tell in the reports, such as a version or a date; can be repeated.",
)
@SEED
@EXAMPLES
@click.option(
    "--jobs",
    "-j",
    type=Jobs(),
    default="auto",
    show_default=True,
    help="Processes to run on. With auto a System that says it is isolated gets one per core, or, if it waits more "
    "than it computes, as many as that allows; any other gets one. The report stays the same.",
)
@click.option(
    "--durations",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Print the N clauses that took longest as well; the time of every clause is in the reports.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print a line for what is not kept, and the verdict.")
@click.pass_obj
def run(
    own_process: bool | None,
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
    durations: int,
    quiet: bool,
) -> None:
    """Run the suite on SYSTEM and end with the table of clauses and the verdict.

    SYSTEM is package.module:Factory or path/to/file.py:Factory; the factory is a subclass of contract_tests.System, or
    a function that makes one, and is called anew for every example. Without SYSTEM the environment variable
    FLARE_SYSTEM names it; without that, the reference is judged: the simulated server that comes with this package.
    """
    begun = monotonic()
    from contract_tests.cli.known import Files, Known
    from contract_tests.engine.deviations import with_expected
    from contract_tests.engine.processes import Lost, collect_seldom
    from contract_tests.engine.report import Report
    from contract_tests.engine.settings import RunSettings
    from contract_tests.engine.suite_run import fitting, run_suite
    from contract_tests.report.failures.found import Found
    from contract_tests.report.output import CantWrite
    from contract_tests.report.progress import saying, shown
    from contract_tests.report.terminal import console, no_verdict
    from contract_tests.system import supervision, temporary_folders

    named = system_named(system)
    if named == lookup.REFERENCE:  # of any other system nobody knows what its folders are for
        click.get_current_context().with_resource(temporary_folders.in_memory())
    wanted = clause_ids(clauses)
    deviations, problems = deviations_declared(deviations_file)
    settings = RunSettings(examples, seed)
    blank = Report(named, settings, problems=problems, about=_facts(facts), deviations=deviations)
    scripts = None if str(repro_folder) in ("", ".") else repro_folder
    files = Files(json_file, junit_file, html_file, markdown_file, badge_file, scripts and scripts.absolute(), scripts)
    known = Known(blank, files)
    known.slowest = durations
    if own_process:
        supervision.watch(lambda ending: _told(known, ending, quiet=quiet, required=required), within=budget)
    code, why = None, ""
    try:
        factory = factory_called(named)
        known.begin()
        known.blank.settings = fitting(settings, factory)
        supervision.note("settings", known.blank.settings)
        known.blank.deviations = with_expected(deviations, factory)
        supervision.note("deviations", known.blank.deviations)
        found = Found(console(), named, settings, quiet=quiet, script=known.script)
        if own_process:
            collect_seldom()
        with shown(found, quiet=quiet) as progress:
            run_suite(
                factory,
                known.blank.settings,
                clauses=wanted,
                deviations=deviations,
                fail_fast=fail_fast,
                budget=None if budget is None else max(0.0, budget - _TO_END - (monotonic() - begun)),
                progress=known.also_telling(progress),
                jobs=jobs,
                named=named,
                say=saying(found, quiet=quiet),
            )
    except lookup.BadSystem as error:
        known.withdraw()
        raise NothingToJudge(str(error)) from error
    except Lost as error:
        known.cut_short(error.item, error.how)
        code, why = supervision.NO_VERDICT, no_verdict(error.item, error.how)
    except KeyboardInterrupt as error:
        code, why = getattr(error, "code", 130), f"{str(error) or 'interrupted'}: what was not tried is not run"
    except (click.ClickException, CantWrite, OSError):
        raise
    except BaseException as error:  # a system that ends the process, say
        code, why = supervision.NO_VERDICT, fault(error)
    supervision.finish()
    raise click.exceptions.Exit(_end(known, quiet=quiet, required=required, code=code, why=why))


def _end(known: Known, *, quiet: bool, required: int | None = None, code: int | None = None, why: str = "") -> int:
    """Write the files and print what is known; returns the exit code.

    It is that of the verdict, unless there is another; a verdict is not good enough below the level required.
    """
    from contract_tests.report.output import NOT_WRITTEN, CantWrite, unheard
    from contract_tests.report.terminal import console, show

    report, told = known.report(), [why] if why else []
    shortfall = report.conclusion.shortfall(required) if code is None else ""
    wanted = report.exit_code or int(bool(shortfall)) if code is None else code
    try:
        known.files.write(report)
    except CantWrite as error:
        told += str(error).splitlines()
        wanted = NOT_WRITTEN if code is None else code
    try:
        show(report, console(), quiet=quiet, slowest=known.slowest)
        if shortfall:
            click.echo(shortfall)
    except OSError as error:
        told.append(str(unheard(error)))
        wanted = NOT_WRITTEN if code is None else code
    for line in told:
        with suppress(OSError):
            click.echo(f"Error: {in_lines(line)}", err=True)
    return wanted


def _told(known: Known, ending: Ending, *, quiet: bool, required: int | None) -> int:
    """Tell of a run that was ended before its verdict, in the process that watched it; returns the exit code."""
    from contract_tests.report.terminal import console, no_verdict

    with suppress(OSError):
        console(stderr=True).show_cursor()  # a bar of progress may have hidden it
    for settings in ending.all("settings"):
        known.blank.settings = settings
    for deviations in ending.all("deviations"):
        known.blank.deviations = deviations
    known.results = ending.all("result")
    if ending.trying:
        known.cut_short(ending.trying, "the time ran out" if ending.late else ending.how)
    if ending.late:
        return _end(known, quiet=quiet, required=required)
    return _end(known, quiet=quiet, code=ending.code, why=no_verdict(ending.trying, ending.how))


def _facts(given: tuple[str, ...]) -> dict[str, str]:
    facts = {}
    for fact in given:
        name, separator, text = fact.partition("=")
        if not separator or not name:
            raise click.UsageError(f"--about {brief(fact)} tells nothing; write NAME=TEXT")
        if name in facts:
            raise click.UsageError(f"--about {brief(name)} is given twice")
        facts[name] = text
    return facts
