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
from pathlib import Path
from typing import Final, NamedTuple

_LONG_AGO: Final = 1_577_836_800
"""What folders are dated back to (2020, which zip files can hold), so that any change shows in a time."""


class _Kept(NamedTuple):
    """Something written for whoever asks next: what to hand out, and how its files looked when they were written."""

    given: object
    looks: dict[str, tuple[int, ...]]

    @property
    def intact(self) -> bool:
        try:
            for path, look in self.looks.items():
                if _look(path) != look:
                    return False
        except OSError:
            return False
        return True


def _look(path: str) -> tuple[int, ...]:
    status = os.stat(path)
    return status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_mode


def _keep(given: object, folder: Path) -> _Kept:
    """Date a folder back, with all that is in it, and note how it looks."""
    paths = [str(folder), *map(str, folder.rglob("*"))] if folder.exists() else []
    for path in paths:
        os.utime(path, (_LONG_AGO, _LONG_AGO))
    return _Kept(given, {path: _look(path) for path in paths})


@lru_cache(maxsize=1)
def _root() -> str:
    root = tempfile.mkdtemp(prefix="flare-contract-")
    _remove_at_end(root)
    return root


def _remove_at_end(root: str) -> None:
    # Unlike atexit it does nothing in a process forked from this one, and its work in one of multiprocessing's.
    Finalize(None, shutil.rmtree, (root,), {"ignore_errors": True}, exitpriority=-1)


def prepare() -> None:
    """Make the folder that all others are in, so that a process that is forked from this one has the same."""
    _root()


def take_over() -> None:
    """Let this process remove them, too, which was forked from the one that made them and may outlive it."""
    _remove_at_end(_root())


def remove() -> None:
    """Remove everything at once, when the process can't wait for its end to do so."""
    shutil.rmtree(_root(), ignore_errors=True)


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
