"""A simulated server as NVFLARE's sessions see it: the classes of those that are on it, and who else is inside.

``Session`` finds what it needs by name in its module: ``AdminAPI`` (the network), ``time``, and ``Session`` itself,
when it opens another one to wait for a restart.  To give these names another meaning for the sessions of one server
only, the few functions that use them are made again: the same code, with other globals.  They live in a subclass of
``Session`` that belongs to the server, and a subclass of ``Session`` from elsewhere gets that one between itself and
``Session``:

    session class on the server  ->  subclass from elsewhere  ->  Session on the server  ->  Session

So ``super()`` of the subclass finds them, and ``isinstance`` holds.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache, partial, wraps
from threading import RLock
from types import CodeType, FunctionType, new_class
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from flare_sim.nvflare.releases import installed_release
from flare_sim.nvflare.transport import SimulatedAdminAPI
from flare_sim.on_clock.client_time import SessionTime

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.commands.protocol import Endpoint

__all__ = ["ORIGINAL", "Scope", "enter", "innermost", "leave", "outgoing", "own_kit", "scope_of", "scope_of_kit"]

ORIGINAL = "__flare_sim_original__"
"""The attribute under which a function that stands in for one of NVFLARE's keeps that one."""
_OUT = frozenset({"AdminAPI", "time", "Session"})
"""The names in the module of ``Session`` that are others on a server."""
_SCOPE = "__flare_sim_scope__"
"""The attribute under which a class that is on a server keeps its scope."""


class Scope:
    """What belongs to a simulated server: the sessions that are on it, and the code of an ``offline`` that is entered.

    Args:
        server: the simulated server.
        kit: what startup kit is read when one is named; that one, unless given.
        dress: makes of a class that is on the server the one that sessions which others open are of; that one itself,
            unless given.

    Raises:
        ImportError: NVFLARE is not installed, or is older than 2.3.
    """

    def __init__(
        self,
        server: Endpoint,
        kit: Callable[[str], str] | None = None,
        dress: Callable[[type], type] | None = None,
    ) -> None:
        self.api = partial(SimulatedAdminAPI, server, installed_release())
        from nvflare.fuel.flare_api import flare_api

        self.server = server
        self._kit = kit or str
        self.entered = True
        self._session: type = flare_api.Session
        self._on_server = self._session_on_server(vars(flare_api))
        self._dress = dress
        self._classes: dict[type, type] = {self._session: self._dressed(self._on_server)}

    def class_of(self, given: type) -> Any:
        """Return the class that sessions of a class are of when they are on the server."""
        if given not in self._classes:
            self._classes[given] = self._dressed(_subclass(given, (given, self._on_server), {}))
        return self._classes[given]

    def _dressed(self, on_server: type) -> type:
        return on_server if self._dress is None else self._dress(on_server)

    def member(self, name: str) -> Callable[..., Any]:
        """Return the function that ``Session`` has under a name, as it is on the server."""
        found: Callable[..., Any] = getattr(self._on_server, name)
        return found

    def take(self, session: Any) -> None:
        """Let a session be of the class that is on the server, unless it is on one already."""
        if scope_of(session) is None:
            session.__class__ = self.class_of(type(session))

    def kit_for(self, named: str) -> str:
        """Return the startup kit that is read when one is named."""
        kit = self._kit(named)
        if kit != named:
            own_kit(kit, self)
        return kit

    def _session_on_server(self, module: dict[str, Any]) -> type:
        other = {"AdminAPI": self.api, "time": SessionTime(self.server.clock)}
        namespace = {**module, **other}
        for name in _users_of(_OUT, module) - _OUT:
            namespace[name] = _again(module[name], namespace)
        body: dict[str, Any] = {name: _again(function, namespace) for name, function in outgoing().items()}
        body["__init__"] = _one_at_a_time(body["__init__"])
        namespace["Session"] = bound = _subclass(self._session, (self._session,), {**body, _SCOPE: self})
        return bound


def outgoing() -> dict[str, FunctionType]:
    """Return the functions of ``Session`` from which ways lead out: to the network, to the time, to another session."""
    from nvflare.fuel.flare_api import flare_api

    module = vars(flare_api)
    names = _users_of(_OUT, module)
    functions = {name: getattr(value, ORIGINAL, value) for name, value in vars(flare_api.Session).items()}
    return {
        name: function
        for name, function in functions.items()
        if _is_of(function, module) and _names_in(function.__code__) & names
    }


_KITS: WeakValueDictionary[str, Scope] = WeakValueDictionary()


def own_kit(kit: str, scope: Scope) -> None:
    """Let sessions that begin with a startup kit be on a server, wherever they do."""
    _KITS[kit] = scope


def scope_of_kit(kit: str) -> Scope | None:
    """Return the scope that owns a startup kit."""
    return _KITS.get(kit)


def scope_of(thing: object) -> Scope | None:
    """Return the scope of a session that is on a server, None for anything else."""
    scope: Scope | None = getattr(type(thing), _SCOPE, None)
    return scope if isinstance(scope, Scope) else None


_LOCK = RLock()
_ENTERED: list[Scope] = []
_ENTERED_HERE: ContextVar[tuple[Scope, ...]] = ContextVar("entered here", default=())


def enter(scope: Scope) -> None:
    """Let code be inside a scope from now on, first of all that of this thread or asyncio task."""
    with _LOCK:
        _ENTERED.append(scope)
    _ENTERED_HERE.set((*_ENTERED_HERE.get(), scope))


def leave(scope: Scope) -> None:
    """Let nobody be inside a scope any more."""
    with _LOCK:
        scope.entered = False
        _ENTERED.remove(scope)
    _ENTERED_HERE.set(tuple(other for other in _ENTERED_HERE.get() if other.entered))


def innermost(anywhere: bool = True) -> Scope | None:
    """Return the innermost scope that was entered in this thread or task, or else, ``anywhere``, the one entered last.

    What a task, or a thread of asyncio, begins with is its starter's.
    """
    inside: list[Scope] = [*(_ENTERED if anywhere else ()), *_ENTERED_HERE.get()]
    return next((scope for scope in reversed(inside) if scope.entered), None)


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


def _users_of(names: frozenset[str], module: dict[str, Any]) -> set[str]:
    """Return the names, and those of the module's functions that use one of them, directly or not."""
    found, before = set(names), 0
    while len(found) != before:
        before = len(found)
        found |= {name for name, value in module.items() if _is_of(value, module) and _names_in(value.__code__) & found}
    return found


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
