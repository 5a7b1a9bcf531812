"""Whom a command about the system is for, and the replies to one that is for nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.commands.protocol import ApiStatus, MetaStatus
from flare_sim.commands.request import refused
from flare_sim.personality.quirks import OLD_SYSTEM_REPLIES

if TYPE_CHECKING:
    from flare_sim.commands.protocol import Reply
    from flare_sim.commands.request import Request
    from flare_sim.engine.clients.sites import Site

__all__ = ["clients_named", "error", "targets"]

TARGETS = ("server", "client", "all")


def error(request: Request, status: str, info: str, *, data: str = "", api_status: str = ApiStatus.SUCCESS) -> Reply:
    """Return the reply to a command about the system that was not carried out.

    Args:
        request: the command.
        status: of what kind the error is, where servers say that; those of 2.3.12 do not.
        info: what it is about.
        data: what a console shows of it, when that is something else; where the kind is not said it is all there is.
        api_status: how the call itself went.
    """
    if OLD_SYSTEM_REPLIES in request.server.quirks:
        status, info = MetaStatus.ERROR, data or info
    return refused(request, status, info, api_status)._replace(data=(("error", data or info),))


def targets(request: Request) -> list[Site] | Reply:
    """Return the clients a command is about: ``server|client|all [names]``."""
    args = request.command.args
    if not args:
        return error(request, MetaStatus.INVALID_TARGET, "missing target type (server or client)")
    if args[0] not in TARGETS:
        return error(request, MetaStatus.INVALID_TARGET, f"unknown target type {args[0]}")
    if args[0] == "server":
        return []
    found = clients_named(request, args[1:] if args[0] == "client" else ())
    if args[0] == "client" and not found:
        return error(request, MetaStatus.INVALID_TARGET, "no clients available")
    return found


def clients_named(request: Request, names: tuple[str, ...]) -> list[Site] | Reply:
    """Return the clients of these names, in their order, or all when there is no name."""
    listed = request.server.sites.listed(request.server.timeline.now)
    known = {site.name: site for site in listed}
    unknown = [name for name in names if name not in known]
    if unknown:
        info = f"invalid client(s): {' '.join(unknown)}"
        return error(request, MetaStatus.INVALID_TARGET, info, api_status=ApiStatus.ERROR_INVALID_CLIENT)
    return [known[name] for name in names] if names else listed
