"""A command as the function that carries it out sees it, and the usual replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.commands.protocol import ApiStatus, MetaStatus, Reply

if TYPE_CHECKING:
    from flare_sim.commands.protocol import Command
    from flare_sim.engine.process import Process
    from flare_sim.engine.state import ServerState
    from flare_sim.users import User

__all__ = ["Request", "cut", "ok", "refused", "said"]

LONGEST_INFO = 4000
"""No sentence of a reply has more letters."""


class Request(NamedTuple):
    """A command as its handler sees it."""

    server: ServerState
    runner: Process
    user: User
    command: Command


def ok(
    request: Request, info: str = "", delay: int = 0, data: tuple[tuple[str, Any], ...] = (), **payload: Any
) -> Reply:
    """Return the reply to a command that was carried out."""
    return Reply(ApiStatus.SUCCESS, MetaStatus.OK, info, payload, data, (), delay, request.server.timeline.now)


def refused(request: Request, status: str, info: str, api_status: str = ApiStatus.SUCCESS) -> Reply:
    """Return the reply to a command that was not, and changed nothing."""
    return Reply(api_status, status, cut(info), time=request.server.timeline.now)


def cut(text: str) -> str:
    """Return what a reply says, no longer than anybody reads, however long the words are that it repeats."""
    return text if len(text) <= LONGEST_INFO else f"{text[:LONGEST_INFO]}..."


def said(text: str) -> tuple[tuple[str, Any], ...]:
    """Return what a console shows of a sentence."""
    return (("string", text), ("success", ""))
