"""Keeps every listener of a Python process on this machine: loaded by Python itself, from a folder on PYTHONPATH.

NVFLARE 2.3 binds its ports on all addresses, whatever its configuration says.
"""

from __future__ import annotations

import socket
from typing import Any

EVERYWHERE = ("", "0.0.0.0", "::")
HERE = "127.0.0.1"

_bind = socket.socket.bind


def bind(self: socket.socket, address: Any) -> None:
    """Bind a socket, to the loopback address where it would be to all."""
    if isinstance(address, tuple) and address[0] in EVERYWHERE:
        address = (HERE, *address[1:])
    _bind(self, address)


def here(address: str) -> str:
    """The address of a listener of gRPC, on this machine alone."""
    host, _, port = address.rpartition(":")
    return f"{HERE}:{port}" if host.strip("[]") in EVERYWHERE else address


def constrain(server: Any) -> None:
    """Let a class of gRPC servers open ports on this machine alone."""
    insecure, secure = server.add_insecure_port, server.add_secure_port
    server.add_insecure_port = lambda self, address: insecure(self, here(address))
    server.add_secure_port = lambda self, address, credentials: secure(self, here(address), credentials)


socket.socket.bind = bind  # type: ignore[assignment, method-assign]

try:
    import grpc._server
    import grpc.aio._server
except ImportError:
    pass
else:
    constrain(grpc._server._Server)
    constrain(grpc.aio._server.Server)
