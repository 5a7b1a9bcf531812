"""Reads the files of a zip file, and tells of everything in it that no job may have."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, is_zipfile

from flare_sim.disk.contents import PIECE, Contents
from flare_sim.jobs.reading.budget import Stopped
from flare_sim.jobs.reading.no_job import tell_of_archive
from flare_sim.untrusted_values import plain_name, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, BinaryIO
    from zipfile import ZipInfo

    from flare_sim.disk.contents import Content
    from flare_sim.jobs.problems import Problems
    from flare_sim.jobs.reading.budget import Budget

__all__ = ["is_zipfile", "read_archive"]

_ENCRYPTED = 0x1
_LONGEST_END = (1 << 16) + 22
"""Where the directory of a zip file begins is said within so many bytes of its end."""
_LONGEST_ENTRY = 1 << 11
"""An entry in the directory has more bytes only if its name is longer than any file's, or for a long comment."""


def read_archive(
    path: str, file: BinaryIO, budget: Budget, problems: Problems, meta_files: Sequence[str]
) -> tuple[str, dict[str, Content]]:
    """Read everything in the zip file of a job.

    Args:
        path: of the zip file, with the job folder or its content at the top.
        file: the zip file itself, open.
        budget: how much may be read.
        problems: where to tell of what is no good.
        meta_files: the names its meta may have.

    Returns:
        The job folder's name, and content by path inside it, ``/`` between the parts; a path that ends in ``/`` is a
        folder.  What can't be read is there, without content.

    Raises:
        Stopped: there is no job in it, or one that is larger than the budget.
        OSError: the file cannot be read.
        InternalError: what is in it cannot be kept.
    """
    budget.of_zip_file(os.fstat(file.fileno()).st_size)
    try:
        archive = _opened(file, budget)
    except BadZipFile as problem:
        problems.tell("zip-damaged", f"{shown_path(path)} is a damaged zip file: {problem}")
        raise Stopped from problem
    with archive:
        names = archive.namelist()
        if len(names) > budget.entries:
            budget.too_many("")
        name, prefix = os.path.splitext(os.path.basename(path))[0] or "job", ""
        if not _has_meta(names, prefix, meta_files):
            name = names[0].split("/", 1)[0] if names else ""
            prefix = name + "/"
            if not all(other.startswith(prefix) for other in names) or not _has_meta(names, prefix, meta_files):
                tell_of_archive(path, names, meta_files, problems)
        files = _read(archive, len(prefix), budget, problems)
    files.pop("", None)  # the job folder itself
    return name, files


class _Watched:
    """A zip file while ``ZipFile`` reads its directory, which it does at one go, and makes an object of each entry."""

    def __init__(self, file: BinaryIO, budget: Budget) -> None:
        self.budget: Budget | None = budget
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if self.budget is None or size <= _LONGEST_END:
            return self._file.read(size)
        content = self._file.read(min(size, self.budget.entries * _LONGEST_ENTRY))
        self.budget.look_at_directory(content, min(size, os.fstat(self._file.fileno()).st_size))
        return content

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _opened(file: BinaryIO, budget: Budget) -> ZipFile:
    watched = _Watched(file, budget)
    try:
        archive = ZipFile(watched)
    except (BadZipFile, OSError, Stopped):
        raise
    except Exception as problem:  # the reading of a damaged archive fails in too many ways to list
        no_text = isinstance(problem, UnicodeDecodeError)
        raise BadZipFile("a name in it is no UTF-8" if no_text else plain_name(problem)) from problem
    watched.budget = None
    return archive


def _has_meta(names: Sequence[str], prefix: str, meta_files: Sequence[str]) -> bool:
    return any(prefix + meta in names for meta in meta_files)


def _read(archive: ZipFile, prefix: int, budget: Budget, problems: Problems) -> dict[str, Content]:
    entries: dict[str, ZipInfo] = {}
    for entry in archive.infolist():
        name = entry.filename[prefix:]
        if not _is_inside(entry.filename):
            problems.tell("zip-outside", f"the zip file has an entry outside its folder: {shown_path(entry.filename)}")
        elif name in entries:
            problems.tell("zip-twice", f"{shown_path(name)} is in the zip file twice", name)
        else:
            entries[name] = entry
            if not name or name.endswith("/"):
                budget.take_folder(name)
            else:
                budget.take_file(name, entry.file_size)
    contents = Contents()
    return {
        name: b"" if not name or name.endswith("/") else _content(archive, entry, name, contents, problems)
        for name, entry in entries.items()
    }


def _is_inside(name: str) -> bool:
    parts = name.removesuffix("/").split("/")
    return "\\" not in name and ":" not in name and not any(part in ("", ".", "..") for part in parts)


def _content(archive: ZipFile, entry: ZipInfo, name: str, contents: Contents, problems: Problems) -> Content:
    if stat.S_ISLNK(entry.external_attr >> 16):
        problems.tell("no-file", f"{shown_path(name)} is a link, and not a file", name)
    elif entry.flag_bits & _ENCRYPTED:
        problems.tell("zip-damaged", f"{shown_path(name)} is encrypted", name)
    elif entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        method = f"by method {entry.compress_type} of zip files"
        problems.tell(
            "zip-method", f"{shown_path(name)} is compressed {method}, which the simulator does not read", name
        )
    else:
        try:
            return contents.of_pieces(_unpacked(archive, entry), entry.file_size)
        except BadZipFile as problem:
            problems.tell("zip-damaged", f"{shown_path(name)} {problem}", name)
    return b""


def _unpacked(archive: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    """Yield what is in an entry.

    Raises:
        BadZipFile: that is damaged, or larger than it is said to be; the message goes on from the entry's name.
    """
    left = entry.file_size
    try:
        with archive.open(entry) as file:
            while piece := file.read(PIECE):
                left -= len(piece)
                if left < 0:
                    break
                yield piece
    except Exception as problem:  # as above
        told = str(problem) if isinstance(problem, BadZipFile) else plain_name(problem)
        raise BadZipFile(f"is damaged in the zip file: {told}") from problem
    if left < 0:
        raise BadZipFile("is larger than the zip file says")
