"""Writes what is there whole or not at all: it is written beside its place, and renamed."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from flare_sim.disk.trees import remove_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["folder_in", "free_path", "write_whole"]


@contextmanager
def folder_in(parent: str) -> Iterator[str]:
    """Give a folder in another one, nobody else's, in which something is written before it is renamed to its place.

    It is gone afterwards, with what was left in it.

    Raises:
        OSError: the file system refused.
    """
    from tempfile import mkdtemp

    folder = mkdtemp(prefix=".arriving-", dir=parent)
    try:
        yield folder
    finally:
        try:
            os.rmdir(folder)
        except OSError:  # something was left in it
            with suppress(OSError):
                remove_tree(folder)


@contextmanager
def free_path(parent: str, *, private: bool) -> Iterator[str]:
    """Give a path below a folder, nobody else's, where something is made before it is renamed to its place.

    What is left there when that fails is gone afterwards.

    Args:
        parent: the folder.
        private: whether only the caller puts anything there, one thing at a time; then no folder is made for it.

    Raises:
        OSError: the file system refused.
    """
    path = os.path.join(parent, ".arriving")
    if not private or os.path.lexists(path):
        with folder_in(parent) as folder:
            yield os.path.join(folder, "result")
        return
    try:
        yield path
    except BaseException:
        with suppress(OSError):
            remove_tree(path)
        raise


def write_whole(path: str, content: bytes) -> None:
    """Write a file, in place of one that may be there, so that at any moment the one or the other is there whole.

    Args:
        path: of the file; a link stands for what it leads to.  What is there and no regular file, such as
            ``/dev/stdout`` or a FIFO, is written into: who names it wants that.
        content: all of it.

    Raises:
        OSError: the file system refused, or nobody reads the FIFO; what was there is still there.
        ValueError: no file can have such a name.
    """
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        with open(path, "wb", opener=_at_once) as file:
            file.write(content)
        return
    place = os.path.realpath(path)
    with folder_in(os.path.dirname(place)) as folder:
        written = os.path.join(folder, os.path.basename(place))
        with open(written, "xb") as file:
            file.write(content)
        if mode is not None:
            os.chmod(written, stat.S_IMODE(mode))
        os.replace(written, place)


def _at_once(path: str, flags: int) -> int:
    """Open what is there without waiting, as for somebody who reads a FIFO."""
    waits = not hasattr(os, "O_NONBLOCK")
    number = os.open(path, flags & ~os.O_CREAT & ~os.O_TRUNC | (0 if waits else os.O_NONBLOCK))
    if not waits:
        os.set_blocking(number, True)
    return number
