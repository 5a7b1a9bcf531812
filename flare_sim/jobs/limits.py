"""How large a job may be that the simulator reads: limits of its own, which NVFLARE has none of."""

from __future__ import annotations

from typing import Any, NamedTuple

from flare_sim.untrusted_values import plain_number, shown

__all__ = ["JobLimits", "checked_limits"]


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
