"""``flare-contract sweep``: the suite on a system with many seeds, on processes or on a cluster, and one report."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contract_tests.cli.parameters import (
    ENGINE,
    EXAMPLES,
    FILE,
    SCHEDULER,
    Jobs,
    NothingToJudge,
    Seconds,
    Seeds,
    clause_ids,
    cluster,
    deviations_declared,
    system_named,
)
from contract_tests.plain_text import in_a_line, in_lines

if TYPE_CHECKING:
    from contract_tests.distribution.dask import Dask
    from contract_tests.sweep.journal import Journal
    from contract_tests.sweep.merged import Merged

_EPILOG = """
Exit codes, as of run: 0 conformant, with declared deviations, or at a level, with every seed; 1 not conformant with
some seed, unproven, or only tried in part: some clauses, or some seeds; 2 wrong usage, or a system of which nothing can
be judged; 3 no verdict: the suite itself is at fault, something ended every process that tried a seed, or nobody is
there to try the rest; 4 a report, the journal or the output could not be written; 130 interrupted (Ctrl-C); 143
terminated.
"""


@click.command(epilog=_EPILOG)
@click.argument("system", required=False)
@click.option(
    "--seeds", type=Seeds(), required=True, help="The seeds to try; END is not among them: 0:1000 are a thousand."
)
@click.option(
    "--into",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Keep what is found in a journal there, and go on with what is in it: after a kill, or with more seeds.",
)
@click.option("--json", "json_file", type=FILE, metavar="FILE", help="Write the merged report as JSON.")
@click.option(
    "--clause",
    "clauses",
    multiple=True,
    metavar="ID",
    help="Try only this clause, or all whose ids begin so; can be repeated. Such a sweep is partial at best.",
)
@click.option(
    "--every-check",
    is_flag=True,
    help="Try with every seed also what draws nothing, which is else tried once: for a system that does not always "
    "answer the same.",
)
@click.option(
    "--deviations",
    "deviations_file",
    type=FILE,
    metavar="FILE",
    help="A TOML file of known deviations; each is judged by its witness.",
)
@click.option(
    "--budget",
    type=Seconds(),
    metavar="SECONDS",
    help="End the sweep when so much real time has passed; what is under way is given up, and the sweep is partial.",
)
@EXAMPLES
@click.option(
    "--jobs",
    "-j",
    type=Jobs(),
    default="auto",
    show_default=True,
    help="Processes to run on. With auto a System that says it is isolated gets one per core, any other gets one. The "
    "report stays the same.",
)
@ENGINE
@SCHEDULER
@click.option("-q", "--quiet", is_flag=True, help="Print what is not kept, and the verdict.")
def sweep(
    system: str | None,
    seeds: range,
    folder: Path | None,
    json_file: Path | None,
    clauses: tuple[str, ...],
    every_check: bool,
    deviations_file: Path | None,
    budget: float | None,
    examples: int,
    jobs: int | None,
    engine: str,
    scheduler: str | None,
    quiet: bool,
) -> None:
    """Try the suite on SYSTEM with many seeds, and end with one report on all of them.

    It says how many seeds each clause is met with, and of every failure the smallest seed that shows it, and the
    command that does. The report is the same whatever the number of workers, the order in which they finish, the
    engine, and however often the sweep was killed and begun again. What draws nothing is tried once.

    SYSTEM is as for run. The workers of a scheduler have to have the same flare-sim, and find SYSTEM by that name.
    """
    from contract_tests.engine.budget import Budget
    from contract_tests.sweep.merged import NO_VERDICT, Merged
    from contract_tests.sweep.plan import Plan
    from contract_tests.sweep.sweeping import Signals

    limit, signals = Budget(budget), Signals()
    wanted = clause_ids(clauses)
    deviations, problems = deviations_declared(deviations_file)
    chosen = None if wanted is None else frozenset(wanted)
    plan = Plan(system_named(system), chosen, examples, every_check=every_check, deviations=tuple(deviations))
    if not plan.checks(0):
        raise click.UsageError(
            "nothing of these clauses draws anything, so that every seed is the same: use run, or --every-check"
        )
    merged = Merged(plan, seeds, problems, deviations_file)
    with signals.heard(), ExitStack() as stack:
        workers = cluster(engine, scheduler, jobs)
        if workers is not None:
            stack.enter_context(closing(workers))
        why = _tried(
            merged,
            workers,
            jobs,
            folder=folder,
            json_file=json_file,
            quiet=quiet,
            over=lambda: signals.asked is not None or limit.left == 0.0,
        )
    code = NO_VERDICT if why else merged.exit_code
    if signals.asked is not None:
        code, why = 128 + signals.asked, "interrupted"
    raise click.exceptions.Exit(_end(merged, json_file, code, why, goes_on=folder is not None, quiet=quiet))


def _tried(
    merged: Merged,
    workers: Dask | None,
    jobs: int | None,
    *,
    folder: Path | None,
    json_file: Path | None,
    quiet: bool,
    over: Callable[[], bool],
) -> str:
    """Look at the system, then try what is left; returns why there is no verdict, if there is none."""
    from contract_tests.distribution.engine import GivenUp, OutOfReach
    from contract_tests.distribution.local import Local
    from contract_tests.sweep.journal import BadJournal, Journal
    from contract_tests.sweep.progress import shown
    from contract_tests.sweep.sweeping import Asked, looked, sweep
    from contract_tests.sweep.trying import AnotherSuite
    from contract_tests.system.lookup import BadSystem

    with ExitStack() as stack:
        try:
            found = looked(workers or Local(1), merged.plan, over)
            merged.plan = found.plan
            journal = stack.enter_context(closing(Journal(folder, found.plan))) if folder else None
            if journal is not None:
                _resumed(merged, journal, quiet=quiet)
            _write(merged, json_file, last=False)
            side_by_side = (os.cpu_count() or 1) if found.isolated else 1
            with shown(merged, quiet=quiet) as progress:
                sweep(workers or Local(jobs or side_by_side), merged, journal, over, progress)
        except Asked:
            pass
        except BadSystem as error:
            raise NothingToJudge(str(error)) from error
        except BadJournal as error:
            raise click.UsageError(str(error)) from error
        except GivenUp as error:
            return in_a_line(f"the system ends every process that has a look at it: {error.how}")
        except (OutOfReach, AnotherSuite) as error:
            return in_a_line(str(error))
    return ""


def _resumed(merged: Merged, journal: Journal, *, quiet: bool) -> None:
    """Take in what a journal knows, and say so."""
    for found in journal.known:
        merged.add(found)
    told = []
    if journal.known:
        told.append(f"{merged.tried:,} of {len(merged.seeds):,} seeds are known from before")
    if journal.damaged:
        told.append(f"damaged lines in the journal: {journal.damaged:,}; what they told is tried again")
    for line in told:
        if not quiet or journal.damaged:
            with suppress(OSError):
                click.echo(line, err=True)


def _write(merged: Merged, json_file: Path | None, *, last: bool) -> None:
    """Write the report, unless it is not the last and would be written into a device or a pipe.

    Raises:
        CantWrite: it can't be written.
    """
    from contract_tests.report.output import write_text

    if json_file is not None and (last or os.path.isfile(json_file) or not os.path.exists(json_file)):
        write_text(json_file, merged.to_json())


def _end(merged: Merged, json_file: Path | None, code: int, why: str, *, goes_on: bool, quiet: bool) -> int:
    """Write and print what is known; returns the exit code."""
    from contract_tests.report.output import NOT_WRITTEN, CantWrite, unheard
    from contract_tests.report.terminal import console
    from contract_tests.sweep.text import show

    told = [why] if why else []
    try:
        _write(merged, json_file, last=True)
    except CantWrite as error:
        told, code = [*told, *str(error).splitlines()], code if why else NOT_WRITTEN
    try:
        show(merged, console(), quiet=quiet)
    except OSError as error:
        told, code = [*told, str(unheard(error))], code if why else NOT_WRITTEN
    with suppress(OSError):
        for line in told:
            click.echo(f"Error: {in_lines(line)}", err=True)
        if goes_on and (merged.tried < len(merged.seeds) or merged.given_up):
            click.echo("The same command goes on with what is left.", err=True)
    return code
