"""Says on a terminal that a command goes on, where that takes longer than people wait without a word."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress

__all__ = ["going_on"]

_PATIENCE = 2.0
"""Seconds."""


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
    timer = Timer(_PATIENCE, lambda: shown.append(_shown(what)))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        for line in shown:
            line.stop()


def _shown(what: str) -> Progress:
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
