"""What processes do that multiprocessing starts inside an ``offline``: they are not offline, and say so.

A child that is forked goes on with a copy of the server, as it does with everything else.  One that is spawned, or that
a fork server starts, is a Python of its own, in which NVFLARE's sessions would look for a real system.  What it is sent
first is unpickled there: a word of ours goes along, by which it refuses them.
"""

from __future__ import annotations

import sys
from functools import wraps
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any

from flare_sim.nvflare.scopes import ORIGINAL, innermost

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NotOffline", "watch"]

_API = "nvflare.fuel.flare_api.flare_api"
_LOCK = Lock()


class NotOffline(RuntimeError):
    """A process that was started inside ``offline`` would have looked for a real system."""


class _Word(str):
    """The name of a process, which lets it refuse sessions when it is unpickled there."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Callable[[str], str], tuple[str]]:
        return _arrived, (str(self),)


def watch() -> None:
    """Let processes know, from now on, that they were started inside an ``offline``."""
    from multiprocessing import spawn

    with _LOCK:
        original = spawn.get_preparation_data
        if hasattr(original, ORIGINAL):
            return

        @wraps(original)
        def prepared(name: str) -> dict[str, Any]:
            data = original(name)
            return data if innermost() is None else {**data, "name": _Word(name)}

        setattr(prepared, ORIGINAL, original)
        spawn.get_preparation_data = prepared


def _arrived(name: str) -> str:
    """Let NVFLARE's sessions be refused in this process, as soon as there are any; returns its name."""
    waiting = [_API]

    def imported(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "import" and arguments[0] in waiting:
            waiting.clear()
            _refuse_sessions()

    if _API in sys.modules:
        _refuse_sessions()
    else:
        sys.addaudithook(imported)
    return name


def _refuse_sessions() -> None:
    session = import_module(_API).Session
    original = session.__init__

    @wraps(original)
    def refuse(self: Any, *args: Any, **kwargs: Any) -> None:
        raise NotOffline(
            "this process was started inside offline(), and is not offline itself: a session would look for a real "
            "system. Use threads, or multiprocessing.get_context('fork'), whose processes go on with a copy of the "
            "server; or enter offline() in what the process runs, for a server of its own"
        )

    setattr(refuse, ORIGINAL, original)
    session.__init__ = refuse
