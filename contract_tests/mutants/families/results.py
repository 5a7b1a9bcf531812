"""Effects on the results of jobs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contract_tests.mutants.algebra.call import Call, Effect


def folders(change: Callable[[Path, Call], Any]) -> Effect:
    """Answer what is made of a folder with a result, and the call; locations of large results stay."""
    return lambda call: change(Path(path), call) if os.path.isdir(path := call.go()) else path


def locations(change: Callable[[Any, Call], Any]) -> Effect:
    """Answer what is made of the location of a large result, and the call; folders stay."""
    return lambda call: path if os.path.isdir(path := call.go()) else change(path, call)


def scratch(call: Call) -> Path:
    """A folder that is removed with the downloads of the system; results are in it by the ids of their jobs."""
    return Path(call.system.server.download_folder())


def _emptied(path: Path, call: Call) -> str:
    number = call.memory["emptied"] = call.memory.get("emptied", 0) + 1
    copy = Path(call.system.server.folder(f"emptied {number}"))
    for mark in Path(shutil.copytree(path, copy, dirs_exist_ok=True)).rglob("mark.txt"):
        mark.unlink()
    return str(copy)


def emptied(call: Call) -> Any:
    """Hand out a folder without what the job left there."""
    return folders(_emptied)(call)
