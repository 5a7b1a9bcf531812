"""``flare-contract explore``: all sequences of calls up to a depth, judged by the contract's model."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from contract_tests.cli.parameters import NothingToJudge, factory_called
from contract_tests.plain_text import printable
from contract_tests.system import lookup

if TYPE_CHECKING:
    from contract_tests.exploration.explorer import Failure, Level

_FAULTS: Final = ("outage", "misbehaving server", "lost sessions", "lost clients")
_CHECK: Final = "life.model"
"""The check whose inputs are sequences of calls."""


@click.command()
@click.argument("system", default=lookup.REFERENCE)
@click.option(
    "--depth", type=click.IntRange(min=1), default=3, show_default=True, metavar="N", help="Calls in a sequence."
)
@click.option("--fault", type=click.Choice(_FAULTS), help="What goes wrong and is mended, at any point.")
@click.option("--untimed", is_flag=True, help="Leave out what takes time, for systems that take it really.")
@click.option(
    "--repro",
    "repro_folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where to write the script of a failure; none unless given.",
)
def explore(system: str, depth: int, fault: str | None, untimed: bool, repro_folder: Path | None) -> None:
    """Try all sequences of up to N calls on SYSTEM, with two jobs and two users, and judge each by the model.

    Sequences that lead to the same state, as far as anybody can tell, go on as one: a state is what is known of jobs
    and sessions, and which calls were made before. Of the reference, which is explored unless SYSTEM is named, a depth
    of 3 takes seconds, one more some nine times as long. Exit code 0 when all agree, 1 when one does not, which is
    told with the calls it takes.
    """
    from contract_tests.exploration.alphabet import Alphabet, plans_for
    from contract_tests.exploration.explorer import Explorer, remembering
    from contract_tests.preflight.plug import opens_sessions

    factory = factory_called(system)
    try:
        opens_sessions(factory)
    except lookup.BadSystem as error:
        raise NothingToJudge(str(error)) from error
    with factory() as one:
        alphabet = Alphabet(plans_for(one), fault or "", timed=not untimed)
    found = Explorer(factory, alphabet, remembering).explore(depth, _tell)
    if found.not_offered:
        click.echo(f"left out, for the system does not offer it: {', '.join(sorted(found.not_offered))}")
    if found.failure is None:
        click.echo(f"all {found.sequences:,} sequences of up to {depth} calls agree with the model")
        return
    options = ["--depth", str(depth), *(["--fault", fault] if fault else []), *(["--untimed"] if untimed else [])]
    _show(found.failure, system, shlex.join(["flare-contract", "explore", system, *options]), repro_folder)
    raise click.exceptions.Exit(1)


def _tell(level: Level) -> None:
    """Tell of the sequences of one length."""
    click.echo(
        f"{level.depth} call{'s' if level.depth > 1 else ''}: {level.sequences:,} sequences; "
        f"{level.transitions:,} calls lead to {level.states:,} new states",
        err=True,
    )


def _show(failure: Failure, system: str, again: str, folder: Path | None) -> None:
    """Tell of a failure, as the model's own check does on the same calls."""
    from contract_tests.clauses.checks import check_called
    from contract_tests.contract.verdict import Verdict
    from contract_tests.engine.report import Report
    from contract_tests.engine.runner import try_inputs
    from contract_tests.engine.settings import RunSettings
    from contract_tests.report.failures.text import failure_text
    from contract_tests.report.files import write_script

    result = try_inputs(check_called(_CHECK), {"calls": failure.calls}, factory_called(system))
    if result.verdict is Verdict.MET:
        click.echo(printable(f"{failure.message}, but not on every try, after the calls {failure.calls}"))
        return
    click.echo(printable(failure_text(result, system, RunSettings(), again)))
    if folder is not None:
        click.echo(printable(f"  script:   {write_script(result, Report(system, RunSettings()), folder)}"))
