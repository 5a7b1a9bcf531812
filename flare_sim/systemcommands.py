"""What the server does with commands about the system: its server and its clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.clock import to_seconds, to_ticks
from flare_sim.lifecycle import JobState
from flare_sim.protocol import ApiStatus, MetaStatus, Reply
from flare_sim.request import Request, ok, refused

if TYPE_CHECKING:
    from flare_sim.sites import Site
    from flare_sim.store import Job

__all__ = ["check_status", "remove_client", "report_resources", "report_version"]

RETURN_SECONDS = 3.0
"""A client that was removed registers again after so long (2.9.0)."""
_TARGETS = ("server", "client", "all")


def check_status(request: Request, _: None) -> Reply:
    """Tell how the server is (and who is there), how the clients are, or both."""
    sites = _targets(request)
    if isinstance(sites, Reply):
        return sites
    if request.command.args[0] == "client":
        status = _client_status(request, sites)
        rows = [["CLIENT", "STATUS"], *([line["client_name"], line["status"]] for line in status)]
        return ok(request, client_status=status, data=(("table", rows),))._replace(bare=True)
    reply = _server_status(request)
    if request.command.args[0] == "all":
        return reply._replace(payload={**reply.payload, "client_status": _client_status(request, sites)})
    return reply


def report_resources(request: Request, _: None) -> Reply:
    """Tell what the clients have to give; the server has no limit."""
    sites = _targets(request)
    if isinstance(sites, Reply):
        return sites
    rows = [["SITES", "RESOURCES"], *([name, _resources(site)] for name, site in _named(request, sites))]
    return ok(request, data=(("table", rows),))


def report_version(request: Request, _: None) -> Reply:
    """Tell which release runs where."""
    sites = _targets(request)
    if isinstance(sites, Reply):
        return sites
    versions = {name: {"version": request.world.release} for name, _ in _named(request, sites)}
    return ok(request, data=(("dict", versions),))


def remove_client(request: Request, _: None) -> Reply:
    """Forget a client, which registers again a little later."""
    world, names = request.world, request.command.args
    sites = _clients(request, names)
    if isinstance(sites, Reply):
        return sites
    for site in sites:
        world.sites.leave(site.name)
        world.note("client", site.name, "removed")
    request.runner.clients_changed()
    world.timeline.after(to_ticks(RETURN_SECONDS), lambda _: request.runner.reconnect(names))
    return ok(request)


def _targets(request: Request) -> list[Site] | Reply:
    """Return the clients a command is about: ``server|client|all [names]``."""
    args = request.command.args
    if not args or args[0] not in _TARGETS:
        return refused(request, MetaStatus.SYNTAX_ERROR, f"target must be one of {', '.join(_TARGETS)}")
    if args[0] == "server":
        return []
    if len(args) > 1:
        return _clients(request, args[1:])
    return request.world.sites.listed(request.world.timeline.now)


def _clients(request: Request, names: tuple[str, ...]) -> list[Site] | Reply:
    known = {site.name: site for site in request.world.sites.listed(request.world.timeline.now)}
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        info = f"invalid client(s): {' '.join(unknown)}"
        return refused(request, MetaStatus.INVALID_TARGET, info, ApiStatus.ERROR_INVALID_CLIENT)
    return [known[name] for name in names]


def _named(request: Request, sites: list[Site]) -> list[tuple[str, Site | None]]:
    server: list[tuple[str, Site | None]] = [] if request.command.args[0] == "client" else [("server", None)]
    return server + [(site.name, site) for site in sites]


def _resources(site: Site | None) -> str:
    return "unlimited" if site is None or site.resources is None else str(dict(site.resources))


def _running(request: Request) -> list[Job]:
    busy = (JobState.RUNNING, JobState.STOPPING)
    return [job for job in request.world.store.active.values() if job.state in busy]


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
    world = request.world
    now = world.timeline.now
    running = _running(request)
    status = "started" if running else "stopped"
    jobs = [{"job_id": job.job_id, "app_name": job.apps["server"]} for job in running]
    listed = world.sites.listed(now)
    clients = [
        {
            "client_name": site.name,
            "client_last_conn_time": to_seconds(site.last_connect(now, world.sites.interval)),
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
        server_start_time=to_seconds(world.started),
        jobs=jobs,
        clients=clients,
        data=data,
    )
