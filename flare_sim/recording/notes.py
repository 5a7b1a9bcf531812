"""Takes down calls of sessions as they are made: what is given and what comes back goes on as it is.

A call's line is written when it is over.  What a recorded call calls itself is part of it, and has no line of its own;
what the callback of a ``monitor_job`` calls is the user's, and has one, which says in which look it was made.
"""

from __future__ import annotations

import os
from threading import RLock, local
from typing import TYPE_CHECKING, Any

from flare_sim.clock import now_on, to_seconds
from flare_sim.disk.opening import open_regular
from flare_sim.recording.job_copies import copy_of, not_copied
from flare_sim.recording.plain_values import TYPE, plain
from flare_sim.untrusted_values import plain_path, readable, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.clock import Clock

__all__ = ["METHODS", "Notes"]

METHODS = (
    "submit_job",
    "clone_job",
    "get_job_meta",
    "list_jobs",
    "download_job_result",
    "abort_job",
    "delete_job",
    "get_system_info",
    "monitor_job",
    "close",
)
"""The methods of the interface, which are recorded."""
_MONITOR = ("job_id", "timeout", "poll_interval", "cb")
"""What ``monitor_job`` takes itself; all else is handed on to the callback, and is nobody's business."""
_MOST_FILES = 10_000
_Place = tuple[int, int] | None


class Notes:
    """What is taken down of the calls of any number of sessions, from any number of threads.

    Args:
        tell: is handed each line, one at a time.
        clock: what times are taken from.
        largest_job: how many bytes are kept of a job that is submitted.
    """

    def __init__(self, tell: Callable[[dict[str, Any]], None], clock: Clock, largest_job: int) -> None:
        self._tell = tell
        self._clock = clock
        self._largest = largest_job
        self._began = now_on(clock)
        self._lock = RLock()
        self._sessions = 0
        self._told: set[str] = set()
        self._here = local()
        self.calls = 0
        """How many calls have begun."""

    @property
    def started(self) -> float:
        """When it began, seconds since the epoch."""
        return to_seconds(self._began)

    def introduce(self, **facts: Any) -> int:
        """Tell of a session whose calls come next; returns its number."""
        with self._lock:
            self._sessions += 1
            self._tell({"session": self._sessions, "at": self._now(), **facts})
            return self._sessions

    def make(
        self,
        number: int,
        session: Any,
        method: str,
        call: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        folder: str = "",
    ) -> Any:
        """Make a call, take it down, and return what it returns.

        Args:
            number: the session's.
            session: what callbacks are handed as the session.
            method: its name.
            call: what is called.
            args: what it is given.
            kwargs: what it is given by name.
            folder: where jobs are looked for that are not where they are said to be.

        Raises:
            BaseException: what the call raises.
        """
        places: list[_Place] = self._here.__dict__.setdefault("places", [])
        if places and places[-1] is None:
            return call(*args, **kwargs)
        with self._lock:
            self.calls += 1
            line: dict[str, Any] = {"call": self.calls, "session": number}
        given = self._given(method, args, kwargs, folder)
        within = {"within": list(places[-1] or ())} if places else {}
        began = self._now()
        looks: list[dict[str, Any]] = []
        if method == "monitor_job":
            args, kwargs = self._watched(line["call"], session, args, kwargs, looks)
        depth = len(places)
        try:
            places.append(None)
            result = call(*args, **kwargs)
        except BaseException as problem:
            outcome = {"raised": _raised(problem, _path_in(method, args, kwargs))}
            raise
        else:
            outcome = {"returned": _returned(method, result)}
        finally:
            del places[depth:]
            line |= {"at": began, "took": _since(began, self._now()), "method": method, **given, **outcome}
            with self._lock:
                self._tell({**line, **({"looks": looks} if looks else {}), **within})
        return result

    def _now(self) -> float:
        return max(0.0, to_seconds(now_on(self._clock) - self._began))

    def _given(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any], folder: str) -> dict[str, Any]:
        """Return what a call is given, without what only its callback is."""
        if method == "monitor_job":
            args, kwargs = args[:4], {name: kwargs[name] for name in _MONITOR if name in kwargs}
        told: dict[str, Any] = {
            "args": list(map(_argument, args)),
            "kwargs": {name: _argument(value) for name, value in kwargs.items()},
        }
        if method == "submit_job" and args:
            told["args"][0] = self._job(args[0], folder)
        elif method == "submit_job" and "job_definition_path" in kwargs:
            told["kwargs"]["job_definition_path"] = self._job(kwargs["job_definition_path"], folder)
        elif method == "download_job_result":  # a release may be told where results go
            told = {"args": [*told["args"][:1], *map(_place, args[1:])], "kwargs": dict(map(_placed, kwargs.items()))}
        return told

    def _job(self, path: Any, folder: str) -> Any:
        """Return what stands for a job; a path of this machine is of no use elsewhere, and may tell too much."""
        text = plain_path(path)
        if text is None:
            return plain(path)
        places = (text, os.path.join(folder, text)) if folder else (text,)
        place = next(filter(os.path.exists, places), text)
        copy = copy_of(place, self._largest)
        if copy is None:
            return {**_place(text), "problem": not_copied(place)}
        with self._lock:
            if copy.digest not in self._told:
                self._told.add(copy.digest)
                self._tell(copy.as_line())
        return {TYPE: "job", "job": copy.digest}

    def _watched(
        self, number: int, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any], looks: list[dict[str, Any]]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return what ``monitor_job`` is given, with a callback that takes down how it is called."""
        callback = args[3] if len(args) > 3 else kwargs.get("cb")
        if not callable(callback):
            return args, kwargs
        before: list[Any] = [None]

        def watch(inner: Any, job_id: Any, *seen: Any, **named: Any) -> Any:
            places: list[_Place] = self._here.__dict__.setdefault("places", [])
            meta, began = plain(seen[0]) if seen else None, self._now()
            look: dict[str, Any] = {"at": began, **_changes(before[0], meta)}
            before[0] = meta
            depth = len(places)
            looks.append(look)
            try:
                places.append((number, len(looks) - 1))
                answer = callback(session, job_id, *seen, **named)
                look |= {"took": _since(began, self._now()), "returned": plain(answer)}
            except BaseException as problem:
                look |= {"took": _since(began, self._now()), "raised": _raised(problem)}
                raise
            finally:
                del places[depth:]
            return answer

        if len(args) > 3:
            return (*args[:3], watch, *args[4:]), kwargs
        return args, {**kwargs, "cb": watch}


def _since(began: float, ended: float) -> float:
    return max(0.0, round(ended - began, 6))


def _place(value: Any) -> Any:
    """Return what stands for the path of a file or folder of this machine: its last part."""
    text = plain_path(value)
    return plain(value) if text is None else {TYPE: "path", "name": os.path.basename(text.rstrip(os.sep))}


def _placed(item: tuple[str, Any]) -> tuple[str, Any]:
    name, value = item
    return name, plain(value) if name == "job_id" else _place(value)


def _argument(value: Any) -> Any:
    return {TYPE: "function"} if callable(value) and not isinstance(value, type) else plain(value)


def _changes(before: Any, meta: Any) -> dict[str, Any]:
    """Return a meta, or how it differs from the one before, which is most often in a duration."""
    if not isinstance(before, dict) or not isinstance(meta, dict):
        return {"meta": meta}
    changed = {key: item for key, item in meta.items() if key not in before or before[key] != item}
    gone = [key for key in before if key not in meta]
    return {**({"changed": changed} if changed or not gone else {}), **({"gone": gone} if gone else {})}


def _path_in(method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Return the path of the job that a call submits."""
    given = args[0] if args else kwargs.get("job_definition_path")
    return (plain_path(given) or "") if method == "submit_job" else ""


def _raised(problem: BaseException, path: str = "") -> dict[str, str]:
    """Return what was raised; of a path that its text repeats, the last part, as in the arguments."""
    try:
        text = str(problem)
        text = text.replace(path, os.path.basename(path)) if path else text
    except Exception:  # noqa: BLE001  (it is somebody else's, and what is wrong with it is not the recorder's affair)
        text = ""
    return {"type": type(problem).__name__, "text": text}


def _returned(method: str, result: Any) -> Any:
    """Return what came back; of a folder what is in it, as the folder itself stays where it is."""
    path = plain_path(result) if method == "download_job_result" else None
    return plain(result) if path is None or not os.path.isdir(path) else {TYPE: "folder", "files": _files(path)}


def _files(top: str) -> dict[str, Any]:
    """Return the files of a folder with their sizes and digests."""
    found: dict[str, Any] = {}
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            if len(found) < _MOST_FILES:
                found[os.path.relpath(path, top).replace(os.sep, "/")] = _sum(path)
    return dict(sorted(found.items()))


def _sum(path: str) -> list[Any]:
    """Return size and digest of a file, or why there are none."""
    from hashlib import sha256

    try:
        number, size = open_regular(path)
        with open(number, "rb") as file:
            digest = sha256()
            while piece := file.read(1 << 20):
                digest.update(piece)
        return [size, f"sha256:{digest.hexdigest()}"]
    except OSError as problem:
        return [None, readable(problem.strerror or shown(problem))]
