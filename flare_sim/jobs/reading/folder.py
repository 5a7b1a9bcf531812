"""Reads the files of a folder, and tells of everything in it that is no file or cannot be read.

Links are followed inside the folder, and not out of it: what lies elsewhere on the disk is nothing of the job.
"""

from __future__ import annotations

import errno
import os
import stat
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from flare_sim.disk.contents import Contents
from flare_sim.disk.file_errors import reason
from flare_sim.disk.opening import Beneath, NotRegular, is_beneath, open_regular
from flare_sim.untrusted_values import shown_path

if TYPE_CHECKING:
    from flare_sim.disk.contents import Content
    from flare_sim.jobs.problems import Problems
    from flare_sim.jobs.reading.budget import Budget
    from flare_sim.personality.job_rules import JobRules

__all__ = ["is_sendable", "read_folder"]


class _Folder(NamedTuple):
    real: str
    """Where it lies beneath the job's folder, without links."""
    inside: str
    """Its path inside the job, with a slash behind it; empty for the job itself."""
    above: tuple[str, ...]
    """Where it and the folders that led to it lie."""


class _Reader:
    def __init__(self, top: str, budget: Budget, problems: Problems, rules: JobRules) -> None:
        self.files: dict[str, Content] = {}
        self._contents = Contents()
        self._top = top
        self._budget = budget
        self._problems = problems
        self._rules = rules

    def read(self) -> None:
        """Read everything below the top, each folder's files before its folders, by name."""
        with Beneath(self._top) as beneath:
            waiting = [_Folder("", "", ("",))]
            while waiting:
                folder = waiting.pop()
                if folder.inside:
                    self._budget.take_folder(folder.inside)
                try:
                    with os.scandir(beneath.folder(folder.real)) as found:
                        entries = sorted(
                            (entry.name, _kind(entry)) for entry in islice(found, self._budget.entries + 1)
                        )
                        if len(entries) > self._budget.entries:
                            self._budget.too_many(folder.inside)
                except OSError as error:
                    if not folder.inside:
                        raise
                    self._cannot_be_read(folder.inside, error)
                    continue
                if folder.inside and not entries:
                    self.files[folder.inside] = b""
                below = [self._take(name, kind, folder, beneath) for name, kind in entries]
                waiting += reversed([one for one in below if one is not None])

    def _take(self, name: str, kind: str, folder: _Folder, beneath: Beneath) -> _Folder | None:
        """Read an entry if it is a file; return it if it is a folder to be read."""
        inside = folder.inside + name
        real = f"{folder.real}/{name}" if folder.real else name
        if not is_sendable(name):
            self._problems.tell(
                "name-no-utf8", f"{shown_path(inside)} is no UTF-8, and NVFLARE sends no such name", inside
            )
            return None
        link = os.path.join(self._top, real) if kind == "link" else None
        try:
            if link is not None:
                return self._follow(link, inside, folder, beneath)
            return self._take_real(real, kind, inside, folder, beneath)
        except NotRegular as problem:
            self._problems.tell("no-file", f"{shown_path(inside)} is {problem.what}, and not a file", inside)
        except OSError as error:
            self._cannot_be_read(inside, error, link)
        return None

    def _take_real(self, real: str, kind: str, inside: str, folder: _Folder, beneath: Beneath) -> _Folder | None:
        if kind == "folder":
            return _Folder(real, inside + "/", (*folder.above, real))
        self.files[inside] = b""
        if kind != "file":
            raise NotRegular(beneath.look(real).st_mode)
        self.files[inside] = self._content(beneath.open(real), inside)
        return None

    def _follow(self, link: str, inside: str, folder: _Folder, beneath: Beneath) -> _Folder | None:
        """Take what a link leads to if it lies in the job; where it lies is opened anew, link by no link."""
        mode = os.stat(link).st_mode
        told = f"{shown_path(inside)} is a link to {shown_path(os.readlink(link))}"
        top, real = os.path.realpath(self._top), os.path.realpath(link)
        inner = is_beneath(real, top)
        if stat.S_ISDIR(mode) and (inner or not self._rules.reads_linked_folders):
            message = f"{told}, a folder, which NVFLARE's own client sends without its content"
            self._problems.tell("link-to-folder", message, inside, warning=True)
            if not self._rules.reads_linked_folders:
                self.files[inside + "/"] = b""
                return None
        if inner:
            where = "" if real == top else os.path.relpath(real, top).replace(os.sep, "/")
            if where in folder.above:
                self._problems.tell("link-loop", f"{told}, a folder that it is in itself", inside)
                return None
            return self._take_real(where, _kind_of(beneath.look(where).st_mode), inside, folder, beneath)
        self.files[inside] = b""
        if self._rules.follows_links and not stat.S_ISDIR(mode):
            self.files[inside] = self._content(open_regular(real), inside)
            message, warning = f"{told}, which is not in the job; its content is sent in its place", True
        else:
            message, warning = f"{told}, which is not in the job, and nothing outside of it is read", False
        self._problems.tell("link-outside", message, inside, warning=warning)
        return None

    def _content(self, opened: tuple[int, int], inside: str) -> Content:
        number, size = opened
        try:
            self._budget.take_file(inside, size)
            content, grown = self._contents.of_file(number, size)
        finally:
            os.close(number)
        if grown:
            self._problems.tell("file-changing", f"{shown_path(inside)} grew while it was read", inside)
        return content

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


def read_folder(top: str, budget: Budget, problems: Problems, rules: JobRules) -> dict[str, Content]:
    """Read everything below ``top``.

    Args:
        top: the folder.
        budget: how much may be read.
        problems: where to tell of what can't be read.
        rules: which links are followed.

    Returns:
        Content by path inside the job, ``/`` between its parts; a path that ends in ``/`` is a folder that is empty.
        What can't be read is there, without content.

    Raises:
        Stopped: it is larger than the budget.
        OSError: the folder itself is no folder any more.
        InternalError: what is in it cannot be kept.
    """
    reader = _Reader(top, budget, problems, rules)
    reader.read()
    return reader.files


def is_sendable(name: str) -> bool:
    """Tell whether a name can be written as UTF-8, as names in NVFLARE's archives are."""
    if name.isascii():
        return True
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "link"
    if entry.is_file(follow_symlinks=False):
        return "file"
    return "folder" if entry.is_dir(follow_symlinks=False) else "other"


def _kind_of(mode: int) -> str:
    if stat.S_ISREG(mode):
        return "file"
    return "folder" if stat.S_ISDIR(mode) else "other"
