"""Keeps what came of reading a job folder for as long as nothing in the folder changes.

Every change of a file or folder dates it (``st_ctime``), and nobody can choose that date.  What was changed while it
was read, or so shortly before that a further change might get the same date, is not kept.
"""

from __future__ import annotations

import os
import stat
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from flare_sim.jobs.reading.job_files import JobFiles

    Value = TypeVar("Value")

__all__ = ["while_unchanged"]

_MOST = 64
"""So many folders are remembered, those that were read last."""
_A_TICK = 20_000_000
"""Nanoseconds: more than passes between two dates that a system can give."""
_A_SECOND = 1_000_000_000
_user = getattr(os, "geteuid", int)
_look = attrgetter("st_ctime_ns", "st_ino", "st_dev", "st_size")


class _Kept(NamedTuple):
    value: Any
    paths: tuple[str, ...]
    """The folder's, and those of everything in it."""
    looks: list[tuple[int, ...]]
    """How they looked."""

    def is_good(self) -> bool:
        try:
            return list(map(_look, map(os.lstat, self.paths))) == self.looks
        except OSError:
            return False


_kept: dict[tuple[str, Hashable, int], _Kept] = {}


def while_unchanged(path: Any, how: Hashable, read: Callable[[], tuple[Value, JobFiles | None]]) -> Value:
    """Return what ``read`` returns for a path, or returned before if the folder has not changed.

    Args:
        path: an absolute path of a folder; anything else is read each time.
        how: what else the value depends on.
        read: returns the value, and the files it was made of if it may be kept: all of them in memory, without links.
    """
    if type(path) is not str or not os.path.isabs(path):
        return read()[0]
    key = (path, how, _user())
    kept = _kept.pop(key, None)
    if kept is None or not kept.is_good():
        begun = _date()
        value, job = read()
        if job is None:
            return value
        paths = (path, *(f"{path}/{name}" for name in (*job.folders, *job.files)))
        looks = _looks(paths, begun - _A_TICK)
        if looks is None:
            return value
        kept = _Kept(value, paths, looks)
    _kept[key] = kept
    if len(_kept) > _MOST:
        for oldest in [*_kept][:-_MOST]:  # a copy, as other threads may be at it
            _kept.pop(oldest, None)
    known: Value = kept.value
    return known


def _looks(paths: Iterable[str], before: int) -> list[tuple[int, ...]] | None:
    """Return how files and folders look; None when one of them is dated later, or not exactly, or is a link."""
    looks: list[tuple[int, ...]] = []
    try:
        for path in paths:
            found = os.lstat(path)
            date = found.st_ctime_ns
            if date >= before or date % _A_SECOND == 0 or stat.S_ISLNK(found.st_mode):
                return None
            looks.append(_look(found))
    except OSError:
        return None
    return looks


def _date() -> int:
    """Return the date that a file would get now, nanoseconds; 0 where that can't be seen.

    A pipe is made now, too.  No clock is asked that others may have stopped or set.
    """
    try:
        ends = os.pipe()
        try:
            return os.fstat(ends[0]).st_ctime_ns
        finally:
            for end in ends:
                os.close(end)
    except OSError:
        return 0
