"""Stops a live system when whoever started it is gone, however it went.

Run as ``python -m tests.poc.guard FOLDER SECONDS LOGS`` in a session of its own, where no Ctrl-C reaches it. It
waits for the end of its standard input, which comes when the starter closes it, exits, is killed, or is stopped by a
signal, and for at most so many seconds, for a starter that hangs. Then it kills every process of the system and removes
the folder. Unless the starter said ``done`` before the end, the logs are kept in the folder LOGS.
"""

from __future__ import annotations

import os
import select
import shutil
import sys
import time
from pathlib import Path
from typing import Final

from tests.poc import processes

DONE: Final = b"done"


def wait(stream: int, seconds: float) -> bool:
    """Wait for the end of a stream; whether ``done`` was said before."""
    end = time.monotonic() + seconds
    said = b""
    while (left := end - time.monotonic()) > 0:
        if select.select([stream], [], [], left)[0]:
            piece = os.read(stream, 64)
            said += piece
            if not piece:
                break
    return said == DONE


def keep_logs(folder: Path, target: Path) -> None:
    """Copy every log below the folder into another, under the path it had."""
    shutil.rmtree(target, ignore_errors=True)
    for log in logs(folder):
        copy = target / log.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(log, copy)


def logs(folder: Path) -> list[Path]:
    """The logs below the folder."""
    found = (path for pattern in ("*.log", "log.txt", "error_log.txt") for path in folder.rglob(pattern))
    return sorted({path for path in found if path.is_file()})


def main(folder: Path, seconds: float, kept: Path) -> None:
    """Wait, then stop the system."""
    fine = wait(sys.stdin.fileno(), seconds)
    processes.kill(folder / "poc")
    if not fine:
        keep_logs(folder, kept)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]))
