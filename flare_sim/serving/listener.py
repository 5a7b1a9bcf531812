"""A listening socket that nobody can hold up: who connects is heard in a thread of their own, for a while.

NVFLARE's own listeners shake hands with one client after the other, so that one who connects and says nothing keeps all
others out.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.serving.kits import ServerFiles

__all__ = ["PatientServer", "bound", "server_context"]

HANDSHAKE_SECONDS = 10.0
"""So long a client may take to show its certificate."""
_WAITING = 256
"""So many clients may have connected whom nobody has looked at yet."""


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to an address; port 0 is any that is free.

    Raises:
        OSError: the address is taken, or none of this machine's.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_WAITING)
    except BaseException:
        listening.close()
        raise
    return listening


def server_context(files: ServerFiles) -> ssl.SSLContext:
    """Return how a server shakes hands: with whom the authority has given a certificate, and nobody else."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=files.root)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(files.certificate, files.key)
    return context


class PatientServer(ThreadingTCPServer):
    """Hands over clients that have shown their certificates.

    Args:
        listening: a bound socket; it is closed with the server.
        context: how to shake hands.
        heard: called in a thread for each client, with its connection; what it raises ends that connection alone.
        open: whether anybody gets through by now; the connections of others are closed at once.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(
        self,
        listening: socket.socket,
        context: ssl.SSLContext,
        heard: Callable[[ssl.SSLSocket], None],
        open: Callable[[], bool],  # noqa: A002  (what it is asked)
    ) -> None:
        super().__init__(listening.getsockname()[:2], BaseRequestHandler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self._context = context
        self._heard = heard
        self._open = open
        self._lock = Lock()
        self._connections: set[socket.socket] = set()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands with a client, and hand its connection over."""
        if not self._open():
            return
        request.settimeout(HANDSHAKE_SECONDS)
        with suppress(OSError):  # an ssl.SSLError, a TimeoutError: no client of this server's, or one that is gone
            connection = self._context.wrap_socket(request, server_side=True)
            connection.settimeout(None)
            with self._lock:
                self._connections.add(connection)
            try:
                self._heard(connection)
            finally:
                with self._lock:
                    self._connections.discard(connection)
                connection.close()

    def stop(self) -> None:
        """Listen no more, and end the connections there are."""
        self.shutdown()
        self.server_close()
        with self._lock:
            connections = [*self._connections]
        for connection in connections:
            _end(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a connection that failed: whoever was at its other end knows."""


def _end(connection: socket.socket) -> None:
    with suppress(OSError):  # the other side was faster
        connection.shutdown(socket.SHUT_RDWR)
