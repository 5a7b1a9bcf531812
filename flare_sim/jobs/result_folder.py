"""Writes the files of a result into a folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["result_folder", "write_tree"]


def result_folder(parent: str, job_id: str, *, numbered: bool) -> str:
    """Return the folder a job's result goes to, under ``parent``.

    Args:
        parent: the download folder.
        job_id: the job.
        numbered: whether a folder that is there already is left alone, and the next of ``<id>__1``, ``<id>__2``, ...
            is taken (2.9.0), instead of being written into again (2.3.12).
    """
    folder = os.path.join(parent, job_id)
    if not numbered:
        return folder
    number, free = 0, folder
    while os.path.lexists(free):
        number += 1
        free = f"{folder}__{number}"
    return free


def write_tree(folder: str, tree: Iterable[tuple[str, bytes]]) -> None:
    """Write files into a folder, over what is there and beside what else is there (as real sessions do, 2.3.12).

    Args:
        folder: made when it is missing.
        tree: (relative path, content); a path that ends in ``/`` is an empty folder.

    Raises:
        OSError: the file system refused.
        ValueError: no file can have such a name.
    """
    made = {""}
    os.makedirs(folder, exist_ok=True)
    for path, content in tree:
        inside = path.rpartition("/")[0]
        if inside not in made:
            os.makedirs(os.path.join(folder, *inside.split("/")), exist_ok=True)
            made.add(inside)
        if not path.endswith("/"):
            with open(os.path.join(folder, *path.split("/")), "wb") as file:
                file.write(content)
