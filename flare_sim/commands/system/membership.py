"""Who may take part: a client that is removed registers again, one that is disabled has to be enabled first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.clock import to_ticks
from flare_sim.commands.protocol import MetaStatus, Reply
from flare_sim.commands.request import Request, ok, refused
from flare_sim.commands.system.targets import clients_named
from flare_sim.engine.recovery.rebuild import hold_again
from flare_sim.personality.quirks import OLD_SYSTEM_REPLIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flare_sim.engine.clients.sites import Client, Site
    from flare_sim.engine.process import Process
    from flare_sim.engine.state import ServerState

__all__ = ["disable_client", "enable_client", "forget", "join", "leave", "remove_client"]

RETURN_SECONDS = 3.0
"""A client that was removed or enabled registers again after so long (2.9.0);"""
OLD_RETURN_SECONDS = 5.0
"""after so long on 2.3.12."""


def remove_client(request: Request, _: None) -> Reply:
    """Forget clients, all when none is named; they register again a little later."""
    sites = clients_named(request, request.command.args)
    if isinstance(sites, Reply):
        return sites
    _return(request, leave(request, sites, "removed"))
    return ok(request)


def disable_client(request: Request, _: None) -> Reply:
    """Shut clients out, known or not, until they are enabled again."""
    return _each(request, _disable)


def enable_client(request: Request, _: None) -> Reply:
    """Let clients in again, known or not; they register a little later."""
    return _each(request, _enable)


def join(server: ServerState, runner: Process, client: Client) -> None:
    """Let a new client register, or know of it where the server is down."""
    server.touch_all()
    if not server.alive:
        server.away = [*server.away, client.name]
    server.sites.add(client, server.now, present=server.alive)
    hold_again(server)
    server.note("client", client.name, "registered")
    runner.clients_changed()


def forget(server: ServerState, runner: Process, name: str) -> None:
    """Let a client leave for good."""
    server.touch_all()
    server.sites.remove(name)
    server.note("client", name, "left")
    runner.clients_changed()


def leave(request: Request, sites: Iterable[Site], how: str) -> list[str]:
    """Lose clients; returns the names of those that notice, as they are not silent."""
    names = []
    request.server.touch_all()
    for site in sites:
        if site.connected:
            names.append(site.name)
        request.server.sites.leave(site.name)
        request.server.note("client", site.name, how)
    request.runner.clients_changed()
    return names


def _each(request: Request, act: Callable[[Request, str], dict[str, bool]]) -> Reply:
    names = request.command.args
    if not names:
        reply = refused(request, MetaStatus.SYNTAX_ERROR, "")
        return reply._replace(data=(("error", "missing client name"),))
    said = []
    for name in names:
        facts = act(request, name)
        state = "disabled" if act is _disable else "enabled"
        said.append({"client_name": name, "state": state, **facts, "credential_revoked": False})
    return ok(request, data=(("dict", {"clients": said}),))


def _disable(request: Request, name: str) -> dict[str, bool]:
    server = request.server
    server.touch_all()
    already = name in server.disabled
    sites = [site for site in server.sites.listed(server.now) if site.name == name]
    server.disabled = {**server.disabled, name: True}
    leave(request, sites, "disabled")
    return {"already_disabled": already, "active_session_removed": bool(sites), "rejoin_allowed": False}


def _enable(request: Request, name: str) -> dict[str, bool]:
    server = request.server
    server.touch_all()
    was, site = name in server.disabled, server.sites.get(name)
    server.disabled = {other: True for other in server.disabled if other != name}
    if was and site is not None and site.dropped_at is None and not site.shut_down:
        _return(request, [name])
    return {"was_disabled": was, "rejoin_allowed": True}


def _return(request: Request, names: list[str]) -> None:
    old = OLD_SYSTEM_REPLIES in request.server.quirks
    after = to_ticks(OLD_RETURN_SECONDS if old else RETURN_SECONDS)
    request.server.timeline.after(after, request.runner.reconnect, names)
