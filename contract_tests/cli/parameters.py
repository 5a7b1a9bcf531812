"""Parameters that several commands take."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import click

from contract_tests.engine.settings import examples_from, positive
from contract_tests.plain_text import shown
from contract_tests.system import lookup

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


class Examples(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic in newer click only
    """How many examples: a positive whole number, or the name of a profile."""

    name = "N|quick|default|deep"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of examples; anything else is wrong usage."""
        try:
            return examples_from(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


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
