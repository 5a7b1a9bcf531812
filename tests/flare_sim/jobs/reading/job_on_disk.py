"""What is read of jobs that the tests put on a disk."""

from __future__ import annotations

import os
import zipfile
from typing import TYPE_CHECKING, Any

from flare_sim.jobs.reading.job_files import read_job_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from flare_sim.jobs.problems import Problem

__all__ = ["only_problem", "refusing", "told", "zip_job"]


def told(path: Any, **options: Any) -> list[tuple[str, str, bool]]:
    """The kind, the file and whether it is only a warning, of each problem of reading a job."""
    problems = read_job_files(path, **options).problems
    return [(problem.kind, problem.file, problem.warning) for problem in problems]


def only_problem(path: Any, **options: Any) -> Problem:
    """The problem of reading a job that has one."""
    (problem,) = read_job_files(path, **options).problems
    return problem


def zip_job(target: Path, files: Mapping[str, str], prefix: str = "small/") -> str:
    """Write a zip file of a job; returns its path."""
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(prefix, "") if prefix else None
        for path, content in files.items():
            archive.writestr(prefix + path, content)
    return str(target)


def refusing(name: str) -> Callable[..., int]:
    """``os.open`` that may not open what is called so."""
    real = os.open

    def opened(path: str, *flags: Any, **folder: Any) -> int:
        if os.path.basename(path) == name:
            raise PermissionError(13, "Permission denied", path)
        return real(path, *flags, **folder)

    return opened
