"""The folders of a server: temporary ones, private and removed by the process that made them, and those of results."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from threading import RLock
from typing import TYPE_CHECKING
from weakref import ref

from flare_sim.disk.file_errors import FileErrors
from flare_sim.disk.results import Results
from flare_sim.disk.trees import folders_made, remove_tree
from flare_sim.spec import NoConnection

if TYPE_CHECKING:
    from flare_sim.disk.trees import Tree

__all__ = ["Folders"]


class Folders:
    """What one server, or another owner, keeps on the disk of this process.

    Args:
        owner: with it the temporary folders go, at the latest when the process ends; it is not kept alive by them.
    """

    def __init__(self, owner: object) -> None:
        self._owner = ref(owner)
        self._process = os.getpid()
        self._lock = RLock()
        self._results = Results()
        self._path = ""
        self._identity = (0, 0)
        self._removed = False

    @property
    def are_ours(self) -> bool:
        """Whether they are this process's; those of one that it was forked from are left alone."""
        return self._process == os.getpid()

    def named(self, name: str) -> str:
        """Return the path of a temporary folder, which is there, and which only this user may look into.

        Raises:
            NoConnection: they were removed.
            InternalError: the file system refused, or something else was put in its place.
        """
        with self._lock, FileErrors("the server has no temporary folder"):
            self._check_kept()
            if not self._path:
                self._make()
            elif not os.path.lexists(self._path):
                os.mkdir(self._path, 0o700)
                self._identity = _identity(self._path)
            if _identity(self._path) != self._identity:
                raise _replaced(self._path)
            folder = os.path.join(self._path, name)
            with suppress(FileExistsError):
                os.mkdir(folder, 0o700)
            _identity(folder)
            return folder

    def write_result(self, name: str, tree: Tree, parent: str | None = None, *, numbered: bool = False) -> str:
        """Write a result, whole or not at all, and return its folder; see ``Results.write``.

        Args:
            name: what the folder is called.
            tree: what is in it.
            parent: where it is, made if it is missing; a temporary folder, ``downloads``, unless given.
            numbered: whether another one of the same name is left alone.

        Raises:
            NoConnection: the temporary folders were removed.
            InternalError: there is none.
            OSError: the file system refused.
            ValueError: no file can have such a name.
        """
        with self._lock:  # so that they are not removed meanwhile
            self._check_kept()
            if parent is None:
                return self._results.write(self.named("downloads"), name, tree, numbered=numbered, private=True)
            with folders_made(parent):
                return self._results.write(parent, name, tree, numbered=numbered)

    def remove(self) -> None:
        """Remove the temporary folders for good; a result that is being written is written first."""
        if self.are_ours:
            with self._lock:
                self._removed = True
                self._remove()

    def _check_kept(self) -> None:
        if self._removed:
            raise NoConnection("the server was closed, and its folders are gone")

    def _make(self) -> None:
        from multiprocessing.util import Finalize
        from tempfile import mkdtemp

        self._path = mkdtemp(prefix="flare-sim-")
        self._identity = _identity(self._path)
        # Other than weakref's: it does nothing in a process that was forked from this one; it does its work in one of
        # multiprocessing's, too, and when those that this process waits for have ended.
        Finalize(self._owner(), self._remove, exitpriority=-1)

    def _remove(self) -> None:
        with suppress(OSError):
            if self._path and _identity(self._path) == self._identity:
                remove_tree(self._path)


def _identity(folder: str) -> tuple[int, int]:
    status = os.lstat(folder)
    if not stat.S_ISDIR(status.st_mode):
        raise _replaced(folder)
    return status.st_dev, status.st_ino


def _replaced(folder: str) -> OSError:
    return NotADirectoryError(errno.ENOTDIR, "Something else was put in its place", folder)
