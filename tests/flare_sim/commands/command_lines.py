"""Command lines as NVFLARE's own session sends them, and the replies it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim import Command, Reply, SimulatedServer

if TYPE_CHECKING:
    from flare_sim import Session

__all__ = ["ask", "ask_with", "clients_of", "meta"]


def ask(server: SimulatedServer, line: str, user: str = "admin@nvidia.com") -> Reply:
    """Send a command line as a user."""
    return server.request(server.connect(user)._login, Command.parse(line))


def meta(server: SimulatedServer, line: str, user: str = "admin@nvidia.com") -> dict[str, Any]:
    """The meta of the reply to a command line."""
    made: dict[str, Any] = ask(server, line, user).as_dict()["meta"]
    return made


def ask_with(session: Session, line: str) -> Reply:
    """Send a command line through an open session."""
    return session._server.request(session._login, Command.parse(line))


def clients_of(server: SimulatedServer) -> list[str]:
    """The clients the server counts as there."""
    return [client["client_name"] for client in meta(server, "check_status server").get("clients", ())]
