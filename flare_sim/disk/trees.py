"""Folders with what is in them: made, written, laid over others, removed; never through a link, however deep."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from flare_sim.disk.contents import pieces
from flare_sim.disk.opening import Beneath
from flare_sim.untrusted_values import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from io import RawIOBase

    from flare_sim.disk.contents import Content

    Tree = Sequence[tuple[str, Content]]
    """(Path inside, content) pairs; a path that ends in ``/`` is an empty folder."""

__all__ = ["folders_made", "lacking", "lay_over", "remove_tree", "write_tree"]

_NO_NAMES = frozenset(("", ".", ".."))


@contextmanager
def folders_made(path: str) -> Iterator[None]:
    """Make a folder, and those it lies in, where they are missing; what fails in the ``with`` takes them back.

    Args:
        path: a link to a folder will do.

    Raises:
        OSError: one can't be made, or something else is there.
        ValueError: no folder can have such a name.
    """
    missing, folder, made = [], path, []
    with suppress(FileNotFoundError):
        os.stat(path)  # what can't be, such as a path that is too long, is not begun
    while folder and not os.path.isdir(folder):
        missing.append(folder)
        folder = os.path.dirname(folder.rstrip(os.sep))
    try:
        for folder in reversed(missing):
            with suppress(FileExistsError):
                os.mkdir(folder)
                made.append(folder)
        if not os.path.isdir(path):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
        yield
    except BaseException:
        for folder in reversed(made):
            with suppress(OSError):  # somebody has put something there
                os.rmdir(folder)
        raise


def write_tree(folder: str, tree: Tree) -> None:
    """Write files into a folder that is made for them.

    Raises:
        OSError: something is there already, or the file system refused.
        ValueError: no file can have such a name.
    """
    os.mkdir(folder)
    base, made = os.path.join(folder, ""), {""}
    for path, content in tree:
        if not _NO_NAMES.isdisjoint(path.removesuffix("/").split("/")):
            raise ValueError(f"{shown_path(path)} is no path inside a folder")
        if path.rpartition("/")[0] not in made:
            for inside in _folders_of(path):
                if inside not in made:
                    os.mkdir(base + inside)
                    made.add(inside)
        if not path.endswith("/"):
            # Without a buffer, which would cost more than what most files hold.
            with open(base + path, "xb", buffering=0) as file:
                _write(file, content)


def _write(file: RawIOBase, content: Content) -> None:
    for piece in pieces(content):
        left = memoryview(piece)
        while left:
            left = left[file.write(left) or 0 :]


def lacking(there: Beneath, tree: Tree) -> Tree | None:
    """Return what of a tree is not in a folder as it is to be; None when something is in the way of it.

    A file may give way to a file, and nothing else to anything: no folder, no link, no FIFO.

    Raises:
        OSError: the file system refused.
    """
    folders = {"": True}
    lacks = []
    for path, content in tree:
        inside = ""
        for inside in _folders_of(path):
            if inside not in folders:
                kind = _kind(there, inside)
                if kind not in (0, stat.S_IFDIR):
                    return None
                folders[inside] = kind != 0
        kind = _kind(there, path) if folders[inside] and not path.endswith("/") else 0
        if kind not in (0, stat.S_IFREG):
            return None
        is_there = folders[inside] if path.endswith("/") else kind and _content(there, path, len(content)) == content
        if not is_there:
            lacks.append((path, content))
    return lacks


def lay_over(written: str, tree: Tree, there: Beneath) -> None:
    """Move a tree that was written by ``write_tree`` into a folder in which nothing is in the way of it.

    Raises:
        OSError: the file system refused, or there is something in the way by now.
    """
    made = {""}
    for path, _ in tree:
        for inside in _folders_of(path):
            if inside not in made:
                made.add(inside)
                name, folder = there.place(inside)
                with suppress(FileExistsError):
                    os.mkdir(name, dir_fd=folder)
        if not path.endswith("/"):
            name, folder = there.place(path)
            os.replace(os.path.join(written, path), name, dst_dir_fd=folder)


def _kind(there: Beneath, path: str) -> int:
    """Return what is at a path, 0 for nothing."""
    try:
        return stat.S_IFMT(there.look(path).st_mode)
    except FileNotFoundError:
        return 0


def _content(there: Beneath, path: str, most: int) -> bytes:
    """Return what is in a file, up to a byte more than ``most``."""
    number, _ = there.open(path)
    with open(number, "rb") as file:
        return file.read(most + 1)


def remove_tree(path: str) -> None:
    """Remove a folder with all that is in it, of a link in it the link alone.

    Raises:
        OSError: it is no folder, or something in it can't be removed.
    """
    with Beneath(path) as top:
        # A folder is opened once, and left when there is nothing in it any more.
        waiting = [("", False)]
        while waiting:
            inside, is_empty = waiting.pop()
            if is_empty:
                last, folder = top.place(inside)
                os.rmdir(last, dir_fd=folder)
                continue
            if inside:
                waiting.append((inside, True))
            found = top.folder(inside)
            folder, base = (found, "") if isinstance(found, int) else (None, os.path.join(found, ""))
            if folder is not None:
                os.chmod(folder, 0o700)
            with os.scandir(found) as entries:
                kinds = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
            for name, is_folder in kinds:
                if is_folder:
                    waiting.append((f"{inside}/{name}" if inside else name, False))
                else:
                    os.unlink(base + name, dir_fd=folder)
    os.rmdir(path)


def _folders_of(path: str) -> Iterable[str]:
    """Yield the folders that a path lies in, from the top; of one that ends in ``/`` itself at last."""
    end = path.find("/")
    while end >= 0:
        yield path[:end]
        end = path.find("/", end + 1)
