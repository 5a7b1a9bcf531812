"""Opens what others may change meanwhile: regular files alone, and what lies in a folder never through a link.

What was looked at may be something else by the time it is opened, so what counts is what was opened.  Nothing here
waits, as a FIFO would let it, and nothing is opened outside the folder that was named.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    Handle = int | str

__all__ = ["Beneath", "NotRegular", "is_beneath", "open_regular"]

_FILE = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
    _FILE |= getattr(os, _name, 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = _FILE | getattr(os, "O_DIRECTORY", 0)
_BY_NUMBER = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
"""Whether folders can be held open, so that nobody can put another in their place; else they go by their paths."""
_IS_LINK = (errno.ELOOP, errno.EMLINK)
"""How systems say that a link was not followed."""
_KINDS = (
    (stat.S_ISLNK, "a link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class NotRegular(OSError):
    """Something is no regular file, and was not read.

    Attributes:
        what: it is instead, such as ``a FIFO``.
    """

    def __init__(self, mode: int) -> None:
        self.what = next((name for is_one, name in _KINDS if is_one(mode)), "something else")
        super().__init__(errno.EINVAL, f"It is {self.what}, and not a file")


def open_regular(path: str) -> tuple[int, int]:
    """Open a regular file for reading, at once; a link to one will do.

    Returns:
        Its number, for whoever closes it, and its size in bytes.

    Raises:
        NotRegular: it is none; only something that took its place since somebody looked is opened to find that out.
        OSError: it cannot be opened.
    """
    return _regular(os.open(path, _FILE))


def is_beneath(path: str, top: str) -> bool:
    """Tell whether a path lies in a folder, both without links and dots."""
    return path == top or path.startswith(top.rstrip(os.sep) + os.sep)


class Beneath:
    """A folder, and what lies in it, opened part by part and never through a link.

    Args:
        top: the folder's path, whose own links are followed: who names it means what it leads to.

    Raises:
        OSError: it is no folder, or cannot be opened.
    """

    def __init__(self, top: str) -> None:
        self._open: list[tuple[str, Handle]] = [("", os.open(top, _FOLDER) if _BY_NUMBER else top)]

    def folder(self, path: str) -> Handle:
        """Return a folder beneath it, for ``os.scandir`` and as ``dir_fd``, until the next one is asked for.

        Args:
            path: names with ``/`` between them, empty for the folder itself; none of them a dot or two.

        Raises:
            OSError: it is no folder, or one of the names is a link.
        """
        opened = self._open
        here, handle = opened[-1]
        while here and path != here and not path.startswith(f"{here}/"):
            _close(opened.pop()[1])
            here, handle = opened[-1]
        if path != here:
            for name in path[len(here) + 1 if here else 0 :].split("/"):
                here, handle = f"{here}/{name}" if here else name, _folder_in(handle, name)
                opened.append((here, handle))
        return handle

    def open(self, path: str) -> tuple[int, int]:
        """Open a regular file beneath it for reading, at once; see ``open_regular``.

        Raises:
            NotRegular: it is none, or a link to one.
            OSError: it cannot be opened, or does not lie in folders.
        """
        name, folder = self.place(path)
        if folder is None and os.path.islink(name):
            raise NotRegular(stat.S_IFLNK)
        try:
            return _regular(os.open(name, _FILE | _NO_LINK, dir_fd=folder))
        except OSError as problem:
            if problem.errno in _IS_LINK:
                raise NotRegular(stat.S_IFLNK) from problem
            raise

    def place(self, path: str) -> tuple[str, int | None]:
        """Return the name of something beneath it, and the number of the folder it lies in, for a ``dir_fd``.

        Where folders have no numbers it is the whole path, and None.

        Raises:
            OSError: where it lies is no folder, or one of the names on the way is a link.
        """
        inside, _, name = path.rpartition("/")
        folder = self.folder(inside)
        return (name, folder) if isinstance(folder, int) else (os.path.join(folder, name), None)

    def look(self, path: str) -> os.stat_result:
        """Return what is known of something beneath it, of a link what is known of that.

        Raises:
            OSError: it is not there, or where it lies is no folder.
        """
        name, folder = self.place(path)
        return os.stat(name, dir_fd=folder, follow_symlinks=False)

    def close(self) -> None:
        """Let go of all folders."""
        while self._open:
            _close(self._open.pop()[1])

    def __enter__(self) -> Beneath:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


def _regular(number: int) -> tuple[int, int]:
    try:
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode):
            raise NotRegular(status.st_mode)
    except BaseException:
        os.close(number)
        raise
    return number, status.st_size


def _folder_in(folder: Handle, name: str) -> Handle:
    if isinstance(folder, int):
        return os.open(name, _FOLDER | _NO_LINK, dir_fd=folder)
    path = os.path.join(folder, name)
    if os.path.islink(path):
        raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
    return path


def _close(handle: Handle) -> None:
    if isinstance(handle, int):
        os.close(handle)
