"""Writes the results of jobs: each is there whole or not at all, and none is mixed with what is not its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flare_sim.disk.opening import Beneath
from flare_sim.disk.trees import lacking, lay_over, write_tree
from flare_sim.disk.whole import folder_in, free_path

if TYPE_CHECKING:
    from flare_sim.disk.trees import Tree

__all__ = ["Results"]


class Results:
    """The results that one server wrote to the disk of its process.

    Servers with the same seed have jobs with the same ids, one after the other or at once, so that a folder that is
    named like a job may well be another's: only one that was written here is written over.
    """

    def __init__(self) -> None:
        self._process = os.getpid()
        self._written: dict[str, tuple[str, tuple[int, int]]] = {}

    def write(self, parent: str, name: str, tree: Tree, *, numbered: bool, private: bool = False) -> str:
        """Write a result into a folder of its own and return that; the folder appears when all of it is written.

        Args:
            parent: the folder that it is to be in.
            name: what it is called; if there is something by that name that is not its own, or is in the way, then
                ``<name>__1``, ``<name>__2``, ...
            tree: what is in it.
            numbered: whether one that is its own is left alone, too (2.9.0), instead of being written over: then what
                somebody else put there stays (2.3.12).
            private: whether nobody else puts anything into ``parent``.

        Raises:
            OSError: the file system refused; what was there is as it was.
            ValueError: no file can have such a name.
        """
        folder = os.path.join(parent, name)
        place, known = self._own().get(folder, ("", None))
        if not numbered and known and _is_at(place, known) and _written_over(parent, place, known, tree):
            return place
        with free_path(parent, private=private) as written:
            write_tree(written, tree)
            known = _identity(os.stat(written))
            place = _renamed(written, folder)
        self._own()[folder] = (place, known)
        return place

    def _own(self) -> dict[str, tuple[str, tuple[int, int]]]:
        """Return where this process wrote last what is called so, and which folder that is.

        What the process that it was forked from wrote is not its own.
        """
        if self._process != os.getpid():
            self._process, self._written = os.getpid(), {}
        return self._written


def _is_at(place: str, known: tuple[int, int]) -> bool:
    try:
        return _identity(os.lstat(place)) == known
    except OSError:
        return False


def _written_over(parent: str, place: str, known: tuple[int, int], tree: Tree) -> bool:
    """Write into a folder what it lacks of a result; False, and nothing done, if something is in the way."""
    with Beneath(place) as there:  # what is open now may be another one than what was looked at
        lacks = lacking(there, tree) if _identity(os.stat(there.folder(""))) == known else None
        if lacks:
            with folder_in(parent) as beside:
                written = os.path.join(beside, "result")
                write_tree(written, lacks)
                lay_over(written, lacks, there)
        return lacks is not None


def _renamed(written: str, folder: str) -> str:
    number, place = 0, folder
    while not _took(place, written):
        number += 1
        place = f"{folder}__{number}"
    return place


def _took(place: str, written: str) -> bool:
    try:
        os.rename(written, place)
    except OSError:
        if not os.path.lexists(place):
            raise
        return False
    return True


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
