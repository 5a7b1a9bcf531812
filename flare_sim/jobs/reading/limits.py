"""How large a job may be: limits of the simulator's own, as it keeps jobs in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from flare_sim.jobs.formats.failures import OWN_LIMIT
from flare_sim.untrusted_values import plain_number, shown

if TYPE_CHECKING:
    from flare_sim.jobs.problems import Problems

__all__ = ["Budget", "JobLimits", "Stopped", "checked_limits"]


class JobLimits(NamedTuple):
    """How large a job may be that the simulator reads.  The limits are its own: NVFLARE has none of them."""

    max_job_bytes: int = 1 << 30
    """A job's files are no larger in all, bytes (1 GiB)."""
    max_job_files: int = 20_000
    """A job has no more files, and no more folders."""
    max_job_depth: int = 64
    """A job's folders are nested no deeper."""


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
    """

    __slots__ = ("_bytes", "_files", "_folders", "_limits", "_problems")

    def __init__(self, limits: JobLimits, problems: Problems) -> None:
        self._limits = limits
        self._problems = problems
        self._bytes = limits.max_job_bytes
        self._files = self._folders = limits.max_job_files

    def take_file(self, path: str, size: int) -> None:
        """Reckon with a file of ``size`` bytes.

        Raises:
            Stopped: that is too much, or it lies too deep.
        """
        self._files -= 1
        self._bytes -= size
        if self._files < 0:
            self._stop("max_job_files", path, f"the job has more than {self._limits.max_job_files:,} files")
        if self._bytes < 0:
            size_in_all = _size(self._limits.max_job_bytes)
            self._stop("max_job_bytes", path, f"the job's files are larger than {size_in_all} in all")
        self._look_at_depth(path)

    def take_folder(self, path: str) -> None:
        """Reckon with a folder, whose path ends in a slash.

        Raises:
            Stopped: that is too many, or it lies too deep.
        """
        self._folders -= 1
        if self._folders < 0:
            self._stop("max_job_files", path, f"the job has more than {self._limits.max_job_files:,} folders")
        self._look_at_depth(path)

    def _look_at_depth(self, path: str) -> None:
        if path.count("/") > self._limits.max_job_depth:
            self._stop("max_job_depth", path, f"the job has folders more than {self._limits.max_job_depth:,} deep")

    def _stop(self, limit: str, path: str, fact: str) -> NoReturn:
        message = f"{fact}, {OWN_LIMIT}"
        advice = f"raise it: ServerConfig({limit}=...) in Python, --{limit.replace('_', '-')} on the command line"
        self._problems.tell("simulators-limit", message, path, advice=advice)
        raise Stopped


def _size(count: int) -> str:
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= size and count % size == 0:
            return f"{count // size:,} {unit}"
    return f"{count:,} bytes"
