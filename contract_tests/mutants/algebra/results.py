"""Effects on the results of jobs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from contract_tests.mutants.algebra.call import Call


def emptied(call: Call) -> Any:
    """Hand out a folder without what the job left there."""
    path = call.go()
    if not os.path.isdir(path):
        return path
    number = call.memory["emptied"] = call.memory.get("emptied", 0) + 1
    copy = Path(call.system.server.folder(f"emptied {number}"))
    for mark in Path(shutil.copytree(path, copy, dirs_exist_ok=True)).rglob("mark.txt"):
        mark.unlink()
    return str(copy)
