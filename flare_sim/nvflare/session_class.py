"""Sessions of NVFLARE's ``Session`` class, or of a subclass of it, on a simulated server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.nvflare import doors
from flare_sim.nvflare.scopes import Scope, own_kit
from flare_sim.nvflare.startup_kit import kit_of
from flare_sim.nvflare.transport import SimulatedAdminAPI
from flare_sim.untrusted_values import plain_name, shown

if TYPE_CHECKING:
    from flare_sim.commands.protocol import Endpoint

__all__ = ["connect", "session_class_on"]


def connect(
    server: Endpoint,
    user: str = "admin@nvidia.com",
    session_class: type | None = None,
    *,
    timeout: float = 10.0,
    startup_path: str | None = None,
    download_dir: str | None = None,
    upload_dir: str | None = None,
    at_once: bool = False,
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
        at_once: whether to leave out the waiting in a login, so that the server's clock stays where it is.
        options: further arguments of the class (``secure_mode``, ``debug``, from 2.8 on ``study``).

    Raises:
        ImportError: NVFLARE is not installed, or is older than 2.3.
        TypeError: ``session_class`` is no subclass of ``Session``, or does not call its ``__init__``.
        NotSimulated: something else of NVFLARE's would open a connection.
        Exception: whatever NVFLARE's own code raises when it can't connect.
    """
    scope = Scope(server)
    if startup_path is None:
        startup_path = kit_of(server, upload_dir, download_dir)
        own_kit(startup_path, scope)
    session = _class_on(scope, session_class)(username=user, startup_path=startup_path, **options)
    if not isinstance(getattr(session, "api", None), SimulatedAdminAPI):
        raise TypeError(f"{plain_name(session)} has to call super().__init__, so that it is on the server")
    if at_once:
        session.api.hurry()
    session.try_connect(timeout)
    return session


def session_class_on(server: Endpoint, session_class: type | None = None) -> Any:
    """Return a subclass of ``session_class`` (NVFLARE's ``Session`` unless given) whose sessions are on ``server``.

    They take the same arguments, read the startup kit they are given, and then talk to ``server`` on its clock, also
    when they begin again, or call ``Session``'s methods by its name.

    Raises:
        ImportError: NVFLARE is not installed, or is older than 2.3.
        TypeError: ``session_class`` is no subclass of ``Session``.
    """
    return _class_on(Scope(server), session_class)


def _class_on(scope: Scope, session_class: type | None) -> Any:
    from nvflare.fuel.flare_api.flare_api import Session

    chosen: Any = Session if session_class is None else session_class
    if not (isinstance(chosen, type) and issubclass(chosen, Session)):
        named = chosen.__name__ if isinstance(chosen, type) else shown(chosen)
        raise TypeError(f"session_class must be a subclass of NVFLARE's Session, not {named}")
    doors.keep_watched()
    return scope.class_of(chosen)
