"""Reads a job folder or zip file into memory, once, without ever hanging on it or writing to it.

The result is a plain copy.  Only regular files and folders count; anything
else (FIFOs, devices, sockets, symlink loops, names no file can have) is a definition that is no good.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.spec import InvalidJobDefinition
from flare_sim.untrusted_values import plain_name, plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zipfile import ZipFile

__all__ = ["META_FILE", "MOST_BYTES", "MOST_FILES", "JobFiles", "folders_of", "read_job_files"]

META_FILE = "meta.json"
MOST_FILES = 20_000
"""A job has no more files."""
MOST_BYTES = 1 << 30
"""A job's files are no larger in all, bytes (1 GiB)."""
_DEEPEST = 64
# A FIFO opened for reading would wait for a writer; a terminal would become ours.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class JobFiles(NamedTuple):
    """What is in a job folder or zip file; paths are relative, with ``/``."""

    name: str
    """The folder's name."""
    files: dict[str, bytes]
    """Path -> content, sorted."""
    folders: tuple[str, ...]
    """The folders in it, empty ones too, sorted."""


def folders_of(files: Iterable[str]) -> tuple[str, ...]:
    """Return the folders that files are in."""
    return tuple(sorted({path[:end] for path in files for end, letter in enumerate(path) if letter == "/"}))


def read_job_files(path: Any, *, any_folder: bool = False) -> JobFiles:
    """Read everything in the job at ``path``.

    Args:
        path: a job folder, or a zip file of one (with the folder itself or its content at the top).
        any_folder: read a folder even when it has no meta.json.

    Raises:
        InvalidJobDefinition: there is no job that could be read; the message says what is wrong where.
    """
    text = plain_text(path)
    if text is None:
        raise InvalidJobDefinition(f"the job definition path must be a str, not a {plain_name(path)[:80]}")
    if not text:
        raise InvalidJobDefinition("the job definition path is empty")
    try:
        where = os.path.abspath(text)
        mode = os.stat(where).st_mode
        if stat.S_ISDIR(mode):
            name, (files, folders) = os.path.basename(where) or "job", _read_folder(where, any_folder)
        elif stat.S_ISREG(mode):
            name, files = _read_zip(where)
            folders = folders_of(files)
        else:
            raise InvalidJobDefinition(f"{shown(text)} is neither a folder nor a file")
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or plain_name(problem)
        raise InvalidJobDefinition(f"{shown(text)} cannot be read: {reason}") from problem
    return JobFiles(name, dict(sorted(files.items())), tuple(sorted(folders)))


class _Budget:
    """How much more may be read."""

    __slots__ = ("bytes", "files")

    def __init__(self) -> None:
        self.files = MOST_FILES
        self.bytes = MOST_BYTES

    def take(self, size: int) -> None:
        self.files -= 1
        self.bytes -= size
        if self.files < 0:
            raise InvalidJobDefinition(f"the job has more than {MOST_FILES} files")
        if self.bytes < 0:
            raise InvalidJobDefinition(f"the job's files are larger than {MOST_BYTES} bytes in all")


def _read_folder(top: str, any_folder: bool) -> tuple[dict[str, bytes], Iterable[str]]:
    # Looked for first: a path that is no job at all may be a very large tree.
    if not any_folder and not os.path.lexists(os.path.join(top, META_FILE)):
        with os.scandir(top) as entries:
            state = "has no meta.json" if any(entries) else "is an empty folder"
        raise InvalidJobDefinition(f"{shown(top)} {state}")
    files: dict[str, bytes] = {}
    folders: list[str] = []
    budget = _Budget()
    status = os.stat(top)
    waiting: list[tuple[str, str, tuple[tuple[int, int], ...]]] = [(top, "", ((status.st_dev, status.st_ino),))]
    while waiting:
        folder, prefix, above = waiting.pop()
        if len(above) > _DEEPEST:
            raise InvalidJobDefinition(f"the job has folders more than {_DEEPEST} deep: {shown(prefix)}")
        with os.scandir(folder) as entries:
            for entry in entries:
                inside = prefix + entry.name
                status = entry.stat()
                if stat.S_ISDIR(status.st_mode):
                    here = (status.st_dev, status.st_ino)
                    if here in above:
                        raise InvalidJobDefinition(f"{shown(inside)} is a folder that contains itself")
                    folders.append(inside)
                    waiting.append((entry.path, inside + "/", (*above, here)))
                elif stat.S_ISREG(status.st_mode):
                    files[inside] = _read_file(entry.path, inside, budget)
                else:
                    raise InvalidJobDefinition(f"{shown(inside)} is not a regular file")
    return files, folders


def _read_file(path: str, inside: str, budget: _Budget) -> bytes:
    """Read a file that was a regular one a moment ago; another may have taken its place."""
    number = os.open(path, _OPEN_FLAGS)
    try:
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode):
            raise InvalidJobDefinition(f"{shown(inside)} is not a regular file")
        budget.take(status.st_size)
        content = b""
        while len(content) <= status.st_size and (piece := os.read(number, status.st_size + 1 - len(content))):
            content += piece
    finally:
        os.close(number)
    if len(content) > status.st_size:
        raise InvalidJobDefinition(f"{shown(inside)} grew while it was read")
    return content


def _read_zip(path: str) -> tuple[str, dict[str, bytes]]:
    from zipfile import ZipFile, is_zipfile

    if not is_zipfile(path):
        raise InvalidJobDefinition(f"{shown(path)} is a file, but not a zip file")
    try:
        with ZipFile(path) as archive:
            files = _read_archive(archive)
    except InvalidJobDefinition:
        raise
    except Exception as problem:  # the reading of a damaged archive fails in too many ways to list
        raise InvalidJobDefinition(f"{shown(path)} is a damaged zip file: {plain_name(problem)}") from problem
    if META_FILE in files:
        return os.path.splitext(os.path.basename(path))[0] or "job", files
    tops = sorted({name.split("/", 1)[0] for name in files})
    if not tops:
        raise InvalidJobDefinition(f"{shown(path)} is an empty zip file")
    prefix = tops[0] + "/"
    if len(tops) > 1 or prefix + META_FILE not in files:
        raise InvalidJobDefinition(f"{shown(path)} has no meta.json")
    return tops[0], {name[len(prefix) :]: content for name, content in files.items()}


def _read_archive(archive: ZipFile) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    budget = _Budget()
    for info in archive.infolist():
        name = info.filename
        if name.endswith("/"):
            continue
        if "\\" in name or ":" in name or any(part in ("", ".", "..") for part in name.split("/")):
            raise InvalidJobDefinition(f"the zip file has an entry outside its folder: {shown(name)}")
        if name in files:
            raise InvalidJobDefinition(f"the zip file has {shown(name)} twice")
        budget.take(info.file_size)
        with archive.open(info) as file:
            content = file.read(info.file_size + 1)
        if len(content) > info.file_size:
            raise InvalidJobDefinition(f"the zip file's entry {shown(name)} is larger than it says")
        files[name] = content
    return files
