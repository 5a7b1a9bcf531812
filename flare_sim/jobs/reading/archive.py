"""Reads the files of a zip file, and tells of everything in it that no job may have."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile, is_zipfile

from flare_sim.jobs.reading.limits import Stopped
from flare_sim.jobs.reading.no_job import tell_of_archive
from flare_sim.untrusted_values import plain_name, shown_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO
    from zipfile import ZipInfo

    from flare_sim.jobs.problems import Problems
    from flare_sim.jobs.reading.limits import Budget

__all__ = ["is_zipfile", "read_archive"]

_ENCRYPTED = 0x1


def read_archive(
    path: str, file: BinaryIO, budget: Budget, problems: Problems, meta_files: Sequence[str]
) -> tuple[str, dict[str, bytes]]:
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
    """
    try:
        archive = _opened(file)
    except BadZipFile as problem:
        problems.tell("zip-damaged", f"{shown_path(path)} is a damaged zip file: {problem}")
        raise Stopped from problem
    with archive:
        names = archive.namelist()
        name, prefix = os.path.splitext(os.path.basename(path))[0] or "job", ""
        if not _has_meta(names, prefix, meta_files):
            name = names[0].split("/", 1)[0] if names else ""
            prefix = name + "/"
            if not all(other.startswith(prefix) for other in names) or not _has_meta(names, prefix, meta_files):
                tell_of_archive(path, names, meta_files, problems)
        files = _read(archive, len(prefix), budget, problems)
    files.pop("", None)  # the job folder itself
    return name, files


def _opened(file: BinaryIO) -> ZipFile:
    try:
        return ZipFile(file)
    except (BadZipFile, OSError):
        raise
    except Exception as problem:  # the reading of a damaged archive fails in too many ways to list
        no_text = isinstance(problem, UnicodeDecodeError)
        raise BadZipFile("a name in it is no UTF-8" if no_text else plain_name(problem)) from problem


def _has_meta(names: Sequence[str], prefix: str, meta_files: Sequence[str]) -> bool:
    return any(prefix + meta in names for meta in meta_files)


def _read(archive: ZipFile, prefix: int, budget: Budget, problems: Problems) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for entry in archive.infolist():
        name = entry.filename[prefix:]
        if not _is_inside(entry.filename):
            problems.tell("zip-outside", f"the zip file has an entry outside its folder: {shown_path(entry.filename)}")
        elif name in files:
            problems.tell("zip-twice", f"{shown_path(name)} is in the zip file twice", name)
        elif not name or name.endswith("/"):
            budget.take_folder(name)
            files[name] = b""
        else:
            budget.take_file(name, entry.file_size)
            files[name] = _content(archive, entry, name, problems)
    return files


def _is_inside(name: str) -> bool:
    parts = name.removesuffix("/").split("/")
    return "\\" not in name and ":" not in name and not any(part in ("", ".", "..") for part in parts)


def _content(archive: ZipFile, entry: ZipInfo, name: str, problems: Problems) -> bytes:
    if stat.S_ISLNK(entry.external_attr >> 16):
        problems.tell("no-file", f"{shown_path(name)} is a link, and not a file", name)
    elif entry.flag_bits & _ENCRYPTED:
        problems.tell("zip-damaged", f"{shown_path(name)} is encrypted", name)
    else:
        try:
            content = _unpacked(archive, entry)
        except BadZipFile as problem:
            problems.tell("zip-damaged", f"{shown_path(name)} is damaged in the zip file: {problem}", name)
        else:
            if len(content) <= entry.file_size:
                return content
            problems.tell("zip-damaged", f"{shown_path(name)} is larger than the zip file says", name)
    return b""


def _unpacked(archive: ZipFile, entry: ZipInfo) -> bytes:
    try:
        with archive.open(entry) as file:
            return file.read(entry.file_size + 1)
    except Exception as problem:  # as above
        raise BadZipFile(str(problem) if isinstance(problem, BadZipFile) else plain_name(problem)) from problem
