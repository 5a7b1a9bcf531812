"""Temporary folders in memory, where there is a file system for that: a kill matrix makes many."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import mkdtemp
from typing import Final

_MEMORY: Final = "/dev/shm"
"""Where Linux has a file system in memory."""

_ROOM: Final = 32 * 1024 * 1024
"""Bytes that are enough for what is written at one time."""


@contextmanager
def temporary_folders_in_memory() -> Iterator[None]:
    """Let processes that are started meanwhile write to memory, where that can be: it takes a third less time.

    A matrix makes and removes some hundred thousand little folders. Who says by TMPDIR where they belong is obeyed.
    """
    roomy = os.path.isdir(_MEMORY) and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM
    if "TMPDIR" in os.environ or not roomy:
        yield
        return
    folder, maker = mkdtemp(prefix="flare-contract-", dir=_MEMORY), os.getpid()
    os.environ["TMPDIR"] = folder
    try:
        yield
    finally:
        del os.environ["TMPDIR"]
        if os.getpid() == maker:  # what a mutant forks goes this way, too
            shutil.rmtree(folder, ignore_errors=True)
