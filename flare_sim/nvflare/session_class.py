"""Puts NVFLARE's session class on a simulated server, without changing NVFLARE.

``Session`` finds what it needs by name in its module: ``AdminAPI`` (the network), ``time``, and ``Session`` itself,
when it opens another one to wait for a restart.  To give these names another meaning for the sessions of one server
only, the few functions that use them are made again: the same code, with other globals.  They live in a subclass of
``Session`` that belongs to the server, and a subclass of ``Session`` from elsewhere gets that one between itself and
``Session``:

    session class on the server  ->  subclass from elsewhere  ->  Session on the server  ->  Session

So ``super()`` of the subclass finds them, ``isinstance`` holds, and nothing has to be registered, patched or put
back: another session in the same process, of another server or of the real network, cannot tell.
"""

from __future__ import annotations

from functools import cache, partial, wraps
from tempfile import mkdtemp
from threading import RLock
from types import CodeType, FunctionType, new_class
from typing import TYPE_CHECKING, Any

from flare_sim.nvflare.client_time import SessionTime
from flare_sim.nvflare.releases import installed_release
from flare_sim.nvflare.startup_kit import write_kit
from flare_sim.nvflare.transport import SimulatedAdminAPI
from flare_sim.untrusted_values import plain_name, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.commands.protocol import Endpoint

__all__ = ["ORIGINAL", "connect", "kit_of", "session_class_on"]

ORIGINAL = "__flare_sim_original__"
"""The attribute under which a function that stands in for one of NVFLARE's (see ``offline``) keeps that one."""


def connect(
    server: Endpoint,
    user: str = "admin@nvidia.com",
    session_class: type | None = None,
    *,
    timeout: float = 10.0,
    startup_path: str | None = None,
    download_dir: str | None = None,
    upload_dir: str | None = None,
    **options: Any,
) -> Any:
    """Open a session of NVFLARE's ``Session`` class, or of a subclass of it, with a simulated server.

    Args:
        server: the simulated server.
        user: who it is for.
        session_class: a subclass of ``Session`` that takes ``username`` and ``startup_path``.
        timeout: seconds on the server's clock to try to connect.
        startup_path: a startup kit; one that goes with the server unless given.
        download_dir: where results go when no startup kit is given; the server's ``download_folder`` unless given.
        upload_dir: where job folders are looked for that are not where the session is told, when no startup kit is
            given.
        options: further arguments of the class (``secure_mode``, ``debug``, from 2.8 on ``study``).

    Raises:
        ImportError: NVFLARE is not installed, or is older than 2.3.
        TypeError: ``session_class`` is no subclass of ``Session``, or calls ``Session.__init__`` by that name.
        Exception: whatever NVFLARE's own code raises when it can't connect.
    """
    bound = session_class_on(server, session_class)
    kit = kit_of(server, upload_dir, download_dir) if startup_path is None else startup_path
    session = bound(username=user, startup_path=kit, **options)
    if not isinstance(getattr(session, "api", None), SimulatedAdminAPI):
        raise TypeError(f"{plain_name(session)} has to call super().__init__, so that it can be put on another server")
    session.try_connect(timeout)
    return session


def kit_of(server: Endpoint, upload_dir: str | None = None, download_dir: str | None = None) -> str:
    """Write a startup kit that goes with ``server`` and return its folder; for the folders see ``connect``.

    Raises:
        ImportError: NVFLARE is not installed, or is older than 2.3.
        OSError: the file system refused.
    """
    return write_kit(
        mkdtemp(prefix="kit-", dir=server.folder("startup-kits")),
        installed_release(),
        upload_dir=upload_dir or server.folder("uploads"),
        download_dir=download_dir or server.download_folder(),
    )


def session_class_on(server: Endpoint, session_class: type | None = None) -> Any:
    """Return a subclass of ``session_class`` (NVFLARE's ``Session`` unless given) whose sessions are on ``server``.

    They take the same arguments, read the startup kit they are given, and then talk to ``server`` on its clock.

    Raises:
        ImportError: NVFLARE is not installed, or is older than 2.3.
        TypeError: ``session_class`` is no subclass of ``Session``.
    """
    release = installed_release()
    from nvflare.fuel.flare_api import flare_api

    session: type = flare_api.Session
    chosen: Any = session if session_class is None else session_class
    if not (isinstance(chosen, type) and issubclass(chosen, session)):
        named = chosen.__name__ if isinstance(chosen, type) else shown(chosen)
        raise TypeError(f"session_class must be a subclass of NVFLARE's Session, not {named}")
    module = vars(flare_api)
    other = {"AdminAPI": partial(SimulatedAdminAPI, server, release), "time": SessionTime(server.clock)}
    names = _users_of({*other, "Session"}, module)
    namespace = {**module, **other}
    for name in names - {*other, "Session"}:
        namespace[name] = _again(module[name], namespace)
    body = {name: made for name, value in vars(session).items() if (made := _bound(value, names, module, namespace))}
    body["__init__"] = _one_at_a_time(body["__init__"])
    bound = _subclass(session, (session,), body)
    namespace["Session"] = bound
    return bound if chosen is session else _subclass(chosen, (chosen, bound), {})


_STARTING = RLock()


def _one_at_a_time(start: Callable[..., None]) -> Callable[..., None]:
    """Let one session start at a time: while 2.3 reads its kit it imports modules in a way two threads break."""

    @wraps(start)
    def start_alone(*args: Any, **kwargs: Any) -> None:
        with _STARTING:
            start(*args, **kwargs)

    return start_alone


def _subclass(like: type, bases: tuple[type, ...], body: dict[str, Any]) -> type:
    """Make a class that goes by the name of ``like``."""
    body = {**body, "__module__": like.__module__, "__qualname__": like.__qualname__, "__doc__": like.__doc__}
    return new_class(like.__name__, bases, exec_body=lambda namespace: namespace.update(body))


def _users_of(names: set[str], module: dict[str, Any]) -> set[str]:
    """Return the names, and those of the module's functions that use one of them, directly or not."""
    found, before = set(names), 0
    while len(found) != before:
        before = len(found)
        found |= {name for name, value in module.items() if _is_of(value, module) and _names_in(value.__code__) & found}
    return found


def _bound(value: Any, names: set[str], module: dict[str, Any], namespace: dict[str, Any]) -> Any:
    """Return a member of the class made again for ``namespace``, None when it uses none of ``names``."""
    kind = type(value) if isinstance(value, (staticmethod, classmethod)) else None
    function = getattr(value.__func__ if kind else value, ORIGINAL, value.__func__ if kind else value)
    if not _is_of(function, module) or not _names_in(function.__code__) & names:
        return None
    made = _again(function, namespace)
    return kind(made) if kind else made


def _is_of(value: Any, module: dict[str, Any]) -> bool:
    return isinstance(value, FunctionType) and value.__globals__ is module


@cache
def _names_in(code: CodeType) -> frozenset[str]:
    """Return the names that a function uses, the functions inside it included."""
    inner = (_names_in(constant) for constant in code.co_consts if isinstance(constant, CodeType))
    return frozenset(code.co_names).union(*inner)


def _again(function: FunctionType, namespace: dict[str, Any]) -> FunctionType:
    """Return the same function with other globals."""
    made = FunctionType(function.__code__, namespace, function.__name__, function.__defaults__, function.__closure__)
    made.__kwdefaults__ = function.__kwdefaults__
    made.__annotations__ = function.__annotations__
    made.__doc__ = function.__doc__
    made.__module__ = function.__module__
    made.__qualname__ = function.__qualname__
    made.__dict__.update(function.__dict__)
    return made
