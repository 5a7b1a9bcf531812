"""Folders with what is in them: made, written, laid over others, removed; never through a link, however deep."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from flare_sim.disk.opening import Beneath
from flare_sim.untrusted_values import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Tree = Sequence[tuple[str, bytes]]
    """(Path inside, content) pairs; a path that ends in ``/`` is an empty folder."""

__all__ = ["folders_made", "laid_over", "remove_tree", "write_tree"]


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
    made = {""}
    for path, content in tree:
        if any(part in ("", ".", "..") for part in path.removesuffix("/").split("/")):
            raise ValueError(f"{shown_path(path)} is no path inside a folder")
        for inside in _folders_of(path):
            if inside not in made:
                os.mkdir(os.path.join(folder, inside))
                made.add(inside)
        if not path.endswith("/"):
            with open(os.path.join(folder, path), "xb") as file:
                file.write(content)


def laid_over(written: str, tree: Tree, there: Beneath) -> bool:
    """Move a tree that was written over what is there, where files may give way to files and nothing else to anything.

    Args:
        written: the folder that it was written into, by ``write_tree``.
        tree: the same.
        there: the folder that it goes to.

    Returns:
        Whether it was; if not, as a link, a folder or something else is in its way, nothing has changed.

    Raises:
        OSError: the file system refused.
    """
    if not all(_has_room(there, path) for path, _ in tree):
        return False
    made = {""}
    for path, _ in tree:
        for inside in _folders_of(path):
            if inside not in made:
                made.add(inside)
                name, folder = there.place(inside)
                try:
                    os.mkdir(name, dir_fd=folder)
                except FileExistsError:
                    there.folder(inside)
        if not path.endswith("/"):
            name, folder = there.place(path)
            os.replace(os.path.join(written, path), name, dst_dir_fd=folder)
    return True


def _has_room(there: Beneath, path: str) -> bool:
    """Tell whether a path is free, or a file that may be replaced, or the folder that it is to be."""
    for inside in _folders_of(path):
        kind = _kind(there, inside)
        if kind != stat.S_IFDIR:
            return kind == 0
    return path.endswith("/") or _kind(there, path) in (0, stat.S_IFREG)


def _kind(there: Beneath, path: str) -> int:
    try:
        return stat.S_IFMT(there.look(path).st_mode)
    except FileNotFoundError:
        return 0


def remove_tree(path: str) -> None:
    """Remove a folder with all that is in it, of a link in it the link alone.

    Raises:
        OSError: it is no folder, or something in it can't be removed.
    """
    with Beneath(path) as top:
        folders = [""]
        for inside in folders:
            found = top.folder(inside)
            if isinstance(found, int):
                os.chmod(found, 0o700)
            with os.scandir(found) as entries:
                kinds = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
            for name, is_folder in kinds:
                below = f"{inside}/{name}" if inside else name
                if is_folder:
                    folders.append(below)
                else:
                    last, folder = top.place(below)
                    os.unlink(last, dir_fd=folder)
        for inside in reversed(folders[1:]):
            last, folder = top.place(inside)
            os.rmdir(last, dir_fd=folder)
    os.rmdir(path)


def _folders_of(path: str) -> Iterable[str]:
    """Yield the folders that a path lies in, from the top; of one that ends in ``/`` itself at last."""
    end = path.find("/")
    while end >= 0:
        yield path[:end]
        end = path.find("/", end + 1)
