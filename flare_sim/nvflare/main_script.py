"""Runs a file as Python itself would: as ``__main__``, with its arguments, its folder, its exit code."""

from __future__ import annotations

import io
import sys
import threading
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from itertools import pairwise
from pathlib import Path
from traceback import walk_tb
from types import ModuleType
from typing import TYPE_CHECKING, Any

from flare_sim.clock import HorizonReached

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

__all__ = ["run_as_main"]

_INTERRUPTED = 130


def run_as_main(path: str, arguments: Sequence[str] = (), namespace_builtins: dict[str, Any] | None = None) -> int:
    """Run a Python file as ``python path arguments…`` would, in this process, and return its exit code.

    What it raises is shown as Python shows it, by ``sys.excepthook``, without the frames of this package; of
    ``HorizonReached`` its message, and the line of the file, unless there is an excepthook of the file's.  Threads it
    left running, daemons apart, are waited for.  ``sys.argv``, ``sys.path`` and ``sys.modules["__main__"]`` are as
    they were afterwards.

    Args:
        path: the file.
        arguments: what comes after it on the command line.
        namespace_builtins: the builtins its code has; the real ones unless given.

    Raises:
        OSError: the file can't be read.
    """
    with io.open_code(path) as file:
        source = file.read()
    module = ModuleType("__main__")
    module.__file__ = str(Path(path).absolute())
    module.__loader__ = SourceFileLoader("__main__", module.__file__)
    module.__annotations__ = {}
    if namespace_builtins is not None:
        module.__dict__["__builtins__"] = namespace_builtins
    present = set(threading.enumerate())
    with _as_main(module, [path, *arguments], str(Path(path).resolve().parent)):
        try:
            exec(compile(source, module.__file__, "exec", dont_inherit=True), module.__dict__)
            code = 0
        except BaseException as problem:  # noqa: BLE001  (the end of a program, whatever ended it)
            code = _ended_by(problem, module.__file__)
        for thread in set(threading.enumerate()) - present:
            if not thread.daemon:
                thread.join()
    return code


@contextmanager
def _as_main(module: ModuleType, argv: list[str], folder: str) -> Iterator[None]:
    kept = sys.argv, sys.path, sys.modules["__main__"]
    sys.argv, sys.path, sys.modules["__main__"] = argv, [folder, *sys.path], module
    try:
        yield
    finally:
        sys.argv, sys.path, sys.modules["__main__"] = kept


def _ended_by(problem: BaseException, path: str) -> int:
    """Say what Python says when a program ends so, in fewer words when it waits in vain, and return its exit code."""
    if isinstance(problem, SystemExit):
        if problem.code is None or isinstance(problem.code, int):
            return problem.code or 0
        sys.stderr.write(f"{problem.code}\n")
        return 1
    _drop_our_frames(problem, set())
    if isinstance(problem, HorizonReached) and sys.excepthook is sys.__excepthook__:
        sys.stderr.write(f"Error: {_place(problem, path)} waits in vain: {problem}\n")
        return 1
    sys.excepthook(type(problem), problem, problem.__traceback__)
    return _INTERRUPTED if isinstance(problem, KeyboardInterrupt) else 1


def _place(problem: BaseException, path: str) -> str:
    """Return which line of a file an exception came through, the last one."""
    lines = [line for frame, line in walk_tb(problem.__traceback__) if frame.f_code.co_filename == path]
    return f"line {lines[-1]} of {Path(path).name}" if lines else Path(path).name


def _drop_our_frames(problem: BaseException | None, seen: set[int]) -> None:
    """Take the frames of this package out of the traceback of an exception, and of those it came from."""
    if problem is None or id(problem) in seen:
        return
    seen.add(id(problem))
    problem.__traceback__ = _without_ours(problem.__traceback__)
    _drop_our_frames(problem.__cause__, seen)
    _drop_our_frames(problem.__context__, seen)


def _without_ours(traceback: TracebackType | None) -> TracebackType | None:
    ours = str(Path(__file__).parent)
    theirs = []
    while traceback is not None:
        if not traceback.tb_frame.f_code.co_filename.startswith(ours):
            theirs.append(traceback)
        traceback = traceback.tb_next
    if not theirs:
        return None
    for earlier, later in pairwise(theirs):
        earlier.tb_next = later
    theirs[-1].tb_next = None
    return theirs[0]
