"""How large a job may be: limits of the simulator's own, looked at before what they limit costs anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from flare_sim.untrusted_values import plain_number, shown

if TYPE_CHECKING:
    from collections.abc import Collection

    from flare_sim.jobs.problems import Problems

__all__ = ["Budget", "JobLimits", "Stopped", "checked_limits"]

_ANY_ZIP = 16 << 20
"""A zip file may hold so many bytes, however small it is."""


class JobLimits(NamedTuple):
    """How large a job may be that the simulator reads.  The limits are its own: NVFLARE has none of them."""

    max_job_bytes: int = 1 << 30
    """A job's files are no larger in all, bytes (1 GiB)."""
    max_job_files: int = 10_000
    """A job has no more files and folders together."""
    max_job_depth: int = 64
    """A job's folders are nested no deeper."""
    max_name_bytes: int = 255
    """The name of a file or folder is no longer, bytes of UTF-8; most file systems take no longer ones."""
    max_path_bytes: int = 1024
    """The path of a file inside the job is no longer, bytes of UTF-8."""
    max_meta_bytes: int = 1 << 19
    """A job's meta is no larger, bytes (512 KiB)."""
    max_zip_ratio: int = 50
    """What is in a zip file of a job is no more than so many times as large as it, or 16 MiB."""


def checked_limits(limits: Any) -> JobLimits:
    """Return limits with plain values.

    Raises:
        ValueError: they are none, or a value in them makes no sense; the message names it.
    """
    values = tuple(tuple.__iter__(limits)) if issubclass(type(limits), JobLimits) else ()
    if len(values) != len(JobLimits._fields):
        raise ValueError(f"limits must be JobLimits, not {shown(limits)}")
    numbers = [plain_number(value) for value in values]
    for name, number, value in zip(JobLimits._fields, numbers, values, strict=True):
        if type(number) is not int or number < 1:
            raise ValueError(f"{name} must be a whole number above 0, not {shown(value)}")
    return JobLimits._make(numbers)


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
