"""Put the files of a result where the caller can read them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flare_sim.plain import plain_name, shown
from flare_sim.spec import InternalError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["write_tree"]


def write_tree(folder: str, tree: Iterable[tuple[str, bytes]]) -> None:
    """Write files into a folder, over what is there and beside what else is there (as real sessions do, 2.3.12).

    Args:
        folder: made when it is missing.
        tree: (relative path, content); a path that ends in ``/`` is an empty folder.

    Raises:
        InternalError: the file system refused.
    """
    try:
        os.makedirs(folder, exist_ok=True)
        for path, content in tree:
            target = os.path.join(folder, *path.split("/"))
            if path.endswith("/"):
                os.makedirs(target, exist_ok=True)
                continue
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(content)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or plain_name(problem)
        raise InternalError(f"the result cannot be written to {shown(folder)}: {reason}") from problem
