"""What the file system says, in the words of the interface: an ``InternalError`` with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.spec import InternalError
from flare_sim.untrusted_values import plain_name

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["FileErrors", "reason"]


class FileErrors:
    """Turns what the file system refuses inside a ``with`` into an ``InternalError``.

    That is an ``OSError``, a name no file can have (``ValueError``), and a path too deep to be followed
    (``RecursionError``); everything else comes out as it is.

    Args:
        what: what could not be done then, the beginning of the message.
    """

    __slots__ = ("_what",)

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        if problem is not None and issubclass(type(problem), (OSError, ValueError, RecursionError)):
            raise InternalError(f"{self._what}: {reason(problem)}") from problem


def reason(error: BaseException) -> str:
    """Return why the file system refused something."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:1].lower() + error.strerror[1:]
    if isinstance(error, RecursionError):
        return "the path is too deep"
    return "no file can have this name" if isinstance(error, ValueError) else plain_name(error)
