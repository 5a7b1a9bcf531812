"""The temporary folders of a server: made when they are first asked for, removed with it."""

from __future__ import annotations

import os
from shutil import rmtree
from tempfile import mkdtemp
from weakref import finalize


class Folders:
    """Folders of one owner, by name.

    Args:
        owner: with it they go, at the latest when Python ends; it is not kept alive by them.
    """

    def __init__(self, owner: object) -> None:
        self._path = mkdtemp(prefix="flare-sim-")
        self._end = finalize(owner, rmtree, self._path, ignore_errors=True)

    def named(self, name: str) -> str:
        """The path of a folder, which is there."""
        folder = os.path.join(self._path, name)
        os.makedirs(folder, exist_ok=True)
        return folder

    def remove(self) -> None:
        """Remove them all, with what is in them."""
        self._end()
