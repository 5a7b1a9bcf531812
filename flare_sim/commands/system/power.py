"""Starting clients and the server again, and ending them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.clock import to_ticks
from flare_sim.commands.protocol import MetaStatus, Reply
from flare_sim.commands.request import Request, ok
from flare_sim.commands.system.membership import leave
from flare_sim.commands.system.status import runs
from flare_sim.commands.system.targets import error, targets
from flare_sim.jobs.lifecycle import JobState
from flare_sim.personality.quirks import OLD_SYSTEM_REPLIES

if TYPE_CHECKING:
    from flare_sim.engine.clients.sites import Site

__all__ = ["restart", "shutdown"]


class _Times(NamedTuple):
    """How long things take, in seconds."""

    clients_told: float
    """Until clients have answered that they start again, or end with the server, and with that the command is
    answered."""
    clients_end: float
    """The same when clients alone end."""
    client_restart: float
    """Until a client that was restarted registers again."""
    server_ends: float
    """Until a server that was told to is gone."""
    server_starts: float
    """From then until one that restarts is there again."""
    clients_back: float
    """From then until its clients are."""


_TIMES = _Times(0.95, 0.35, 13.0, 4.3, 8.2, 4.0)
"""Seen on 2.9.0."""
_OLD_TIMES = _Times(0.95, 0.1, 8.0, 1.5, 10.0, 5.0)
"""Seen on 2.3.12."""
_BUSY = "There are still jobs running. Please let them finish or abort_job before {}."


def restart(request: Request, _: None) -> Reply:
    """Start clients again, or the server and with it all clients; not while it holds a run."""
    sites = targets(request)
    if isinstance(sites, Reply):
        return sites
    if runs(request) or _unfinished(request, stopping=True):
        said = _BUSY.format("restart")
        return error(request, MetaStatus.JOB_RUNNING, said)
    server, runner, times = request.server, request.runner, _times(request)
    with_server = request.command.args[0] != "client"
    sites = server.sites.listed(server.now) if with_server else sites
    answers = {site.name: "Restart the client..." if site.connected else "no_reply" for site in sites}
    data: list[tuple[str, Any]] = []
    payload: dict[str, Any] = {}
    if with_server and sites:
        data.append(("string", "Trying to restart all clients before restarting server..."))
    if sites:
        data.append(("string", "".join(_line(*answer) for answer in answers.items())))
        payload = {} if OLD_SYSTEM_REPLIES in server.quirks else {"client_status": answers}
    server.touch_all()
    delay = _told(sites, times.clients_told)
    names = leave(request, [site for site in sites if site.connected], "restarted")
    if with_server:
        data.append(("string", "Server scheduled for restart"))
        if OLD_SYSTEM_REPLIES not in server.quirks:
            payload["server_status"] = "ok"
        server.away = [*server.away, *names]
        _end_server(request, times)
        again = to_ticks(times.server_ends + times.server_starts)
        server.timeline.after(again, runner.start_server, times.clients_back)
    else:
        server.timeline.after(to_ticks(times.client_restart), runner.reconnect, names)
    return ok(request, "", delay, (*data, ("success", "")), **payload)


def shutdown(request: Request, _: None) -> Reply:
    """End clients, or the server when it has none left, or all, for good; not while a job runs."""
    sites = targets(request)
    if isinstance(sites, Reply):
        return sites
    running = _unfinished(request, stopping=False)
    if running:
        return error(request, MetaStatus.JOB_RUNNING, running, data=_BUSY.format("shutdown"))
    server, times = request.server, _times(request)
    whom = request.command.args[0]
    listed = server.sites.listed(server.now)
    if whom == "server" and listed:
        said = "There are still active clients. Shutdown all clients first."
        return error(request, MetaStatus.CLIENTS_RUNNING, "", data=said)
    old = OLD_SYSTEM_REPLIES in server.quirks
    data: list[tuple[str, Any]] = []
    if sites:
        if old and whom == "all":
            data.append(("string", "Trying to shutdown clients before server..."))
        answers = [[site.name, "Shutdown the client..." if site.connected else ""] for site in sites]
        data.append(("table", [["CLIENT", "RESPONSE"], *answers]))
    server.touch_all()
    delay = _told(sites, times.clients_end if whom == "client" else times.clients_told)
    for site in sites:
        site.shut_down = site.connected
    leave(request, [site for site in sites if site.connected], "shut down")
    if whom != "client":
        _end_server(request, times)
        data.append(("string", "FL app has been shutdown." if old else "Flare Server has been shutdown."))
        data.append(("shutdown", "Bye bye" if old else "Goodbye!"))
    return ok(request, "", delay, (*data, ("success", "")))


def _times(request: Request) -> _Times:
    return _OLD_TIMES if OLD_SYSTEM_REPLIES in request.server.quirks else _TIMES


def _told(sites: list[Site], seconds: float) -> int:
    return to_ticks(seconds) if any(site.connected for site in sites) else 0


def _line(name: str, answer: str) -> str:
    return f"client:{name} : {'No replies' if answer == 'no_reply' else answer}\n"


def _end_server(request: Request, times: _Times) -> None:
    server = request.server
    server.ending = True
    server.timeline.after(to_ticks(times.server_ends), request.runner.stop_server, server.started)


def _unfinished(request: Request, *, stopping: bool) -> str:
    """Return the id of a job whose run has no final status, one that was aborted only if asked for; else ``""``."""
    states = (JobState.RUNNING, JobState.STOPPING) if stopping else (JobState.RUNNING,)
    return next((job.job_id for job in request.server.store.active.values() if job.state in states), "")
