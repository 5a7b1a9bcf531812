"""The port: HTTP and JSON on this machine alone, for who has the token."""

from __future__ import annotations

import hmac
import json
import os
import secrets
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from flare_sim.control.operations import OPERATIONS, Controlled, perform
from flare_sim.scenarios.making import make_server
from flare_sim.spec import InternalError, JobNotFound
from flare_sim.untrusted_values import readable

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from flare_sim.server import SimulatedServer

__all__ = ["ControlPort"]

MOST_BYTES = 1 << 20
"""Nothing that is asked for takes more."""
_PATIENCE = 10.0
"""Who says nothing for so many seconds is let go."""
_LOOPBACK = "127.0.0.1"


class ControlPort:
    """Lets other processes of this user's control a server; see ``OPERATIONS``.

    It is a context manager: inside, whoever has the token is answered.  Each operation is done on its own, one after
    the other.

    Args:
        make: makes the server, and a fresh one at each ``reset``, which it is told what to make of: it takes what
            ``make_server`` takes.
        port: the port, on the loopback address; 0 for one that is free.
        changed: called with every server that there is from now on, the first one excepted.
        server: the first one; what ``make`` makes unless given.

    Attributes:
        url: where it is.
        token: what who asks has to show, as ``Authorization: Bearer TOKEN``.

    Raises:
        OSError: the port is taken.
        ValueError: ``make`` makes none.

    Example:
        >>> with ControlPort() as port:  # doctest: +SKIP
        ...     print(port.url)
    """

    def __init__(
        self,
        make: Callable[..., SimulatedServer] = make_server,
        *,
        port: int = 0,
        changed: Callable[[SimulatedServer], object] | None = None,
        server: SimulatedServer | None = None,
    ) -> None:
        self.token = secrets.token_urlsafe(32)
        self._controlled = Controlled(make, changed, server)
        self._lock = Lock()
        self._http = _Server((_LOOPBACK, port), self._handler())
        self.url = f"http://{_LOOPBACK}:{self._http.server_address[1]}"
        self._thread = Thread(target=self._http.serve_forever, args=(0.05,), name="flare-sim control", daemon=True)

    @property
    def server(self) -> SimulatedServer:
        """The server there is."""
        return self._controlled.server

    def write(self, path: str) -> None:
        """Write a file that says where it is, with the token, which only this user may read.

        Raises:
            OSError: the file system refuses, or there is a file already.
        """
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(number, "w", encoding="utf-8") as file:
            json.dump({"url": self.url, "token": self.token}, file)

    def __enter__(self) -> ControlPort:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _perform(self, name: str, arguments: dict[str, Any]) -> Any:
        with self._lock:
            return perform(self._controlled, name, arguments)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        expected, perform_one = f"Bearer {self.token}".encode(), self._perform

        class Handler(_Handler):
            def is_allowed(self) -> bool:
                shown = self.headers.get("Authorization", "").encode("utf-8", "replace")
                return hmac.compare_digest(shown, expected)

            def perform(self, name: str, arguments: dict[str, Any]) -> Any:
                return perform_one(name, arguments)

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that is gone, or talks no HTTP."""


class _Refused(Exception):
    """What is asked for is not done.

    Attributes:
        status: why, as HTTP has it.
    """

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    """Answers one client: GET what is looked at, POST what changes something, with its arguments as a JSON object."""

    timeout = _PATIENCE
    server_version = "flare-sim"
    sys_version = ""

    def is_allowed(self) -> bool:
        """Tell whether who asks has shown the token."""
        raise NotImplementedError

    def perform(self, name: str, arguments: dict[str, Any]) -> Any:
        """Do something to the server."""
        raise NotImplementedError

    def do_GET(self) -> None:
        """Tell something."""
        self._answer(changes=False)

    def do_POST(self) -> None:
        """Do something."""
        self._answer(changes=True)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer(self, *, changes: bool) -> None:
        try:
            told = self._told(changes)
        except _Refused as refused:
            self._send(refused.status, {"error": {"type": "ControlError", "message": str(refused)}})
        except (ValueError, RuntimeError, JobNotFound, InternalError) as problem:
            self._send(HTTPStatus.CONFLICT, {"error": {"type": type(problem).__name__, "message": str(problem)}})
        except Exception as problem:  # noqa: BLE001  (who asks is told, and the next one is answered)
            told = f"{type(problem).__name__}: {problem}"
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": {"type": "InternalError", "message": told}})
        else:
            self._send(HTTPStatus.OK, {"result": told})

    def _told(self, changes: bool) -> Any:
        if not self.is_allowed():
            raise _Refused(HTTPStatus.UNAUTHORIZED, "the token is missing, or another one")
        name = self.path.partition("?")[0].strip("/")
        operation = OPERATIONS.get(name)
        if operation is None:
            raise _Refused(HTTPStatus.NOT_FOUND, f"there is no {readable(name)[:100]!r}: {', '.join(OPERATIONS)}")
        arguments = self._arguments()
        if operation.changes and not changes:
            raise _Refused(HTTPStatus.METHOD_NOT_ALLOWED, f"{name} changes something: POST it")
        return self.perform(name, arguments)

    def _arguments(self) -> dict[str, Any]:
        text = self.headers.get("Content-Length") or "0"
        if not text.isascii() or not text.isdigit() or int(text[:9]) > MOST_BYTES:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {MOST_BYTES} bytes can be read")
        body = self.rfile.read(int(text))
        if not body:
            return {}
        try:
            arguments = json.loads(body)
        except (ValueError, RecursionError) as problem:
            raise _Refused(HTTPStatus.BAD_REQUEST, f"no JSON was sent: {problem}") from None
        if type(arguments) is not dict:
            raise _Refused(HTTPStatus.BAD_REQUEST, "a JSON object was to be sent")
        return arguments

    def _send(self, status: HTTPStatus, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)
