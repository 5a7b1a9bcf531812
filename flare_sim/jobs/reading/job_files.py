"""Reads a job folder or zip file into memory, once, without ever hanging on it or writing to it.

Only regular files and folders count; anything else (FIFOs, devices, sockets, loops of links, names that cannot be
sent) is a problem of the job.  All problems are told, and what can be read is read.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.jobs.problems import Problems
from flare_sim.jobs.reading.folder import is_sendable, read_folder
from flare_sim.jobs.reading.limits import Budget, JobLimits, Stopped
from flare_sim.jobs.reading.no_job import tell_of_file, tell_of_folder, tell_of_no_path, tell_of_path
from flare_sim.untrusted_values import plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from flare_sim.jobs.problems import Problem

__all__ = ["JobFiles", "read_job_files"]


class JobFiles(NamedTuple):
    """What was read of a job."""

    name: str
    """The job folder's name; empty when there is no job."""
    files: dict[str, bytes]
    """Content by path inside the job, sorted, ``/`` between the parts; what could not be read is there, empty."""
    folders: tuple[str, ...]
    """The folders in it, empty ones too, sorted."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with what was read."""
    whole: bool = True
    """Whether all of it was looked at; if not, there is no more to say than the problems."""

    @classmethod
    def made_of(cls, name: str, read: Mapping[str, bytes], problems: Iterable[Problem] = ()) -> JobFiles:
        """Return what was read: content by path, where a path that ends in ``/`` is a folder."""
        files = {path: read[path] for path in sorted(read) if not path.endswith("/")}
        folders = {path[:end] for path in read for end, letter in enumerate(path) if letter == "/"}
        return cls(name, files, tuple(sorted(folders)), tuple(problems))

    def is_unread(self, path: str) -> bool:
        """Tell whether a file, or a folder it lies in, is there but could not be read."""
        unread = [problem.file for problem in self.problems if problem.file and not problem.warning]
        return any(path == name or path.startswith(name.removesuffix("/") + "/") for name in unread)


def read_job_files(
    path: Any,
    limits: JobLimits = JobLimits(),  # noqa: B008  (immutable)
    *,
    meta_files: Sequence[str] = ("meta.json",),
    any_folder: bool = False,
    linked_folders: bool = True,
) -> JobFiles:
    """Read everything in the job at ``path``.

    Args:
        path: a job folder, or a zip file of one (with the folder itself or its content at the top).
        limits: how large it may be.
        meta_files: the names its meta may have; what has none of them is no job, and not read.
        any_folder: read a folder even when it has no meta.
        linked_folders: whether what lies in a folder that is linked is read, too.
    """
    problems = Problems()
    try:
        name, files = _read(path, Budget(limits, problems), problems, meta_files, any_folder, linked_folders)
    except Stopped:
        return JobFiles("", {}, (), tuple(problems), whole=False)
    if not is_sendable(name):
        problems.tell("name-no-utf8", f"{shown(name)}, the name of the job folder, is no UTF-8")
    return JobFiles.made_of(name, files, problems)


def _read(
    path: Any,
    budget: Budget,
    problems: Problems,
    meta_files: Sequence[str],
    any_folder: bool,
    linked_folders: bool,
) -> tuple[str, dict[str, bytes]]:
    text = plain_text(path)
    if not text:
        tell_of_no_path(path, problems)
    try:
        mode = os.stat(text).st_mode
        if stat.S_ISDIR(mode):
            # Looked for first: a path that is no job at all may be a very large tree.
            if not any_folder and not _has_file(text, meta_files):
                tell_of_folder(text, meta_files, problems)
            files = read_folder(text, budget, problems, linked_folders=linked_folders)
            return os.path.basename(os.path.abspath(text)) or "job", files
        if stat.S_ISREG(mode):
            # Needed for zip files alone, and not quickly loaded.
            from flare_sim.jobs.reading.archive import is_zipfile, read_archive

            if is_zipfile(text):
                return read_archive(text, budget, problems, meta_files)
        tell_of_file(text, meta_files, problems)
    except (OSError, ValueError) as problem:
        tell_of_path(text, problem, problems)


def _has_file(folder: str, names: Sequence[str]) -> bool:
    paths = [os.path.join(folder, name) for name in names]
    return any(os.path.lexists(path) and not os.path.isdir(path) for path in paths)
