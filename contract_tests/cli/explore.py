"""``flare-contract explore``: all sequences of calls up to a depth, judged by the contract's model."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from contract_tests.cli.parameters import AS_JSON, NothingToJudge, echo_json, factory_called
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.settings import RunSettings
from contract_tests.plain_text import printable
from contract_tests.system import lookup

if TYPE_CHECKING:
    from contract_tests.engine.check_result import CheckResult
    from contract_tests.exploration.explorer import Exploration, Failure, Level

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
@AS_JSON
def explore(
    system: str, depth: int, fault: str | None, untimed: bool, repro_folder: Path | None, as_json: bool
) -> None:
    """Try all sequences of up to N calls on SYSTEM, with two jobs and two users, and judge each by the model.

    Sequences that lead to the same state, as far as anybody can tell, go on as one: a state is what is known of jobs
    and sessions, and which calls were made before. Of the reference, which is explored unless SYSTEM is named, a depth
    of 3 takes seconds, one more some nine times as long. Exit code 0 when all agree, 1 when one does not, which is
    told with the calls it takes.
    """
    from contract_tests.engine.report import Report, check_dict
    from contract_tests.exploration.alphabet import Alphabet, plans_for
    from contract_tests.exploration.explorer import Explorer, remembering
    from contract_tests.preflight.plug import opens_sessions
    from contract_tests.report.files import write_script

    factory = factory_called(system)
    try:
        opens_sessions(factory)
    except lookup.BadSystem as error:
        raise NothingToJudge(str(error)) from error
    with factory() as one:
        alphabet = Alphabet(plans_for(one), fault or "", timed=not untimed)
    found = Explorer(factory, alphabet, remembering).explore(depth, _tell)
    failure = None if found.failure is None else _judged(found.failure, system)
    if as_json:
        told = {"system": system, "depth": depth, "fault": fault, "timed": not untimed}
        echo_json({**told, **_as_dict(found), "failure": failure and check_dict(failure)})
    elif found.not_offered:
        click.echo(f"left out, for the system does not offer it: {', '.join(sorted(found.not_offered))}")
    if found.failure is None or failure is None:
        if not as_json:
            click.echo(f"all {found.sequences:,} sequences of up to {depth} calls agree with the model")
        return
    options = ["--depth", str(depth), *(["--fault", fault] if fault else []), *(["--untimed"] if untimed else [])]
    again = shlex.join(["flare-contract", "explore", system, *options])
    if not as_json:
        click.echo(printable(_text(found.failure, failure, system, again)))
    if repro_folder is not None and failure.verdict is not Verdict.MET:
        script = write_script(failure, Report(system, RunSettings()), repro_folder)
        click.echo(printable(f"  script:   {script}"), err=as_json)
    raise click.exceptions.Exit(1)


def _tell(level: Level) -> None:
    """Tell of the sequences of one length."""
    click.echo(
        f"{level.depth} call{'s' if level.depth > 1 else ''}: {level.sequences:,} sequences; "
        f"{level.transitions:,} calls lead to {level.states:,} new states",
        err=True,
    )


def _as_dict(found: Exploration) -> dict[str, Any]:
    """What was explored, as JSON has it."""
    return {
        "sequences": found.sequences,
        "transitions": found.transitions,
        "levels": [level._asdict() for level in found.levels],
        "not_offered": sorted(found.not_offered),
        "disagrees": None if found.failure is None else found.failure._asdict(),
    }


def _judged(failure: Failure, system: str) -> CheckResult:
    """What the model's own check says of the same calls."""
    from contract_tests.clauses.checks import check_called
    from contract_tests.engine.runner import try_inputs

    return try_inputs(check_called(_CHECK), {"calls": failure.calls}, factory_called(system))


def _text(failure: Failure, result: CheckResult, system: str, again: str) -> str:
    """What is said of a failure."""
    from contract_tests.report.failures.text import failure_text

    if result.verdict is Verdict.MET:
        return f"{failure.message}, but not on every try, after the calls {failure.calls}"
    return failure_text(result, system, RunSettings(), again)
