"""The commands about the server and its clients: status, resources, versions, restart, shutdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.clock import to_seconds, to_ticks
from flare_sim.commands.protocol import ApiStatus, MetaStatus, Reply
from flare_sim.commands.request import Request, ok, refused
from flare_sim.engine.clients.resources import counts_gpus, gpus_left
from flare_sim.jobs.lifecycle import JobState

if TYPE_CHECKING:
    from flare_sim.engine.clients.sites import Site
    from flare_sim.engine.job import Job

__all__ = [
    "check_status",
    "disable_client",
    "enable_client",
    "remove_client",
    "report_resources",
    "report_version",
    "restart",
    "shutdown",
]

RETURN_SECONDS = 3.0
"""A client that was removed registers again after so long (2.9.0)."""
CLIENT_RESTART_SECONDS = 10.0
"""A client that was restarted registers again after so long (2.9.0)."""
STOP_SECONDS = 5.0
"""A server that was told to goes down after so long (2.3.12, 2.9.0)."""
START_SECONDS = 5.0
"""A server that restarts is up again so long after it went down, and its clients after as long again (2.9.0)."""
_BUSY = "There are still jobs running. Please let them finish or abort_job before restart."
_TARGETS = ("server", "client", "all")


def check_status(request: Request, _: None) -> Reply:
    """Tell how the server is (and who is there), how the clients are, or both."""
    if request.command.args == ("server",):
        return _server_status(request)
    sites = _targets(request)
    if isinstance(sites, Reply):
        return sites
    if request.command.args[0] == "client":
        status = _client_status(request, sites)
        rows = [["CLIENT", "STATUS"], *([line["client_name"], line["status"]] for line in status)]
        return ok(request, client_status=status, data=(("table", rows),))._replace(bare=True)
    reply = _server_status(request)
    if request.command.args[0] == "server":
        return reply
    return reply._replace(payload={**reply.payload, "client_status": _client_status(request, sites)})


def report_resources(request: Request, _: None) -> Reply:
    """Tell what the clients have to give; the server has no limit."""
    sites = _targets(request)
    if isinstance(sites, Reply):
        return sites
    quirks = request.server.quirks
    rows = [["SITES", "RESOURCES"], *([name, _resources(site, quirks)] for name, site in _named(request, sites))]
    return ok(request, data=(("table", rows),))


def report_version(request: Request, _: None) -> Reply:
    """Tell which release runs where."""
    sites = _targets(request)
    if isinstance(sites, Reply):
        return sites
    versions = {name: {"version": request.server.release} for name, _ in _named(request, sites)}
    return ok(request, data=(("dict", versions),))


def remove_client(request: Request, _: None) -> Reply:
    """Forget a client, which registers again a little later."""
    server, names = request.server, request.command.args
    sites = _clients(request, names)
    if isinstance(sites, Reply):
        return sites
    _leave(request, sites, "removed")
    server.timeline.after(to_ticks(RETURN_SECONDS), lambda _: request.runner.reconnect(names))
    return ok(request)


def disable_client(request: Request, _: None) -> Reply:
    """Shut a client out, known or not, until it is enabled again."""
    server, name = request.server, " ".join(request.command.args)
    already = name in server.disabled
    active = any(site.name == name for site in server.sites.listed(server.now))
    server.disabled[name] = True
    if active:
        _leave(request, [site for site in server.sites if site.name == name], "disabled")
    facts = {"already_disabled": already, "active_session_removed": active, "rejoin_allowed": False}
    return _about_client(request, name, "disabled", facts)


def enable_client(request: Request, _: None) -> Reply:
    """Let a client in again, known or not; it registers a little later."""
    server, name = request.server, " ".join(request.command.args)
    was = server.disabled.pop(name, False)
    if was:
        server.timeline.after(to_ticks(RETURN_SECONDS), lambda _: request.runner.reconnect((name,)))
    return _about_client(request, name, "enabled", {"was_disabled": was, "rejoin_allowed": True})


def restart(request: Request, _: None) -> Reply:
    """Start clients again, or the server and with it all clients; not while a job runs."""
    sites = _targets(request)
    if isinstance(sites, Reply):
        return sites
    if _running(request):
        return refused(request, MetaStatus.JOB_RUNNING, _BUSY)
    server, runner = request.server, request.runner
    with_server = request.command.args[0] != "client"
    sites = server.sites.listed(server.now) if with_server else sites
    names = [site.name for site in sites]
    _leave(request, sites, "restarted")
    if with_server:
        server.away += names
        server.timeline.after(to_ticks(STOP_SECONDS), lambda _: runner.stop_server())
        server.timeline.after(to_ticks(STOP_SECONDS + START_SECONDS), lambda _: runner.start_server(START_SECONDS))
    else:
        server.timeline.after(to_ticks(CLIENT_RESTART_SECONDS), lambda _: runner.reconnect(names))
    status: dict[str, Any] = {"client_status": dict.fromkeys(names, "Restart the client...")}
    if with_server:
        status["server_status"] = "ok"
    return ok(request)._replace(payload=status)


def shutdown(request: Request, _: None) -> Reply:
    """End clients, or the server and all clients, for good; not while a job runs."""
    sites = _targets(request)
    if isinstance(sites, Reply):
        return sites
    running = _running(request)
    if running:
        return refused(request, MetaStatus.JOB_RUNNING, running[0].job_id)
    server, runner = request.server, request.runner
    if request.command.args[0] == "client":
        _leave(request, sites, "shut down")
        return ok(request)
    _leave(request, server.sites.listed(server.now), "shut down")
    server.timeline.after(to_ticks(STOP_SECONDS), lambda _: runner.stop_server())
    return ok(request, data=(("string", "Flare Server has been shutdown."), ("shutdown", "Goodbye!"), ("success", "")))


def _leave(request: Request, sites: list[Site], how: str) -> None:
    for site in sites:
        request.server.sites.leave(site.name)
        request.server.note("client", site.name, how)
    request.runner.clients_changed()


def _about_client(request: Request, name: str, state: str, facts: dict[str, bool]) -> Reply:
    client = {"client_name": name, "state": state, **facts, "credential_revoked": False}
    return ok(request, data=(("dict", {"clients": [client]}),))


def _targets(request: Request) -> list[Site] | Reply:
    """Return the clients a command is about: ``server|client|all [names]``."""
    args = request.command.args
    if not args or args[0] not in _TARGETS:
        return refused(request, MetaStatus.SYNTAX_ERROR, f"target must be one of {', '.join(_TARGETS)}")
    if args[0] == "server":
        return []
    if len(args) > 1:
        return _clients(request, args[1:])
    return request.server.sites.listed(request.server.timeline.now)


def _clients(request: Request, names: tuple[str, ...]) -> list[Site] | Reply:
    known = {site.name: site for site in request.server.sites.listed(request.server.timeline.now)}
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        info = f"invalid client(s): {' '.join(unknown)}"
        return refused(request, MetaStatus.INVALID_TARGET, info, ApiStatus.ERROR_INVALID_CLIENT)
    return [known[name] for name in names]


def _named(request: Request, sites: list[Site]) -> list[tuple[str, Site | None]]:
    server: list[tuple[str, Site | None]] = [] if request.command.args[0] == "client" else [("server", None)]
    return server + [(site.name, site) for site in sites]


def _resources(site: Site | None, quirks: frozenset[str]) -> str:
    if site is None:
        return "unlimited"
    has: object = [] if site.resources is None else dict(site.resources)
    if counts_gpus(site.resources, quirks):
        left = gpus_left(site.resources, site.held.values())
        has = [{"gpu_id": gpu, "memory": memory} for gpu, memory in enumerate(left)]
    return str({"resources": has, "reserved_resources": {}})


def _running(request: Request) -> list[Job]:
    busy = (JobState.RUNNING, JobState.STOPPING)
    return [job for job in request.server.store.active.values() if job.state in busy]


def _client_status(request: Request, sites: list[Site]) -> list[dict[str, Any]]:
    status: list[dict[str, Any]] = []
    running = _running(request)
    for site in sites:
        busy = [
            {"client_name": site.name, "app_name": job.apps[site.name], "job_id": job.job_id, "status": "started"}
            for job in running
            if site.name in job.apps
        ]
        status += busy or [{"client_name": site.name, "status": "no_jobs"}]
    return status


def _server_status(request: Request) -> Reply:
    server = request.server
    now = server.timeline.now
    running = _running(request)
    status = "started" if running else "stopped"
    jobs = [{"job_id": job.job_id, "app_name": job.apps["server"]} for job in running]
    listed = server.sites.listed(now)
    clients = [
        {
            "client_name": site.name,
            "client_last_conn_time": to_seconds(site.last_connect(now, server.sites.interval)),
            "fqcn": site.name,
        }
        for site in listed
    ]
    data = (
        ("string", f"Engine status: {status}"),
        ("table", [["JOB_ID", "APP NAME"], *(list(job.values()) for job in jobs)]),
        ("string", f"Registered clients: {len(clients)} "),
        ("table", [["CLIENT"], *([site.name] for site in listed)]),
    )
    return ok(
        request,
        server_status=status,
        server_start_time=to_seconds(server.started),
        jobs=jobs,
        clients=clients,
        data=data,
    )
