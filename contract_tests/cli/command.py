"""The group of commands: what all of them do when they can't go on, and when they are watched."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from typing import Any, Final

import click

from contract_tests.plain_text import in_lines, said
from contract_tests.report.output import NOT_WRITTEN, CantWrite, of_writing, take_everything, unheard

_NO_VERDICT: Final = 3
_INTERRUPTED: Final = 130


class Command(click.Group):
    """A group whose commands take every character, and say why when they can't go on.

    They end by an exit code of their own; 2 for wrong usage; 3 when something else ends them, which is no verdict; 4
    when what they have to say can't be written; 130 when they are interrupted, which says nothing about what they were
    to find out.
    """

    def main(self, args: Any = None, prog_name: str | None = None, *rest: Any, **extra: Any) -> Any:
        """Run a command; without ``args`` this process is the command's own, so that a run in it can be watched."""
        for stream in (sys.stdout, sys.stderr):
            take_everything(stream)
        code = self._run(args, prog_name, *rest, **{**extra, "standalone_mode": False, "obj": args is None})
        if supervision := sys.modules.get("contract_tests.system.supervision"):
            supervision.conclude(code)
        sys.exit(code)

    def make_context(self, *given: Any, **extra: Any) -> click.Context:
        """Make sense of a command line; the help is printed here."""
        with _heard():
            return super().make_context(*given, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Invoke a command, and see that all it has printed has been taken."""
        with _heard():
            return super().invoke(ctx)

    def _run(self, *args: Any, **extra: Any) -> int:
        try:
            code = super().main(*args, **extra)
        except click.Abort:
            return _told(_INTERRUPTED, "interrupted")
        except click.UsageError as error:
            told = StringIO()
            error.show(told)
            with suppress(OSError):
                click.echo(in_lines(told.getvalue()), err=True)
            return error.exit_code
        except click.ClickException as error:
            return _told(error.exit_code, error.message)
        except CantWrite as error:
            return [_told(NOT_WRITTEN, line) for line in str(error).splitlines()][-1]
        except BaseException as error:
            return _told(_NO_VERDICT, fault(error))
        return code if isinstance(code, int) else 0


def fault(error: BaseException) -> str:
    """What is said of whatever ended a command that did not end by itself, and where that was."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"no verdict: {said(error)}{f' ({frames[-1].filename}:{frames[-1].lineno})' if frames else ''}"


@contextmanager
def _heard() -> Iterator[None]:
    """See that all that is printed meanwhile has been taken.

    Raises:
        CantWrite: it has not.
        Abort: somebody has ended the command.
    """
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except KeyboardInterrupt as error:
        raise click.Abort from error
    except OSError as error:
        if not of_writing(error):
            raise
        raise unheard(error) from error


def _told(code: int, why: str) -> int:
    """Say why a command ends; returns its exit code."""
    with suppress(OSError):
        click.echo(f"Error: {in_lines(why)}", err=True)
    return code
