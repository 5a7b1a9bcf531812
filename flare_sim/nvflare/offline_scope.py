"""``offline``: while it lasts, NVFLARE's own ways to a session lead to a simulated server.

They all lead through one function: ``new_secure_session``, ``new_insecure_session``, NVFLARE's tools and subclasses of
``Session`` end in ``Session.__init__``.  There the new object becomes one of a class that is on the server (see
``scopes``), and starts with a startup kit that goes with the server, instead of the one that was named.  So it does
not matter who imported what, when, or under which name, and no module is searched for copies.  What goes past that
function is met at the other doors of ``doors``.

Which server that is: of the innermost ``offline`` that was entered in the same thread or asyncio task (what a task, or
a thread of asyncio, begins with is its starter's), else of the one entered last, anywhere.  A session stays with the
server it was opened on, also when the ``offline`` is left.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial, wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import TYPE_CHECKING, Any, TypeVar

from flare_sim.nvflare import doors, other_processes, scopes
from flare_sim.nvflare.startup_kit import Kits
from flare_sim.on_clock.modules import time_in as on_clock
from flare_sim.scenarios.making import make_server
from flare_sim.untrusted_values import plain_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike
    from types import ModuleType, TracebackType

    from flare_sim.server import SimulatedServer

    AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])

__all__ = ["current_server", "offline"]

_OWN = ("upload_dir", "download_dir", "time_in", "record")
"""The arguments that are not for a fresh server."""


class offline:  # noqa: N801  (reads as what it does, like contextlib.suppress)
    """A context manager, and a decorator, that puts all sessions of NVFLARE on a simulated server.

    ``with offline() as server:`` gives the server.  As a decorator (of functions and of coroutine functions) it is
    entered anew for every call, and ``current_server`` gives the server.  The innermost one counts; one object may be
    entered again inside itself.  Whatever ends the block, everything is as it was afterwards.

    A startup kit need not be there.  The kit that is named says where jobs are looked for that are named without a
    folder, and where results go, as it does to a real client: ``transfer`` in it, unless its configuration says
    otherwise; results of a kit that is not there go to a folder that goes with the server.

    Secure sessions are for the user that is named: one that the server does not know gets what NVFLARE makes of a
    refused login, which differs between releases.  Insecure sessions are for ``admin``, or for the project's
    administrator where there is no such user.

    Args:
        server: the server; a fresh one for each time it is entered, which is closed afterwards, unless given.
        upload_dir: where jobs are looked for that are not where the session is told, whatever kit is named.
        download_dir: where results go, whatever kit is named; made when it is missing.
        time_in: modules, or their names, of which ``time`` (or ``sleep`` from it, ...) goes by the server's clock too.
            Sessions do in any case; an application that waits between its own looks is what this is for.
        record: a file that the calls of all sessions are recorded in, for ``flare_sim.recording.replay``; written over
            each time it is entered.
        options: what a fresh server is made with, such as ``clients=5``; see ``SimulatedServer``. A ``scenario`` is a
            ``Scenario``, the path of a file of one, or a name in the gallery; the others go before what it says.

    Raises:
        ImportError: when it is entered: NVFLARE is not installed, or a module of ``time_in`` is not there.
        OSError: when it is entered, or left: the recording can't be written.
        NotSimulated: inside: something else of NVFLARE's would open a connection, such as its simulator.
        TypeError: options for a server that is given; decorates something that is no function.
        ValueError: when it is entered: an option makes no sense.

    Examples:
        >>> with offline(clients=5) as server:  # doctest: +SKIP
        ...     session = new_secure_session("admin@nvidia.com", "/no/such/kit")
    """

    def __init__(
        self,
        server: SimulatedServer | None = None,
        *,
        upload_dir: str | None = None,
        download_dir: str | None = None,
        time_in: Iterable[ModuleType | str] = (),
        record: str | PathLike[str] | None = None,
        **options: Any,
    ) -> None:
        if server is not None and options:
            raise TypeError(f"a server that is given can't be made with {', '.join(options)}")
        folders = {"upload_dir": upload_dir, "download_dir": download_dir}
        self._arguments: dict[str, Any] = {**folders, "time_in": tuple(time_in), "record": record, **options}
        self._given = server
        self._inside: list[ExitStack] = []

    def __enter__(self) -> SimulatedServer:
        options = dict(self._arguments)
        upload_dir, download_dir, time_in, record = map(options.pop, _OWN)
        with ExitStack() as stack:
            server = self._given
            if server is None:
                server = stack.enter_context(make_server(**options))
            stack.enter_context(on_clock(server.clock, *time_in))
            other_processes.watch()
            doors.watch()
            stack.callback(doors.unwatch)
            dress = None
            if record is not None:
                from flare_sim.recording.recorded_session import recording_class
                from flare_sim.recording.recorder import Recorder

                recorder = stack.enter_context(Recorder(record, clock=server.clock))
                dress = partial(recording_class, recorder.notes)
            scope = scopes.Scope(server, Kits(server, upload_dir, download_dir).for_named, dress)
            scopes.enter(scope)
            stack.callback(scopes.leave, scope)
            self._inside.append(stack.pop_all())
        return server

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        self._inside.pop().close()

    def __call__(self, function: AnyFunction) -> AnyFunction:
        """Decorate a function."""
        if isinstance(function, type) or isgeneratorfunction(function) or isasyncgenfunction(function):
            raise TypeError(f"offline() decorates functions and coroutine functions, not {plain_name(function)}")

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with offline(self._given, **self._arguments):
                return function(*args, **kwargs)

        @wraps(function)
        async def wait_for(*args: Any, **kwargs: Any) -> Any:
            with offline(self._given, **self._arguments):
                return await function(*args, **kwargs)

        decorated: Any = wait_for if iscoroutinefunction(function) else call
        return decorated  # type: ignore[no-any-return]


def current_server() -> SimulatedServer:
    """Return the server that a session opened here and now would be on.

    Raises:
        RuntimeError: no ``offline`` is entered.
    """
    scope = scopes.innermost()
    if scope is None:
        raise RuntimeError("there is no simulated server here: no offline() is entered")
    server: Any = scope.server
    return server  # type: ignore[no-any-return]
