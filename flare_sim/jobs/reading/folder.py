"""Reads the files of a folder, and tells of everything in it that is no file or cannot be read."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from flare_sim.jobs.reading.no_job import reason
from flare_sim.untrusted_values import shown_path

if TYPE_CHECKING:
    from flare_sim.jobs.problems import Problems
    from flare_sim.jobs.reading.limits import Budget

__all__ = ["is_sendable", "read_folder"]

# A FIFO opened for reading would wait for a writer; a terminal would become ours.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NO_FILES = (
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class _Folder(NamedTuple):
    path: str
    inside: str
    """Its path inside the job, with a slash behind it; empty for the job itself."""
    above: tuple[tuple[int, int], ...]
    """Device and number of it and of the folders it lies in."""


class _Reader:
    def __init__(self, top: str, budget: Budget, problems: Problems, linked_folders: bool) -> None:
        self.files: dict[str, bytes] = {}
        self._top = top
        self._budget = budget
        self._problems = problems
        self._linked_folders = linked_folders

    def read(self, top: str) -> None:
        """Read everything below ``top``, each folder's files before its folders, by name."""
        waiting = [_Folder(top, "", (_identity(os.stat(top)),))]
        while waiting:
            folder = waiting.pop()
            if folder.inside:
                self._budget.take_folder(folder.inside)
            try:
                with os.scandir(folder.path) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except OSError as error:
                if not folder.inside:
                    raise
                self._cannot_be_read(folder.inside, error)
                continue
            if folder.inside and not entries:
                self.files[folder.inside] = b""
            waiting += reversed([below for entry in entries if (below := self._take(entry, folder)) is not None])

    def _take(self, entry: os.DirEntry[str], folder: _Folder) -> _Folder | None:
        """Read an entry if it is a file; return it if it is a folder to be read."""
        inside = folder.inside + entry.name
        if not is_sendable(entry.name):
            self._problems.tell(
                "name-no-utf8", f"{shown_path(inside)} is no UTF-8, and NVFLARE sends no such name", inside
            )
            return None
        try:
            status = entry.stat()
            if entry.is_symlink():
                self._tell_of_link(entry, inside, stat.S_ISDIR(status.st_mode))
            if not stat.S_ISDIR(status.st_mode):
                self._read_file(entry.path, inside, status)
                return None
        except OSError as error:
            self._cannot_be_read(inside, error, entry.path if entry.is_symlink() else None)
            return None
        if entry.is_symlink() and not self._linked_folders:
            self.files[inside + "/"] = b""
            return None
        identity = _identity(status)
        if identity in folder.above:
            link = f"{shown_path(inside)} is a link to {shown_path(os.readlink(entry.path))}"
            self._problems.tell("link-loop", f"{link}, a folder that it is in itself", inside)
            return None
        return _Folder(entry.path, inside + "/", (*folder.above, identity))

    def _read_file(self, path: str, inside: str, status: os.stat_result) -> None:
        if self._is_file(inside, status):
            self.files[inside] = b""
            # Another may have taken its place since it was looked at.
            number = os.open(path, _OPEN_FLAGS)
            try:
                status = os.fstat(number)
                if self._is_file(inside, status):
                    self.files[inside] = self._content(number, inside, status.st_size)
            finally:
                os.close(number)

    def _is_file(self, inside: str, status: os.stat_result) -> bool:
        if stat.S_ISREG(status.st_mode):
            return True
        what = next((name for is_one, name in _NO_FILES if is_one(status.st_mode)), "something else")
        self._problems.tell("no-file", f"{shown_path(inside)} is {what}, and not a file", inside)
        return False

    def _content(self, number: int, inside: str, size: int) -> bytes:
        self._budget.take_file(inside, size)
        content = b""
        while len(content) <= size and (piece := os.read(number, size + 1 - len(content))):
            content += piece
        if len(content) > size:
            self._problems.tell("file-changing", f"{shown_path(inside)} grew while it was read", inside)
        return content

    def _tell_of_link(self, entry: os.DirEntry[str], inside: str, is_folder: bool) -> None:
        link = f"{shown_path(inside)} is a link to {shown_path(os.readlink(entry.path))}"
        if is_folder:
            message = f"{link}, a folder, which NVFLARE's own client sends without its content"
            self._problems.tell("link-to-folder", message, inside, warning=True)
        elif not os.path.realpath(entry.path).startswith(os.path.realpath(self._top) + os.sep):
            message = f"{link}, which is not in the job; its content is sent in its place"
            self._problems.tell("link-outside", message, inside, warning=True)

    def _cannot_be_read(self, inside: str, error: OSError, link: str | None = None) -> None:
        name = inside.removesuffix("/")
        self.files[inside] = b""
        if link is None:
            self._problems.tell("unreadable", f"{shown_path(name)} cannot be read: {reason(error)}", name)
            return
        told = f"{shown_path(name)} is a link to {shown_path(os.readlink(link))}"
        if error.errno == errno.ELOOP:
            self._problems.tell("link-loop", f"{told}, which leads back to it", name)
        elif error.errno in (errno.ENOENT, errno.ENOTDIR):
            self._problems.tell("link-dangling", f"{told}, which is not there", name)
        else:
            self._problems.tell("unreadable", f"{told}, which cannot be read: {reason(error)}", name)


def read_folder(top: str, budget: Budget, problems: Problems, *, linked_folders: bool = True) -> dict[str, bytes]:
    """Read everything below ``top``.

    Args:
        top: the folder.
        budget: how much may be read.
        problems: where to tell of what can't be read.
        linked_folders: whether what lies in a folder that is linked is read, too; if not, the folder is empty, as it
            arrives from NVFLARE's own client (2.3.12, 2.9.0).

    Returns:
        Content by path inside the job, ``/`` between its parts; a path that ends in ``/`` is a folder that is empty.
        What can't be read is there, without content.

    Raises:
        LimitReached: it is larger than the budget.
        OSError: the folder itself is no folder any more.
    """
    reader = _Reader(top, budget, problems, linked_folders)
    reader.read(top)
    return reader.files


def is_sendable(name: str) -> bool:
    """Tell whether a name can be written as UTF-8, as names in NVFLARE's archives are."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
