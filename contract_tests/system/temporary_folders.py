"""Temporary folders of the suite, which go with the process that made them; what is written once is kept if intact.

What one system does to the folders it is given is no other's trouble: something that was changed is written again.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing.util import Finalize
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

_MEMORY: Final = "/dev/shm"
"""Where Linux has a file system in memory."""

_ROOM: Final = 32 * 1024 * 1024
"""Bytes that are enough for what is written at one time."""

_LONG_AGO: Final = 1_577_836_800
"""What folders are dated back to (2020, which zip files can hold), so that any change shows in a time."""


class _Kept(NamedTuple):
    """Something written for whoever asks next: what to hand out, and how its files looked when they were written."""

    given: object
    paths: list[str]
    looks: list[tuple[int, ...]]

    @property
    def intact(self) -> bool:
        try:
            return _looks(self.paths) == self.looks
        except OSError:
            return False


_look: Final = attrgetter("st_mtime_ns", "st_ctime_ns", "st_ino", "st_mode")


def _looks(paths: list[str]) -> list[tuple[int, ...]]:
    return list(map(_look, map(os.stat, paths)))


def _keep(given: object, folder: Path) -> _Kept:
    """Date a folder back, with all that is in it, and note how it looks."""
    paths = [str(folder), *map(str, folder.rglob("*"))] if folder.exists() else []
    for path in paths:
        os.utime(path, (_LONG_AGO, _LONG_AGO))
    return _Kept(given, paths, _looks(paths))


_ours: list[str] = []
"""The folders that all others are in."""


@lru_cache(maxsize=1)
def _root() -> str:
    return _made_in(None)


def _made_in(place: str | None) -> str:
    folder = tempfile.mkdtemp(prefix="flare-contract-", dir=place)
    _ours.append(folder)
    _remove_at_end(folder)
    return folder


def _remove_at_end(folder: str) -> None:
    # Unlike atexit it does nothing in a process forked from this one, and its work in one of multiprocessing's, whose
    # own folder may be inside, and is removed by it first.
    Finalize(None, shutil.rmtree, (folder,), {"ignore_errors": True}, exitpriority=-101)


def prepare() -> None:
    """Make the folder that all others are in, so that a process that is forked from this one has the same."""
    _root()


def take_over() -> None:
    """Let this process remove them, too, which was forked from the one that made them and may outlive it."""
    for folder in _ours:
        _remove_at_end(folder)


def remove() -> None:
    """Remove everything at once, when the process can't wait for its end to do so."""
    for folder in _ours:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def in_memory() -> Iterator[None]:
    """Let this process and those that it starts meanwhile have all their temporary folders in memory, where it can be.

    A run of the suite makes and removes thousands of little folders, which takes a disk up to half of the time. They
    go when the process ends. Who says by TMPDIR where they belong is obeyed.
    """
    roomy = os.path.isdir(_MEMORY) and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM
    if "TMPDIR" in os.environ or not roomy:
        yield
        return
    before = tempfile.tempdir
    os.environ["TMPDIR"] = tempfile.tempdir = _made_in(_MEMORY)
    _forget()
    try:
        yield
    finally:
        del os.environ["TMPDIR"]
        tempfile.tempdir = before
        _forget()


def _forget() -> None:
    """Begin anew with what is handed out from now on."""
    _root.cache_clear()
    _written.clear()
    _scratches.clear()


def _new() -> Path:
    return Path(tempfile.mkdtemp(dir=_root()))


_written: dict[object, _Kept] = {}


def written_once(key: object, write: Callable[[Path], object]) -> object:
    """What ``write`` returns for the path of a fresh folder: it is called once for a key, and again after a change."""
    kept = _written.get(key)
    if kept is None or not kept.intact:
        folder = _new() / "contract_job"
        kept = _written[key] = _keep(write(folder), folder)
    return kept.given


_scratches: list[Path] = []


def scratch() -> Path:
    """A fresh folder of one's own, removed when the process ends, or by `clear`."""
    _scratches.append(_new())
    return _scratches[-1]


def clear() -> None:
    """Remove the folders that `scratch` made; for who tries thousands of systems, each of them done with its own."""
    while _scratches:
        shutil.rmtree(_scratches.pop(), ignore_errors=True)


@contextmanager
def inside(folder: str) -> Iterator[None]:
    """Make a folder the working directory of the process for a while."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
