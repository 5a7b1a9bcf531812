"""Jobs that arrive as zip files, and results that leave as some: what NVFLARE's file transfers carry."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from tempfile import mkdtemp
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from flare_sim.disk.contents import pieces
from flare_sim.disk.file_errors import FileErrors
from flare_sim.disk.trees import remove_tree
from flare_sim.spec import InvalidJobDefinition
from flare_sim.untrusted_values import plain_name, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flare_sim.disk.contents import Content
    from flare_sim.disk.trees import Tree
    from flare_sim.jobs.limits import JobLimits

__all__ = ["pack", "packed_parts", "unpacked"]


@contextmanager
def unpacked(archive: str, name: str, folder: str, limits: JobLimits) -> Iterator[str]:
    """Give the path of the job folder in a zip file, which is gone afterwards.

    Args:
        archive: the zip file, from somebody else.
        name: what the job folder in it is called.
        folder: where to unpack it; nobody else's.
        limits: how large it may be.

    Raises:
        InvalidJobDefinition: it is no zip file, is damaged or too large, or has no such folder.
        InternalError: it can't be unpacked here.
    """
    if name in ("", ".", "..") or not {"/", "\\", "\0"}.isdisjoint(name):
        raise InvalidJobDefinition(f"{shown(name)} is no name of a job folder")
    with FileErrors("the job cannot be unpacked"):
        place = mkdtemp(prefix="job-", dir=folder)
    try:
        with FileErrors("the job cannot be unpacked"):
            _unpack(archive, place, limits)
        job = os.path.join(place, name)
        if not os.path.isdir(job):
            raise InvalidJobDefinition(f"there is no folder {shown(name)} in what was sent")
        yield job
    finally:
        with suppress(OSError):
            remove_tree(place)


def _unpack(archive: str, place: str, limits: JobLimits) -> None:
    try:
        with ZipFile(archive) as opened:
            entries = opened.infolist()
            if len(entries) > limits.max_job_files:
                raise InvalidJobDefinition(f"the job has more than {limits.max_job_files} files and folders")
            if sum(entry.file_size for entry in entries) > limits.max_job_bytes:
                raise InvalidJobDefinition(f"the job is larger than {limits.max_job_bytes} bytes")
            opened.extractall(place)  # which stays below, and reads no more of an entry than that says it has
    except (OSError, InvalidJobDefinition):
        raise
    except Exception as problem:  # the reading of a damaged archive fails in too many ways to list
        told = str(problem) if isinstance(problem, BadZipFile) else plain_name(problem)
        raise InvalidJobDefinition(f"what was sent is no job in a zip file: {told}") from problem


def pack(tree: Tree, path: str, prefix: str = "") -> None:
    """Write files into a zip file, each below a prefix; a large one is never in memory as a whole.

    Raises:
        OSError: the file system refused.
        InternalError: what is in a file can't be read any more.
    """
    with ZipFile(path, "x") as archive:
        for name, content in tree:
            if name.endswith("/"):
                archive.writestr(prefix + name, b"")
                continue
            with archive.open(prefix + name, "w", force_zip64=True) as file:
                for piece in pieces(content):
                    file.write(piece)


def packed_parts(tree: Tree, folder: str) -> None:
    """Write a result as releases since 2.4 send it: each folder at its top as a zip file, each file as it is.

    Raises:
        OSError: the file system refused.
        InternalError: what is in a file can't be read any more.
    """
    os.makedirs(folder, mode=0o700)
    parts: dict[str, list[tuple[str, Content]]] = {}
    for path, content in tree:
        top, slash, inside = path.partition("/")
        if slash:
            parts.setdefault(top, []).extend([(inside, content)] if inside else [])
        else:
            with open(os.path.join(folder, top), "xb") as file:
                file.writelines(pieces(content))
    for top, inside_it in parts.items():
        pack(inside_it, os.path.join(folder, f"{top}.zip"))
