"""Parameters that several commands take."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import click

from contract_tests.engine.settings import examples_from
from contract_tests.system import lookup


class _Absolute(click.Path):
    """A path to write to, that stays where it is when what is judged changes the current folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return Path(os.fsdecode(super().convert(value, param, ctx))).absolute()


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
        if not (text.isascii() and text.isdigit() and int(text) > 0):
            self.fail(f"{text!r} is no number of processes: write auto or a positive whole number", param, ctx)
        return int(text)


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
