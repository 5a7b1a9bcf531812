"""The doors by which NVFLARE's code leaves this process, and who stands at them.

A session that is on a server never comes to one on its usual ways (see ``scopes``).  But NVFLARE's code can be called
past them: ``Session.__init__(self, ...)`` to begin again, a reference that was kept, an ``AdminAPI`` made by hand, a
tool with sockets of its own.  What they have in common is how they get out, so that is where they are met:

- where an ``AdminAPI`` is made, through which every session and every command goes: it is simulated;
- at what else of NVFLARE's makes connections: it is refused (``_REFUSED``);
- at the sockets and processes of this Python, by an audit hook: what NVFLARE's other modules open there is refused.

Whose the code is that comes to a door, ``asking`` tells: a session's that is on a server, or that of an ``offline``;
and a kit that was written for a server leads to it.  Everybody else passes as ever.  These doors stay, once they are
watched, as a session may begin again at any time.

The functions of ``Session`` itself are doors, too, as long as they are needed: called by their names for a session that
is on a server, they are that server's, on its clock.
"""

from __future__ import annotations

import sys
from functools import wraps
from importlib import import_module
from inspect import currentframe, signature
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.nvflare.scopes import ORIGINAL, innermost, outgoing, scope_of, scope_of_kit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from flare_sim.nvflare.scopes import Scope

__all__ = ["NotSimulated", "asking", "keep_watched", "unwatch", "watch"]


class NotSimulated(RuntimeError):
    """Something of NVFLARE's would have got out of this process where all of it is on a simulated server."""


def _refusal(what: str, way_out: str = "open a connection of its own") -> NotSimulated:
    return NotSimulated(
        f"{what} would {way_out}, and what is on a simulated server does not leave this process; simulated are "
        "NVFLARE's sessions (new_secure_session, new_insecure_session, Session)"
    )


class _Refused(NamedTuple):
    module: str
    class_name: str
    function: str
    what: str


_REFUSED = (
    _Refused("nvflare.fuel.f3.communicator", "Communicator", "__init__", "a cell of NVFLARE's (CellNet)"),
    _Refused(
        "nvflare.private.fed.app.simulator.simulator_runner", "SimulatorRunner", "__init__", "NVFLARE's simulator"
    ),
    _Refused("nvflare.ha.overseer_agent", "HttpOverseerAgent", "start", "an agent of NVFLARE's overseer"),
    _Refused("nvflare.tool.package_checker.package_checker", "PackageChecker", "check", "NVFLARE's preflight check"),
    _Refused("nvflare.recipe.poc_env", "PocEnv", "deploy", "a proof of concept (PocEnv)"),
    _Refused("nvflare.edge.web.service.client", "EdgeApiClient", "query", "a client of NVFLARE's edge"),
    _Refused("nvflare.app_opt.flower.grpc_client", "GrpcClient", "start", "NVFLARE's client of Flower"),
    _Refused("nvflare.app_opt.xgboost.histogram_based_v2.grpc_client", "GrpcClient", "start", "NVFLARE's XGBoost"),
)
"""What makes connections in 2.3.12 to 2.9.0 beside ``AdminAPI``, by itself or by what no audit hook hears of (gRPC)."""

_BEHIND_A_DOOR = ("nvflare.fuel.f3.", "nvflare.fuel.hci.", "nvflare.ha.", "nvflare.fuel.flare_api.")
"""Modules that open connections for what has passed a door, which is none of ours; the last calls users' functions."""
_HARMLESS_PROCESSES = "nvflare.fuel.utils."
"""Modules that ask the machine about itself (``nvidia-smi``)."""


def asking() -> Scope | None:
    """Return the scope of the code that calls this, None when it is on no simulated server.

    That is the server of the nearest session on the stack that is on one, else of the innermost ``offline``, unless
    that was entered elsewhere and a session, or an ``AdminAPI``, of the real network is at work here.
    """
    real = False
    for first in _first_arguments(currentframe()):
        scope = scope_of(first)
        if scope is not None:
            return scope
        real = real or _is_connected(first)
    return innermost(anywhere=not real)


def _first_arguments(frame: FrameType | None) -> Iterator[Any]:
    """Yield what functions on the stack were called with first, which is ``self`` in a method, nearest first."""
    while frame is not None:
        code = frame.f_code
        if code.co_argcount:
            yield frame.f_locals.get(code.co_varnames[0])
        frame = frame.f_back


def _is_connected(thing: Any) -> bool:
    """Tell whether it is, or is a session that has, an ``AdminAPI`` of the real network that has been made."""
    from nvflare.fuel.flare_api.flare_api import Session
    from nvflare.fuel.hci.client.api import AdminAPI

    api = vars(thing).get("api") if issubclass(type(thing), Session) else thing
    return issubclass(type(api), AdminAPI) and "closed" in vars(api)


# ----------------------------------------------------------------------------------------------------------------------

_LOCK = RLock()
"""Taken again when what is thrown away in the middle leaves an ``offline``."""
_BEFORE: dict[str, Any] = {}
"""What ``Session`` had before its functions were watched for a while."""
_STATE = {"for good": False, "watchers": 0, "network": False}


def keep_watched() -> None:
    """Watch all doors from now on."""
    _watch_network()
    with _LOCK:
        if not _STATE["for good"] and not _STATE["watchers"]:
            _watch_session()
        _STATE["for good"] = True


def watch() -> None:
    """Watch all doors; those of ``Session`` until ``unwatch`` has been called as often."""
    _watch_network()
    with _LOCK:
        _STATE["watchers"] += 1
        if _STATE["watchers"] == 1:
            _BEFORE.update(_watch_session())


def unwatch() -> None:
    """Let ``Session`` be as it was when nobody needs it watched any more."""
    from nvflare.fuel.flare_api.flare_api import Session

    with _LOCK:
        _STATE["watchers"] -= 1
        if _STATE["watchers"]:
            return
        for name, value in _BEFORE.items():
            if hasattr(vars(Session)[name], ORIGINAL):
                setattr(Session, name, value)
        if _STATE["for good"] and not any(hasattr(value, ORIGINAL) for value in _BEFORE.values()):
            _watch_session()
        _BEFORE.clear()


def _watch_session() -> dict[str, Any]:
    """Put somebody at the doors of ``Session``; returns what was there."""
    from nvflare.fuel.flare_api.flare_api import Session

    before = {}
    for name, original in outgoing().items():
        before[name] = vars(Session)[name]
        setattr(Session, name, _marked(_beginning(original) if name == "__init__" else _by_name(original), original))
    return before


def _watch_network() -> None:
    """Put somebody at the doors to the network, once and for all."""
    with _LOCK:
        if _STATE["network"]:
            return
        _STATE["network"] = True
        from nvflare.fuel.hci.client.api import AdminAPI

        AdminAPI.__new__ = _admin_api(AdminAPI)
        for row in _REFUSED:
            if row.module in sys.modules:
                _watch_class(row)
            else:
                _NOT_LOADED[row.module] = row
        sys.addaudithook(_net)


_NOT_LOADED: dict[str, _Refused] = {}


def _watch_class(row: _Refused) -> None:
    owner = getattr(import_module(row.module), row.class_name)
    original = getattr(owner, row.function)
    setattr(owner, row.function, _marked(_refusing(original, row.what), original))


def _load(name: str) -> None:
    """Load a module that somebody is about to load, so that its door is watched before anybody comes to it."""
    row = _NOT_LOADED.pop(name)
    try:
        _watch_class(row)
    except BaseException:
        _NOT_LOADED[name] = row
        raise


def _marked(stand_in: Callable[..., Any], original: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function go by the name of the one it stands in for, and keep that one."""
    marked = wraps(original)(stand_in)
    setattr(marked, ORIGINAL, original)
    return marked


def _beginning(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return what stands in for ``Session.__init__``: a session that begins here, or again, does so on its server."""
    taken = signature(original)

    def begin(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            call = taken.bind(self, *args, **kwargs)
        except TypeError:
            return original(self, *args, **kwargs)  # which says so in Python's own words
        kit = call.arguments.get("startup_path")
        named = kit if isinstance(kit, str) else ""
        scope = asking() or scope_of_kit(named)
        if scope is None:
            return original(self, *args, **kwargs)
        if isinstance(kit, str):
            call.arguments["startup_path"] = scope.kit_for(named)
        scope.take(self)
        return scope.member("__init__")(*call.args, **call.kwargs)

    return begin


def _by_name(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return what stands in for another function of ``Session``: the server's own for a session that is on one."""

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        scope = scope_of(self)
        function = original if scope is None else scope.member(original.__name__)
        return function(self, *args, **kwargs)

    return call


def _admin_api(admin_api: Any) -> Callable[..., Any]:
    """Return what makes an ``AdminAPI``: a simulated one where one asks that is on a server, which its session is too.

    It stands in for ``__new__``, so that what is simulated is no ``AdminAPI`` with half of it missing.
    """
    from nvflare.fuel.flare_api.flare_api import Session

    taken = signature(admin_api.__init__)
    original = admin_api.__new__

    def make(cls: type, *args: Any, **kwargs: Any) -> Any:
        scope = asking()
        if scope is None:
            return original(cls)
        if cls is not admin_api:
            raise _refusal(f"{cls.__name__}, which is more than NVFLARE's AdminAPI,")
        call = taken.bind(None, *args, **kwargs)
        if call.arguments.get("cmd_modules"):
            raise _refusal("an AdminAPI with command modules, as NVFLARE's console has one,")
        here = currentframe()
        opened_by = next(_first_arguments(here and here.f_back), None)
        if isinstance(opened_by, Session):
            scope.take(opened_by)
        return scope.api(**dict(list(call.arguments.items())[1:]))

    make.__signature__ = taken  # type: ignore[attr-defined]
    return make


def _refusing(original: Callable[..., Any], what: str) -> Callable[..., Any]:
    def refuse(self: Any, *args: Any, **kwargs: Any) -> Any:
        if asking() is not None:
            raise _refusal(what)
        return original(self, *args, **kwargs)

    return refuse


def _net(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse a connection, or a process, that a module of NVFLARE's would begin that no door stands before."""
    if event == "import" and arguments[0] in _NOT_LOADED:
        _load(arguments[0])
    if event not in ("socket.connect", "socket.bind", "socket.sendto", "subprocess.Popen"):
        return
    frame = currentframe()
    while frame is not None and not str(frame.f_globals.get("__name__")).startswith("nvflare."):
        frame = frame.f_back
    if frame is None:
        return
    module = frame.f_globals["__name__"]
    starts = event == "subprocess.Popen"
    if not module.startswith(_HARMLESS_PROCESSES if starts else _BEHIND_A_DOOR) and asking() is not None:
        raise _refusal(module, "start a process of its own" if starts else "open a connection of its own")
