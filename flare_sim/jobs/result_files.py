"""The files that a run leaves in its workspace: where they may lie, what they hold, and what gives way to them.

They may go wherever a real run may write: below ``app_server``, where NVFLARE's persistors put their models, over a
log, anywhere else.  They may not leave the workspace, nor make a folder of what the server writes as a file.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import MutableMapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

from flare_sim.untrusted_values import plain_bytes, plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Held = TypeVar("Held")

__all__ = ["RunFiles", "clashing", "folders_of", "laid_over", "result_content", "result_path"]

_WRITTEN_BY_SERVER = ("fl_app.txt", "log.txt", "meta.json")
_APP_FOLDER = "app_server"
MOST_PATH_BYTES = 1024
"""A path has no more, in UTF-8, as in a job;"""
MOST_NAME_BYTES = 255
"""a name in it has no more, as on a disk."""


class RunFiles(MutableMapping[str, bytes]):
    """Files by their paths, each of which is checked as it is put in: text becomes bytes."""

    __slots__ = ("_folders", "plain")

    def __init__(self) -> None:
        self.plain: dict[str, bytes] = {}
        """The same, as a dict."""
        self._folders: dict[str, int] = {}

    def __setitem__(self, path: str, content: bytes | str) -> None:
        name, data = result_path(path), result_content(content)
        inside = [name] if name in self._folders else [one for one in folders_of(name) if one in self.plain]
        if inside:
            raise ValueError(f"{shown(inside[0])} would be both a file and a folder")
        if name not in self.plain:
            for folder in folders_of(name):
                self._folders[folder] = self._folders.get(folder, 0) + 1
        self.plain[name] = data

    def __delitem__(self, path: str) -> None:
        del self.plain[path]
        for folder in folders_of(path):
            self._folders[folder] -= 1
            if not self._folders[folder]:
                del self._folders[folder]

    def __getitem__(self, path: str) -> bytes:
        return self.plain[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self.plain)

    def __len__(self) -> int:
        return len(self.plain)

    def __repr__(self) -> str:
        return f"<RunFiles: {shown(list(self.plain))}>"


def result_path(path: Any) -> str:
    """Check the path of a file a run leaves in its workspace.

    Returns:
        The path, ``/`` between its parts.

    Raises:
        ValueError: not a plain relative path, or one where the server writes something else.
    """
    text = plain_text(path)
    if not text or len(text) > MOST_PATH_BYTES:
        raise ValueError(f"{shown(path)} is not a path of a result file")
    parts = text.split("/")
    if any(part in ("", ".", "..") for part in parts) or not text.isprintable() or "\\" in text:
        raise ValueError(f"{shown(text)} is not a plain relative path")
    if len(text.encode()) > MOST_PATH_BYTES or any(len(part.encode()) > MOST_NAME_BYTES for part in parts):
        raise ValueError(f"{shown(text)} is a path that is too long for a file")
    if text == _APP_FOLDER or (len(parts) > 1 and parts[0] in _WRITTEN_BY_SERVER):
        raise ValueError(f"{shown(text)} is where the server keeps {parts[0]}")
    return text


def result_content(content: Any) -> bytes:
    """Turn what a run writes into bytes: text as UTF-8 (lone surrogates kept as they are), bytes copied.

    Raises:
        ValueError: neither text nor bytes.
    """
    text = plain_text(content)
    data = plain_bytes(content) if text is None else text.encode("utf-8", "surrogatepass")
    if data is None:
        raise ValueError(f"a result file holds text or bytes, not {shown(content)}")
    return data


def clashing(paths: Iterable[str]) -> str | None:
    """Return a path that is at the same time a folder of another one, None when there is none."""
    # In this order what lies in a folder follows it at once.
    ordered = sorted(f"{path}/" for path in paths)
    return next((path[:-1] for path, inside in pairwise(ordered) if inside.startswith(path)), None)


def laid_over(files: Mapping[str, Held], left: Mapping[str, Held]) -> dict[str, Held]:
    """Lay what a run left over other files, which give way where one is a file and the other a folder."""
    if not left:
        return dict(files)
    ordered = sorted(left)

    def gives_way(path: str) -> bool:
        at = bisect_left(ordered, f"{path}/")
        inside = at < len(ordered) and ordered[at].startswith(f"{path}/")
        return inside or not left.keys().isdisjoint(folders_of(path))

    return {**{path: content for path, content in files.items() if not gives_way(path)}, **left}


def folders_of(path: str) -> Iterator[str]:
    """Yield the folders that a path is in."""
    parts = path.split("/")
    return ("/".join(parts[:length]) for length in range(1, len(parts)))
