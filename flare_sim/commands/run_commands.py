"""What users ask a run: its errors, of which a simulated one has none, how far it is, and what its app understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.commands.protocol import Command, MetaStatus, Reply
from flare_sim.commands.request import Request, ok, refused
from flare_sim.commands.system.targets import targets
from flare_sim.engine.runs.stages import engine_holds

if TYPE_CHECKING:
    from flare_sim.engine.clients.sites import Site
    from flare_sim.engine.job import Job

__all__ = ["app_command", "reset_errors", "show_errors", "show_stats"]


def show_errors(request: Request, job: Job) -> Reply:
    """Tell what went wrong in a run, on the server, clients, or both."""
    sites = _asked(request, job)
    if isinstance(sites, Reply):
        return sites
    return _told(request, sites, "No Error", {})


def reset_errors(request: Request, job: Job) -> Reply:
    """Forget what went wrong in a run."""
    sites = _asked(request, job)
    if isinstance(sites, Reply):
        return sites
    return _told(request, sites, f"reset the server error stats for job: {job.job_id}", {"status": "OK"})


def show_stats(request: Request, job: Job) -> Reply:
    """Tell how far the parts of a run are that has rounds, as ScatterAndGather does (2.9.0); others have no parts."""
    sites = _asked(request, job)
    if isinstance(sites, Reply):
        return sites
    program, history = job.output.program, job.output.history
    if program is None or history is None or not program.rounds:
        return refused(request, MetaStatus.SYNTAX_ERROR, f"the simulator does not answer {request.command.name}")
    tasks = ["train"] if history.rounds < program.rounds else []
    there = [name for name in job.sites if request.server.sites.connected(name)]
    workflow = {
        "phase": "train" if tasks else "_finished_",
        "current_round": history.rounds,
        "num_rounds": program.rounds,
        "tasks": dict.fromkeys(tasks, there),
    }
    runner = {"job_id": job.job_id, "status": "started", "workflow": "sag"}
    client = {"ClientRunner": {"job_id": job.job_id, "current_tasks": tasks}}
    return _told(request, sites, {"ScatterAndGather": workflow, "ServerRunner": runner}, client)


def app_command(request: Request, job: Job) -> Reply:
    """Ask an app something; that of a simulated run understands nothing, and says so as one of 2.9.0 does."""
    if len(request.command.args) != 2:
        reply = refused(request, MetaStatus.SYNTAX_ERROR, "")
        return reply._replace(data=(("error", "Usage: app_command job_id topic"),))
    if not engine_holds(job, request.server.now, request.server.quirks):
        return _not_running(request, job)
    said = f"rc='BAD_REQUEST_DATA' reason='no app command func for topic {request.command.args[1]}'"
    return refused(request, MetaStatus.ERROR, said)._replace(data=(("error", f"command execution error: {said}"),))


def _asked(request: Request, job: Job) -> list[Site] | Reply:
    """Return the clients that are asked about a run, or why nobody is."""
    command = Command(request.command.name, request.command.args[1:])
    sites = targets(request._replace(command=command))
    if isinstance(sites, Reply) or engine_holds(job, request.server.now, request.server.quirks):
        return sites
    return _not_running(request, job)


def _not_running(request: Request, job: Job) -> Reply:
    reply = refused(request, MetaStatus.JOB_NOT_RUNNING, job.job_id)
    return reply._replace(data=(("error", f"Job_id: {job.job_id} is not running."),))


def _told(request: Request, sites: list[Site], server: object, client: object) -> Reply:
    told: dict[str, Any] = {} if request.command.args[1] == "client" else {"server": server}
    told.update({site.name: client if site.connected else "invalid_reply" for site in sites})
    return ok(request, data=(("dict", told),))._replace(bare=True)
