"""How the server and its clients are: what they run, what they have, which release they are of."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flare_sim.clock import to_seconds
from flare_sim.commands.protocol import MetaStatus, Reply
from flare_sim.commands.request import Request, ok
from flare_sim.commands.system.targets import targets
from flare_sim.engine.clients.resources import counts_gpus, gpus_left
from flare_sim.engine.ids import identifier
from flare_sim.engine.runs.stages import STARTED, STARTING, STOPPED, client_says, engine_holds, orphan_says
from flare_sim.jobs.lifecycle import JobState
from flare_sim.jobs.timestamps import calendar_text
from flare_sim.personality.quirks import OLD_SYSTEM_REPLIES

if TYPE_CHECKING:
    from flare_sim.engine.clients.sites import Site
    from flare_sim.engine.job import Job

__all__ = ["check_status", "report_resources", "report_version", "runs"]

NO_REPLIES = "No replies"
"""What stands for what a client that is silent would have said."""
_OLD_WORDS = {STARTING: "not started", STARTED: STARTED, STOPPED: "not started"}
"""What clients of 2.3.12 say instead."""
_TOLD = {"no_jobs": "No Jobs", "no_reply": "No Reply"}
"""What a console shows instead of the words for programs."""


def check_status(request: Request, _: None) -> Reply:
    """Tell how the server is (and who is there), how the clients are, or both."""
    sites = targets(request)
    if isinstance(sites, Reply):
        return sites
    whom = request.command.args[0]
    if whom == "server":
        return _server_status(request)
    old = OLD_SYSTEM_REPLIES in request.server.quirks
    status = [line for site in sites for line in _client_status(request, site)]
    told: dict[str, Any] = {} if old else {"client_status": status}
    table = ("table", [["CLIENT", "APP_NAME", "JOB_ID", "STATUS"], *map(_row, status)])
    if whom == "client":
        return ok(request, data=(table,), **told)._replace(bare=True)
    reply = _server_status(request)
    if not sites:
        said = "no responses from clients"
        return reply._replace(status=MetaStatus.ERROR, info=said, data=(*reply.data, ("error", said)))
    return reply._replace(payload={**reply.payload, **told}, data=(*reply.data, table))


def report_resources(request: Request, _: None) -> Reply:
    """Tell what the clients have to give; the server has no limit."""
    sites = targets(request)
    if isinstance(sites, Reply):
        return sites
    quirks = request.server.quirks
    if request.command.args[0] == "all" and OLD_SYSTEM_REPLIES in quirks:
        said = "invalid target type all. Usage: sys_info server|client <client-name>"
        return ok(request, data=(("string", said),))._replace(bare=True)
    rows = [["SITES", "RESOURCES"], *([name, _resources(site, quirks)] for name, site in _named(request, sites))]
    return ok(request, data=(("table", rows),))._replace(bare=True)


def report_version(request: Request, _: None) -> Reply:
    """Tell which release runs where."""
    sites = targets(request)
    if isinstance(sites, Reply):
        return sites
    version = {"version": request.server.release}
    versions = {
        name: version if site is None or site.connected else {"error": NO_REPLIES}
        for name, site in _named(request, sites)
    }
    return ok(request, data=(("dict", versions),))


def runs(request: Request) -> list[Job]:
    """Return the jobs whose runs the server's engine holds."""
    server = request.server
    held = [job for job in server.store.active.values() if engine_holds(job, server.now, server.quirks)]
    return [*(job for job in server.closing if engine_holds(job, server.now, server.quirks)), *held]


def _named(request: Request, sites: list[Site]) -> list[tuple[str, Site | None]]:
    server: list[tuple[str, Site | None]] = [] if request.command.args[0] == "client" else [("server", None)]
    return server + [(site.name, site) for site in sites]


def _resources(site: Site | None, quirks: frozenset[str]) -> str:
    if site is None:
        return "unlimited"
    if not site.connected:
        return NO_REPLIES
    has: object = [] if site.resources is None else dict(site.resources)
    if counts_gpus(site.resources, quirks):
        left = gpus_left(site.resources, site.held.values())
        has = [{"gpu_id": gpu, "memory": memory} for gpu, memory in enumerate(left)]
    return str({"resources": has, "reserved_resources": {}})


def _client_status(request: Request, site: Site) -> list[dict[str, Any]]:
    """Return a line for each job a client runs, or one that says that there is none."""
    if not site.connected:
        return [{"client_name": site.name, "status": "no_reply"}]
    server = request.server
    now, quirks = server.now, server.quirks
    said = [
        (job.job_id, job.apps[site.name], client_says(job, now, quirks))
        for job in server.store.active.values()
        if job.state in (JobState.RUNNING, JobState.STOPPING) and site.name in job.apps
    ]
    said += [(job_id, app, orphan_says(site.orphaned, now)) for job_id, app in site.orphans]
    words = _OLD_WORDS if OLD_SYSTEM_REPLIES in quirks else {}
    lines = [
        {"client_name": site.name, "app_name": app, "job_id": job_id, "status": words.get(word, word)}
        for job_id, app, word in said
        if word
    ]
    return lines or [{"client_name": site.name, "status": "no_jobs"}]


def _row(line: dict[str, Any]) -> list[str]:
    status = line["status"]
    return [line["client_name"], line.get("app_name", "?"), line.get("job_id", "?"), _TOLD.get(status, status)]


def _server_status(request: Request) -> Reply:
    server = request.server
    old = OLD_SYSTEM_REPLIES in server.quirks
    now, listed, held = server.timeline.now, server.sites.listed(server.timeline.now), runs(request)
    status = "started" if held else "stopped"
    jobs = [{"job_id": job.job_id, "app_name": job.apps["server"]} for job in held]
    payload: dict[str, Any] = {
        "server_status": status,
        "server_start_time": to_seconds(server.started),
        "jobs": jobs,
    }
    data: list[tuple[str, Any]] = [
        ("string", f"Engine status: {status}"),
        ("table", [["JOB_ID", "APP NAME"], *(list(job.values()) for job in jobs)]),
        ("string", f"Registered clients: {len(listed)} "),
    ]
    if listed:
        clients: list[dict[str, Any]] = []
        rows = [["CLIENT", *([] if old else ["FQCN", "FQSN", "LEAF"]), "TOKEN", "LAST CONNECT TIME"]]
        seed, interval = server.seed, server.sites.interval
        for site in listed:
            name, heard = site.name, site.last_connect(now, interval)
            client = {"client_name": name, "client_last_conn_time": to_seconds(heard)}
            row = [name, _token(seed, site.number), calendar_text(heard)]
            if not old:
                client["fqcn"] = name
                row[1:1] = name, name, "True"
            clients.append(client)
            rows.append(row)
        payload["clients"] = clients
        data.append(("table", rows))
    return ok(request, data=tuple(data), **payload)


@lru_cache(maxsize=1 << 14)
def _token(seed: int, number: int) -> str:
    """Return the token of the client that was the ``number``-th to register."""
    return identifier(seed, "client", number)
