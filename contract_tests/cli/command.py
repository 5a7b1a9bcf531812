"""The group of commands: what all of them do when their output can't be written, and when they are watched."""

from __future__ import annotations

import sys
from typing import Any

import click

from contract_tests.report.output import NOT_WRITTEN, CantWrite, take_everything, unheard


class Command(click.Group):
    """A group whose commands take every character, and say in a line what could not be written (exit code 4).

    Interrupted, they end with exit code 130: that says nothing about what they were to find out.
    """

    def main(self, args: Any = None, *rest: Any, **extra: Any) -> Any:
        """Run a command; without ``args`` this process is the command's own, so that a run in it can be watched."""
        for stream in (sys.stdout, sys.stderr):
            take_everything(stream)
        try:
            return super().main(args, *rest, obj=args is None, **extra)
        except SystemExit as end:
            if supervision := sys.modules.get("contract_tests.system.supervision"):
                supervision.conclude(end.code if isinstance(end.code, int) else int(bool(end.code)))
            raise

    def invoke(self, ctx: click.Context) -> Any:
        """Invoke a command, and see that all it has printed has been taken."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                if sys.stdout is not None:
                    sys.stdout.flush()
        except KeyboardInterrupt as error:
            raise Interrupted("interrupted") from error
        except CantWrite as error:
            raise NotWritten(str(error)) from error
        except OSError as error:
            if error.filename is not None:
                raise
            raise NotWritten(str(unheard(error))) from error


class Interrupted(click.ClickException):
    """Somebody has ended a command."""

    exit_code = 130


class NotWritten(click.ClickException):
    """What a command had to say could not be written."""

    exit_code = NOT_WRITTEN
