"""Where in the implementer's own code something stands: not in this project's, and rather not in a library's."""

from __future__ import annotations

import inspect
import os
import sysconfig
import traceback
from pathlib import Path
from typing import Any, Final

_OURS: Final = tuple(str(Path(__file__).parents[2] / name) + os.sep for name in ("contract_tests", "flare_sim"))
_LIBRARIES: Final = tuple(sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib"))


def raised_at(error: BaseException | None) -> str:
    """The line that raised an error, as ``file:line, in function``; empty where that is this project's alone."""
    frames = [] if error is None else traceback.extract_tb(error.__traceback__)
    theirs = [frame for frame in frames if not frame.filename.startswith((*_OURS, "<"))]
    own = [frame for frame in theirs if not frame.filename.startswith(_LIBRARIES)] or theirs
    return f"{_told(own[-1].filename)}:{own[-1].lineno}, in {own[-1].name}" if own else ""


def defined_at(function: Any) -> str:
    """Where a function or class is defined, as ``file:line, in function``; empty where that can't be said.

    What this project defines is not the implementer's own, so it is not told.
    """
    try:
        found = inspect.unwrap(getattr(function, "__func__", function))
        file = str(inspect.getsourcefile(found))
        if file.startswith((*_OURS, "<")):
            return ""
        line = inspect.findsource(found)[1] + 1
    except (TypeError, ValueError, OSError):
        return ""
    return f"{_told(file)}:{line}, {found.__qualname__}"


def _told(file: str) -> str:
    """A path as somebody would type it: from the working directory, where it is below that."""
    try:
        near = os.path.relpath(file)
    except ValueError:  # on another drive
        return file
    return file if near.startswith(os.pardir) else near
