"""How much of a job has been read, and how much more may be: looked at before what is limited costs anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Collection

    from flare_sim.jobs.limits import JobLimits
    from flare_sim.jobs.problems import Problems

__all__ = ["Budget", "Stopped"]

_ANY_ZIP = 16 << 20
"""A zip file may hold so many bytes, however small it is."""


class Stopped(Exception):
    """The problem has been told, and nothing more is read of the job."""


class Budget:
    """How much more of a job may be read.

    Args:
        limits: how much in all.
        problems: where to tell that it is not enough.
        meta_files: the names its meta may have.
    """

    __slots__ = ("_bytes", "_entries", "_folders", "_limits", "_meta_files", "_problems", "_short", "_unpacked")

    def __init__(self, limits: JobLimits, problems: Problems, meta_files: Collection[str]) -> None:
        self._limits = limits
        self._problems = problems
        self._meta_files = meta_files
        self._bytes = limits.max_job_bytes
        self._unpacked = limits.max_job_bytes
        self._entries = limits.max_job_files
        self._folders = {""}
        self._short = min(limits.max_name_bytes, limits.max_path_bytes)

    @property
    def entries(self) -> int:
        """How many more files and folders there may be."""
        return self._entries

    def of_zip_file(self, size: int) -> None:
        """Reckon with a job that is read of a zip file of so many bytes."""
        self._unpacked = max(_ANY_ZIP, self._limits.max_zip_ratio * size)

    def look_at_directory(self, content: bytes, size: int) -> None:
        """See that the directory at the end of a zip file is none of too many entries, before they are made of it.

        Args:
            content: it, or as much of it as could be read.
            size: its size, bytes.

        Raises:
            Stopped: it is.
        """
        entries = at = 0
        while at + _ENTRY <= len(content) and entries <= self._entries:
            entries += 1
            at += _ENTRY + sum(int.from_bytes(content[at + one : at + one + 2], "little") for one in _LENGTHS)
        if entries > self._entries or size > len(content):
            self.too_many("")

    def take_file(self, path: str, size: int) -> None:
        """Reckon with a file of ``size`` bytes, and the folders it lies in.

        Raises:
            Stopped: that is too much, or its path is too long or too deep.
        """
        limits = self._limits
        self._take_path(path)
        self._take_entry(path)
        self._bytes -= size
        self._unpacked -= size
        if path in self._meta_files and size > limits.max_meta_bytes:
            self._stop("max_meta_bytes", path, f"{path} is larger than {_size(limits.max_meta_bytes)}")
        if self._bytes < 0:
            self._stop("max_job_bytes", path, f"the job's files are larger than {_size(limits.max_job_bytes)} in all")
        if self._unpacked < 0:
            fact = f"the zip file holds more than {limits.max_zip_ratio} times as much as it is large"
            self._stop("max_zip_ratio", path, fact)

    def take_folder(self, path: str) -> None:
        """Reckon with a folder, whose path ends in a slash, and the folders it lies in.

        Raises:
            Stopped: that is too many, or its path is too long or too deep.
        """
        self._take_path(path)

    def too_many(self, path: str) -> NoReturn:
        """Tell that there are too many files and folders.

        Raises:
            Stopped: always.
        """
        fact = f"the job has more than {self._limits.max_job_files:,} files and folders"
        self._stop("max_job_files", path, fact)

    def _take_entry(self, path: str) -> None:
        self._entries -= 1
        if self._entries < 0:
            self.too_many(path)

    def _take_path(self, path: str) -> None:
        """Reckon with a path: with most of them there is nothing to do, as the folder they lie in is known."""
        folder = path.rpartition("/")[0]
        if folder not in self._folders or _bytes_of(path) > self._short:
            self._look_at_path(path, folder)

    def _look_at_path(self, path: str, folder: str) -> None:
        limits = self._limits
        if path.count("/") > limits.max_job_depth:
            self._stop("max_job_depth", path, f"the job has folders more than {limits.max_job_depth:,} deep")
        length = _bytes_of(path)
        if length > limits.max_path_bytes:
            fact = f"the job has paths of more than {limits.max_path_bytes:,} bytes"
            self._stop("max_path_bytes", path, fact)
        if length > limits.max_name_bytes and max(map(_bytes_of, path.split("/"))) > limits.max_name_bytes:
            fact = f"the job has names of more than {limits.max_name_bytes:,} bytes"
            self._stop("max_name_bytes", path, fact)
        while folder not in self._folders:
            self._folders.add(folder)
            self._take_entry(path)
            folder = folder.rpartition("/")[0]

    def _stop(self, limit: str, path: str, fact: str) -> NoReturn:
        from flare_sim.jobs.formats.failures import OWN_LIMIT

        message = f"{fact}, {OWN_LIMIT}"
        advice = f"raise it: ServerConfig({limit}=...) in Python, --{limit.replace('_', '-')} on the command line"
        self._problems.tell("simulators-limit", message, path[: self._limits.max_path_bytes], advice=advice)
        raise Stopped


_ENTRY = 46
"""Bytes of an entry of a zip file's directory, besides its name, what is added to it and a comment, whose"""
_LENGTHS = (28, 30, 32)
"""lengths are at these places in it."""


def _bytes_of(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _size(count: int) -> str:
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= size and count % size == 0:
            return f"{count // size:,} {unit}"
    return f"{count:,} bytes"
