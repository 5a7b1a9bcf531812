"""Parameters that several commands take."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from contract_tests.engine.settings import examples_from, positive
from contract_tests.plain_text import in_a_line, shown
from contract_tests.system import lookup

if TYPE_CHECKING:
    from contract_tests.distribution.dask import Dask
    from contract_tests.engine.deviations import Deviation

_MOST_SECONDS: Final = 1e9
"""About 31 years."""


class _Absolute(click.Path):
    """A path to write to, that stays where it is when what is judged changes the current folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return Path(os.fsdecode(super().convert(value, param, ctx))).absolute()
        except OSError as error:  # the current folder is gone
            self.fail(f"{shown(value)} is nowhere: {error.strerror}", param, ctx)


FILE: Final = _Absolute(dir_okay=False, path_type=Path)
EXISTING_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)

SEED: Final = click.option(
    "--seed", type=int, default=0, show_default=True, metavar="N", help="Where all drawing starts from."
)


AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")

ENGINE: Final = click.option(
    "--engine",
    type=click.Choice(["processes", "dask"]),
    default="processes",
    show_default=True,
    help="Who does the work: processes of this machine, or the workers of a Dask scheduler.",
)
SCHEDULER: Final = click.option(
    "--scheduler", metavar="ADDRESS", help="Where the scheduler is, such as tcp://10.0.0.1:8786; with --engine dask."
)


def echo_json(told: object) -> None:
    """Print what a program is to read."""
    import json

    click.echo(json.dumps(told, indent=2))


def cluster(engine: str, scheduler: str | None, jobs: int | None) -> Dask | None:
    """The workers of the scheduler, if that is what was asked for.

    Raises:
        click.UsageError: the options contradict each other, Dask is not installed, or no scheduler answers.
    """
    if engine != "dask":
        if scheduler is not None:
            raise click.UsageError("--scheduler goes with --engine dask")
        return None
    if not scheduler:
        raise click.UsageError("--engine dask takes the address of a scheduler: --scheduler tcp://HOST:8786")
    if jobs is not None:
        raise click.UsageError("--jobs is a number of processes; a scheduler has the workers it has")
    from contract_tests.distribution.dask import Dask
    from contract_tests.distribution.engine import OutOfReach

    try:
        return Dask(scheduler)
    except OutOfReach as error:
        raise click.UsageError(in_a_line(str(error))) from error


class Seeds(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic in newer click only
    """A range of seeds: the first, and the first that is not in it."""

    name = "FIRST:END"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> range:
        """The seeds; anything else is wrong usage."""
        found = re.fullmatch(r"(-?[0-9]{1,18}):(-?[0-9]{1,18})", str(value))
        seeds = range(*map(int, found.groups())) if found else range(0)
        if not seeds:
            told = "write FIRST:END, such as 0:1000 for the seeds 0 to 999"
            self.fail(f"{shown(str(value))} is no range of seeds: {told}", param, ctx)
        return seeds


class Examples(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic in newer click only
    """How many examples: a positive whole number, or the name of a profile."""

    name = "N|quick|default|deep"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of examples; anything else is wrong usage."""
        try:
            return examples_from(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


EXAMPLES: Final = click.option(
    "--examples", type=Examples(), default="default", show_default=True, help="Examples per property, or a profile."
)


class Jobs(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic in newer click only
    """How many processes: a positive whole number, or auto, which is None."""

    name = "auto|N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        """The number of processes; anything else is wrong usage."""
        text = str(value)
        if text == "auto":
            return None
        number = positive(text)
        if number is None:
            self.fail(f"{shown(text)} is no number of processes: write auto or a positive whole number", param, ctx)
        return number


class Seconds(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic in newer click only
    """Seconds of real time: a number above 0 that a clock can count."""

    name = "SECONDS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number of seconds; anything else is wrong usage."""
        try:
            number = float(value)
        except ValueError:
            number = 0.0
        if not 0 < number <= _MOST_SECONDS:
            self.fail(f"{shown(value)} is no number of seconds above 0, {_MOST_SECONDS:.0f} at most", param, ctx)
        return number


class NothingToJudge(click.ClickException):
    """A system of which nothing can be judged, and why: one message, without a report."""

    exit_code = 2


def factory_called(name: str) -> lookup.Factory:
    """The factory of the system that a command names.

    Raises:
        click.UsageError: there is none.
    """
    try:
        return lookup.factory(name)
    except lookup.BadSystem as error:
        raise click.UsageError(str(error)) from error


def system_named(system: str | None) -> str:
    """The system that the command line names, or the environment, else the reference.

    Raises:
        click.UsageError: they name two.
    """
    try:
        return lookup.chosen({"the command line": system, lookup.ENVIRONMENT: os.environ.get(lookup.ENVIRONMENT)})
    except lookup.BadSystem as error:
        raise click.UsageError(str(error)) from error


def clause_ids(patterns: tuple[str, ...]) -> list[str] | None:
    """The clauses whose ids begin with a pattern; None, for all, without any.

    Raises:
        click.UsageError: a pattern is the beginning of none.
    """
    from contract_tests.clauses.catalogue import CATALOGUE

    if not patterns:
        return None
    found: list[str] = []
    for pattern in patterns:
        matching = CATALOGUE.matching(pattern) if pattern else []
        if not matching:
            raise click.UsageError(f"there is no clause {shown(pattern)}; `flare-contract clauses` lists them")
        found += [clause.id for clause in matching]
    return found


def deviations_declared(path: Path | None) -> tuple[list[Deviation], list[str]]:
    """The deviations that a file declares as of today, and what is wrong with the others.

    Raises:
        click.UsageError: it can't be read.
    """
    from contract_tests.engine.deviations import BadDeviations, read

    if path is None:
        return [], []
    try:
        return read(path, dt.date.today())  # noqa: DTZ011, TID251 - an expiry date is about the real calendar
    except BadDeviations as error:
        raise click.UsageError(str(error)) from error
