"""What is no job, told so that somebody who gave the wrong path learns which is the right one."""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING, NoReturn

from flare_sim.disk.file_errors import reason
from flare_sim.jobs.reading.budget import Stopped
from flare_sim.untrusted_values import readable, shown, shown_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from flare_sim.jobs.problems import Problems

__all__ = ["NO_META", "tell_of_archive", "tell_of_file", "tell_of_folder", "tell_of_path", "tell_of_zip_file"]

NO_META = ("meta-missing", "empty-folder", "folder-of-jobs", "one-app")
"""Kinds of problems of a folder that has no meta."""
_MOST_LOOKED_AT = 1000
"""A folder that is no job may be a very large one."""
_MOST_NAMED = 3


def tell_of_path(path: str, error: Exception, problems: Problems) -> NoReturn:
    """Tell of a path that cannot be looked at, because of ``error``.

    Raises:
        Stopped: always.
    """
    if not isinstance(error, FileNotFoundError):
        problems.tell("unreadable", f"{shown_path(path)} cannot be read: {reason(error)}")
    elif os.path.islink(path):
        problems.tell(
            "link-dangling", f"{shown_path(path)} is a link to {shown_path(os.readlink(path))}, which is not there"
        )
    else:
        problems.tell("not-there", f"there is no file or folder {shown_path(path)}")
    raise Stopped from error


def tell_of_file(path: str, meta_files: Sequence[str], problems: Problems) -> NoReturn:
    """Tell of a file that is no zip file, or no file at all.

    Raises:
        Stopped: always.
    """
    if not os.path.isfile(path):
        problems.tell("no-job", f"{shown_path(path)} is neither a folder nor a file")
    elif os.path.basename(path) in meta_files:
        folder = readable(os.path.dirname(path) or ".")
        problems.tell(
            "no-job", f"{shown_path(path)} is a file of a job, not a job", advice=f"name its folder: {folder}"
        )
    else:
        problems.tell("no-job", f"{shown_path(path)} is a file, but not a zip file")
    raise Stopped


def tell_of_zip_file(path: str, problems: Problems) -> NoReturn:
    """Tell of a zip file where only folders are taken.

    Raises:
        Stopped: always.
    """
    message = f"{shown_path(path)} is a zip file, and NVFLARE's own client sends folders alone"
    problems.tell("no-job", message, advice="unpack it, and name the folder")
    raise Stopped


def tell_of_folder(path: str, meta_files: Sequence[str], problems: Problems) -> NoReturn:
    """Tell of a folder that has no meta.

    Raises:
        Stopped: always.
        OSError: it cannot be read.
    """
    with os.scandir(path) as entries:
        names = sorted(entry.name for entry in islice(entries, _MOST_LOOKED_AT))
    folders = [name for name in names if os.path.isdir(os.path.join(path, name))]
    jobs = [name for name in folders if any(os.path.isfile(os.path.join(path, name, meta)) for meta in meta_files)]
    advice = f"name one, {readable(os.path.join(path, jobs[0]))}" if jobs else ""
    if len(jobs) > 1:
        advice += f", or all: {readable(os.path.join(path, '*', ''))}"
    _tell(path, "folder", names, folders, jobs, meta_files, advice, problems)


def tell_of_archive(path: str, names: Iterable[str], meta_files: Sequence[str], problems: Problems) -> NoReturn:
    """Tell of a zip file that has no meta.

    Args:
        path: the zip file.
        names: of its entries.
        meta_files: names of metas.
        problems: where to tell of it.

    Raises:
        Stopped: always.
    """
    parts = [name.split("/") for name in names]
    tops = list(dict.fromkeys(first for first, *_ in parts))
    folders = list(dict.fromkeys(first for first, *rest in parts if rest))
    jobs = [first for first, *rest in parts if len(rest) == 1 and rest[0] in meta_files]
    _tell(path, "zip file", tops, folders, jobs, meta_files, "put each into a zip file of its own", problems)


def _tell(
    path: str,
    kind: str,
    names: Collection[str],
    folders: Collection[str],
    jobs: Sequence[str],
    meta_files: Sequence[str],
    advice_for_jobs: str,
    problems: Problems,
) -> NoReturn:
    most = [name for name in meta_files if not name.endswith(".default")]
    no_meta = f"{shown_path(path)} has no {_one_of(most)}"
    apart = [name for name in names if name.casefold().startswith("meta.")]
    if not names:
        problems.tell("empty-folder", f"{shown_path(path)} is an empty {kind}")
    elif apart:
        what = "a folder" if apart[0] in folders else "not read"
        problems.tell("meta-missing", f"{no_meta}; there is {shown(apart[0])}, which is {what}")
    elif jobs:
        message = f"{shown_path(path)} is no job itself, but a {kind} that holds {_counted(jobs)}"
        problems.tell("folder-of-jobs", message, advice=advice_for_jobs)
    elif "config" in folders:
        problems.tell("one-app", f"{no_meta}; with its config folder it looks like an app of a job")
    else:
        problems.tell("meta-missing", no_meta)
    raise Stopped


def _one_of(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def _counted(jobs: Sequence[str]) -> str:
    named = ", ".join(map(shown, jobs[:_MOST_NAMED]))
    if len(jobs) == 1:
        return f"a job: {named}"
    return f"{len(jobs)} jobs: {named}{', ...' if len(jobs) > _MOST_NAMED else ''}"
