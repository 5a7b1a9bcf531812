"""Reads a job folder or zip file into memory, once, without ever hanging on it or writing to it.

Only regular files and folders count; anything else (FIFOs, devices, sockets, loops of links, names that cannot be
sent) is a problem of the job.  All problems are told, and what can be read is read.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.disk.opening import NotRegular, open_regular
from flare_sim.jobs.limits import JobLimits
from flare_sim.jobs.meta_formats import meta_files
from flare_sim.jobs.problems import Problems
from flare_sim.jobs.reading.budget import Budget, Stopped
from flare_sim.jobs.reading.folder import is_sendable, read_folder
from flare_sim.jobs.reading.no_job import NO_META, tell_of_file, tell_of_folder, tell_of_path, tell_of_zip_file
from flare_sim.personality.job_rules import CONTRACT
from flare_sim.untrusted_values import plain_name, plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flare_sim.disk.contents import Content
    from flare_sim.jobs.problems import Problem
    from flare_sim.personality.job_rules import JobRules

__all__ = ["JobFiles", "read_job_files"]


class JobFiles(NamedTuple):
    """What was read of a job."""

    name: str
    """The job folder's name, or what it would be."""
    files: dict[str, Content]
    """Content by path inside the job, sorted, ``/`` between the parts; what could not be read is there, empty."""
    folders: tuple[str, ...]
    """The folders in it, empty ones too, sorted."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with what was read."""
    unread: frozenset[str] = frozenset()
    """The files and folders that are there but could not be read."""
    whole: bool = True
    """Whether all of it was looked at; if not, there is no more to say than the problems."""

    @property
    def has_no_meta(self) -> bool:
        """Whether it is a folder that was not read as it has no meta."""
        return not self.whole and self.problems[0].kind in NO_META

    @classmethod
    def made_of(cls, name: str, read: Mapping[str, Content], problems: Problems | None = None) -> JobFiles:
        """Return what was read: content by path, where a path that ends in ``/`` is a folder."""
        files = {path: read[path] for path in sorted(read) if not path.endswith("/")}
        folders: set[str] = set()
        for path in read:
            folder = path.rpartition("/")[0]
            while folder and folder not in folders:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
        unread = frozenset() if problems is None else frozenset(problems.refused_files)
        return cls(name, files, tuple(sorted(folders)), tuple(problems or ()), unread)

    def is_unread(self, path: str) -> bool:
        """Tell whether a file, or a folder it lies in, is there but could not be read."""
        while path and path not in self.unread and f"{path}/" not in self.unread:
            path = path.rpartition("/")[0]
        return bool(path)


def read_job_files(
    path: Any,
    rules: JobRules = CONTRACT,
    limits: JobLimits = JobLimits(),  # noqa: B008  (immutable)
) -> JobFiles:
    """Read everything in the job at ``path``.

    Args:
        path: a job folder, or a zip file of one (with the folder itself or its content at the top).
        rules: what of it is read; a folder that has no meta by them is not, unless they take it for an app.
        limits: how large it may be.

    Raises:
        InternalError: what is in it cannot be kept.
    """
    problems = Problems()
    text = plain_text(path)
    if not text:
        what = "is empty" if text == "" else f"must be a str, not a {plain_name(path)[:80]}"
        problems.tell("no-path", f"the job definition path {what}")
        return JobFiles("", {}, (), tuple(problems), whole=False)
    name = os.path.basename(os.path.abspath(text)) or "job"
    try:
        name, files = _read(text, name, rules, Budget(limits, problems, meta_files(rules)), problems)
    except Stopped:
        return JobFiles(name, {}, (), tuple(problems), whole=False)
    if not is_sendable(name):
        problems.tell("name-no-utf8", f"{shown(name)}, the name of the job folder, is no UTF-8")
    return JobFiles.made_of(name, files, problems)


def _read(text: str, name: str, rules: JobRules, budget: Budget, problems: Problems) -> tuple[str, dict[str, Content]]:
    metas = meta_files(rules)
    try:
        mode = os.stat(text).st_mode
        if stat.S_ISDIR(mode):
            is_app = rules.takes_legacy_apps and os.path.isdir(os.path.join(text, "config"))
            # Looked for first: a path that is no job at all may be a very large tree.
            if not is_app and not _has_file(text, metas):
                tell_of_folder(text, metas, problems)
            return name, read_folder(text, budget, problems, rules)
        if stat.S_ISREG(mode):
            # Needed for zip files alone, and not quickly loaded.
            from flare_sim.jobs.reading.archive import is_zipfile, read_archive

            with open(open_regular(text)[0], "rb") as file:
                if is_zipfile(file):
                    if not rules.takes_zip_files:
                        tell_of_zip_file(text, problems)
                    return read_archive(text, file, budget, problems, metas)
        tell_of_file(text, metas, problems)
    except NotRegular:  # it was a file when it was looked at
        tell_of_file(text, metas, problems)
    except (OSError, ValueError) as problem:
        tell_of_path(text, problem, problems)


def _has_file(folder: str, names: Sequence[str]) -> bool:
    return any(_is_file(os.path.join(folder, name)) for name in names)


def _is_file(path: str) -> bool:
    """Tell whether there is something else than a folder, a link that leads nowhere too."""
    try:
        mode = os.lstat(path).st_mode
    except (OSError, ValueError):
        return False
    return not (os.path.isdir(path) if stat.S_ISLNK(mode) else stat.S_ISDIR(mode))
