"""Sessions whose calls are taken down: one in front of any other, and classes of which every session is one."""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from flare_sim.recording.notes import METHODS
from flare_sim.session import Session
from flare_sim.spec import SessionSpec
from flare_sim.untrusted_values import plain_label, plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.clock import Clock
    from flare_sim.recording.notes import Notes

__all__ = ["clock_of", "in_front", "recording_class"]

_OWN = ("_inner", "_make", "_closed")
_SCOPE = "__flare_sim_scope__"
"""What the classes of NVFLARE's sessions have that are on a simulated server: who knows that server."""
_NUMBER = "__flare_sim_recorded__"
"""What a session of a recording class has: who takes its calls down, and what it is called there."""


def in_front(session: Any, notes: Notes, user: str | None = None, closed: Callable[[], None] | None = None) -> Any:
    """Return a session that does what another one does, and has its calls taken down.

    Args:
        session: the other one.
        notes: what takes them down.
        user: who it is for; found out where that can be.
        closed: called at the end of a ``with`` block, when the session is closed.

    Raises:
        ValueError: no methods of a session, or a user that can't be called so.
    """
    missing = [name for name in METHODS if not callable(getattr(session, name, None))]
    if missing:
        raise ValueError(f"session must have the methods of a session; {shown(session)} has no {missing[0]}")
    make = partial(notes.make, notes.introduce(**_facts_of(session, user)))
    return _RecordedSession(session, make, closed)  # type: ignore[abstract]


def clock_of(session: Any) -> Clock | None:
    """Return the clock of the simulated server that a session is with, None for another session."""
    if issubclass(type(session), Session):
        own: Clock = session.clock
        return own
    scope = getattr(type(session), _SCOPE, None)
    clock: Clock | None = None if scope is None else scope.server.clock
    return clock


def recording_class(notes: Notes, session_class: type) -> type:
    """Return a subclass of a class of sessions whose sessions' calls are taken down, by the same name.

    Args:
        notes: what takes them down.
        session_class: the class; its own code may go on calling its methods, which is part of the call it is in.
    """
    body: dict[str, Any] = {name: _taken_down(notes, session_class, name) for name in METHODS}
    body |= {name: getattr(session_class, name) for name in ("__module__", "__qualname__", "__doc__")}
    return type(session_class)(session_class.__name__, (session_class,), body)


class _RecordedSession(SessionSpec):
    """A session in front of another one, whose attributes are that one's."""

    def __init__(self, inner: Any, make: Callable[..., Any], closed: Callable[[], None] | None) -> None:
        for name, value in zip(_OWN, (inner, make, closed), strict=True):
            object.__setattr__(self, name, value)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """That of the other session, for ``isinstance``."""
        return type(self._inner)

    def __enter__(self) -> _RecordedSession:
        return self

    def __exit__(self, *problem: object) -> None:
        close: Any = self.close
        try:
            close()
        finally:
            if self._closed is not None:
                self._closed()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._inner, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._inner, name)

    def __repr__(self) -> str:
        return f"<recorded {self._inner!r}>"


def _handed_on(name: str) -> Callable[..., Any]:
    @wraps(getattr(SessionSpec, name))
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return self._make(self, name, getattr(self._inner, name), args, kwargs, _folder_of(self._inner))

    return method


for _name in METHODS:
    setattr(_RecordedSession, _name, _handed_on(_name))
_RecordedSession.__abstractmethods__ = frozenset()


def _taken_down(notes: Notes, session_class: type, name: str) -> Callable[..., Any]:
    original = getattr(session_class, name)

    @wraps(original)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        number = _number_of(self, notes)
        return notes.make(number, self, name, partial(original, self), args, kwargs, _folder_of(self))

    return method


def _number_of(session: Any, notes: Notes) -> int:
    """Return what a session is called in the notes, which are told of it with its first call."""
    known: tuple[Notes, int] | None = vars(session).get(_NUMBER)
    if known is None or known[0] is not notes:
        known = vars(session)[_NUMBER] = (notes, notes.introduce(**_facts_of(session, None)))
    return known[1]


def _facts_of(session: Any, user: str | None) -> dict[str, Any]:
    """Return what a recording tells of a session."""
    name = plain_label(user)
    if user is not None and name is None:
        raise ValueError(f"user must be the name of somebody, not {shown(user)}")
    if name is None:
        name = session.user if issubclass(type(session), Session) else plain_label(getattr(session, "username", None))
    kind = type(session)
    return {
        "user": name,
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "library": _library(kind),
        "simulated": clock_of(session) is not None,
    }


def _library(kind: type) -> str | None:
    """Return the first distribution that a class, or one it is made of, is from, with its version."""
    from importlib.metadata import PackageNotFoundError, version

    import flare_sim

    for base in kind.__mro__:
        package = base.__module__.partition(".")[0]
        if package == "flare_sim":
            return f"flare-sim {flare_sim.__version__}"
        if package != "builtins":
            try:
                return f"{package} {version(package)}"
            except (PackageNotFoundError, ValueError):
                pass
    return None


def _folder_of(session: Any) -> str:
    """Return where NVFLARE's sessions look for jobs that are not where they are said to be."""
    return plain_text(getattr(session, "upload_dir", None)) or ""
