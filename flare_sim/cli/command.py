"""The group of commands: what all of them do when they take long or can't go on, and how they say so.

Exit codes: 0 all is well, 1 the job did not complete or is no good, 2 the command line makes no sense, 3 the simulator
itself is at fault, 4 the output or a file could not be written, 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import contextmanager, suppress
from io import StringIO, TextIOWrapper
from threading import Timer
from typing import TYPE_CHECKING, Any

import click

from flare_sim.clock import HorizonReached
from flare_sim.disk.whole import write_whole
from flare_sim.untrusted_values import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console
    from rich.progress import Progress

__all__ = ["CantWrite", "Commands", "console", "echo_json", "going_on", "json_option", "write_text", "write_texts"]

_LONGEST = 1000
_PATIENCE = 2.0
"""So many seconds people wait without a word."""
_OF_WRITING = {
    getattr(errno, name, None)
    for name in ("EPIPE", "ENOSPC", "EDQUOT", "EFBIG", "EIO", "EBADF", "EAGAIN", "ECONNRESET", "ENXIO")
}
"""What writing to an open stream may come to."""

_IN_VAIN, _AT_FAULT, _NOT_WRITTEN, _INTERRUPTED = 1, 3, 4, 130


class CantWrite(click.ClickException):
    """What a command had to say could not be written; the message names it, and says why."""

    exit_code = _NOT_WRITTEN


def write_text(path: str, text: str) -> None:
    """Write text into a file, all of it or nothing; ``-`` is standard output.

    Raises:
        CantWrite: that can't be done.
    """
    if path == "-":
        click.echo(text, nl=False)
        return
    try:
        write_whole(path, text.encode())
    except (OSError, ValueError) as problem:
        raise CantWrite(f"can't write {path}: {getattr(problem, 'strerror', None) or problem}") from None


def write_texts(*texts: tuple[str | None, Callable[[], str]]) -> None:
    """Write texts into files, those that have a path; what can't be written keeps no other from being written.

    Raises:
        CantWrite: one of them can't be written; of each it is said.
    """
    failed = [problem for path, text in texts if path is not None and (problem := _unwritten(path, text))]
    for problem in failed[:-1]:
        _told(problem.exit_code, problem.message)
    if failed:
        raise failed[-1]


def _unwritten(path: str, text: Callable[[], str]) -> CantWrite | None:
    with going_on(f"writing {readable(path)}"):
        content = text()
    try:
        write_text(path, content)
    except CantWrite as problem:
        return problem
    return None


json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON, for programs.")
"""For a command whose output programs may read."""


def echo_json(data: Any) -> None:
    """Print what a program is to read."""
    from json import dumps

    click.echo(dumps(data, indent=2))


def console() -> Console:
    """Return what tables are printed with: what is in them is text, and when nobody reads on the command ends."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            raise  # noqa: PLE0704  (rich calls this while it handles the error)

    return Plain(highlight=False, markup=False, emoji=False)


@contextmanager
def going_on(what: str) -> Iterator[None]:
    """While the block lasts, say from two seconds on what is done, and for how long; then that is gone again.

    It is said on standard error, and only on a terminal.  In the block nothing else is to be printed.

    Args:
        what: such as ``reading twin.flare``.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    shown: list[Progress] = []
    timer = Timer(_PATIENCE, lambda: shown.append(_shown_going_on(what)))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        for line in shown:
            line.stop()


def _shown_going_on(what: str) -> Progress:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    console = Console(file=sys.stderr, highlight=False)
    line = Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
    line.add_task(what, total=None)
    (task,) = line.tasks
    task.start_time = task.get_time() - _PATIENCE
    line.start()
    return line


class Commands(click.Group):
    """A group whose commands take every character, and say why when they can't go on."""

    def main(self, args: Any = None, prog_name: str | None = None, *rest: Any, **extra: Any) -> Any:
        """Run a command, and end with its exit code."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        sys.exit(self._run(args, prog_name, *rest, **{**extra, "standalone_mode": False}))

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
        except click.UsageError as problem:
            told = StringIO()
            problem.show(told)
            with suppress(OSError):
                click.echo(_in_lines(told.getvalue()), err=True)
            return problem.exit_code
        except click.ClickException as problem:
            return _told(problem.exit_code, problem.message)
        except HorizonReached as problem:
            return _told(_IN_VAIN, str(problem))
        except Exception as problem:  # noqa: BLE001  (told in a line, with the place; nobody can do more about it)
            return _told(_AT_FAULT, _fault(problem))
        return code if isinstance(code, int) else 0


def _fault(problem: Exception) -> str:
    from traceback import extract_tb

    frame = extract_tb(problem.__traceback__)[-1]
    told = f"{type(problem).__name__}: {problem} ({frame.filename}:{frame.lineno})"
    return f"flare-sim itself is at fault; please report it: {told}"


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
    except KeyboardInterrupt as end:
        raise click.Abort from end
    except OSError as problem:
        if problem.filename is not None or problem.errno not in _OF_WRITING:
            raise
        with suppress(OSError, ValueError, AttributeError):  # nothing more is said there, at the end of Python either
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
        raise CantWrite(f"can't write to standard output: {problem.strerror or problem}") from problem


def _in_lines(text: str) -> str:
    """Return text with the lines it has, none of them too long to be read, and all that is not printable escaped."""
    lines = map(readable, text.splitlines())
    return "\n".join(line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..." for line in lines)


def _told(code: int, why: str) -> int:
    """Say why a command ends; returns its exit code."""
    with suppress(OSError):
        click.echo(f"Error: {_in_lines(why)}", err=True)
    return code
