"""What the server does with each command: one handler a command, in one table with the right it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.access import User, allowed
from flare_sim.clock import to_seconds
from flare_sim.definition import JobDefinition
from flare_sim.jobrecord import job_duration, job_line, job_meta
from flare_sim.lifecycle import JobState
from flare_sim.protocol import ApiStatus, Command, MetaStatus, Reply
from flare_sim.results import result_size, result_tree
from flare_sim.spec import InvalidJobDefinition

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.runner import Runner
    from flare_sim.store import Job
    from flare_sim.world import World

__all__ = ["COMMANDS", "Request", "answer"]


class Request(NamedTuple):
    """A command as its handler sees it."""

    world: World
    runner: Runner
    user: User
    command: Command


class _Spec(NamedTuple):
    handler: Callable[[Request, Any], Reply]
    right: str
    about_job: bool


def answer(request: Request) -> Reply:
    """Carry out a command.

    Whether the job exists is looked at before whether the user may (as real servers do, 2.3.12); what is refused
    changes nothing.
    """
    command = request.command
    spec = COMMANDS.get(command.name)
    if spec is None:
        info = f"Command {command.name} not found"
        return Reply(ApiStatus.ERROR_SYNTAX, info=info, time=request.world.timeline.now)
    job = None
    if spec.about_job:
        if len(command.args) != 1:
            info = "too many arguments" if command.args else "missing job_id"
            return _refused(request, MetaStatus.SYNTAX_ERROR, info)
        job = request.world.store.get(command.args[0])
        if job is None:
            return _refused(request, MetaStatus.INVALID_JOB_ID, command.args[0])
    if not allowed(request.user, spec.right, None if job is None else job.submitter):
        info = f"user '{request.user.name}' is not authorized for '{command.name}'"
        return _refused(request, MetaStatus.NOT_AUTHORIZED, info, ApiStatus.ERROR_AUTHORIZATION)
    return spec.handler(request, job)


def _ok(
    request: Request, info: str = "", delay: int = 0, data: tuple[tuple[str, Any], ...] = (), **payload: Any
) -> Reply:
    return Reply(ApiStatus.SUCCESS, MetaStatus.OK, info, payload, data, (), delay, request.world.timeline.now)


def _refused(request: Request, status: str, info: str, api_status: str = ApiStatus.SUCCESS) -> Reply:
    return Reply(api_status, status, info, time=request.world.timeline.now)


def _said(text: str) -> tuple[tuple[str, Any], ...]:
    return (("string", text), ("success", ""))


def _submit_job(request: Request, _: None) -> Reply:
    definition = request.command.payload
    if len(request.command.args) > 1:
        return _refused(request, MetaStatus.SYNTAX_ERROR, f"unrecognized arguments: {request.command.args[1][:80]}")
    if isinstance(definition, InvalidJobDefinition):
        return _refused(request, MetaStatus.INVALID_JOB_DEF, str(definition))
    if not isinstance(definition, JobDefinition):
        return _refused(request, MetaStatus.INVALID_JOB_DEF, "no job came with the command")
    job = request.world.new_job(definition, request.user)
    request.world.note("command", "submit_job", request.user.name, job.job_id)
    request.runner.enqueue(job)
    return _ok(request, job_id=job.job_id, data=_said(f"Submitted job: {job.job_id}"))


def _clone_job(request: Request, original: Job) -> Reply:
    job = request.world.new_job(original.definition.for_clone(), request.user, cloned_from=original.job_id)
    request.world.note("command", "clone_job", request.user.name, job.job_id, original.job_id)
    request.runner.enqueue(job)
    return _ok(request, job_id=job.job_id, data=_said(f"Cloned job {original.job_id} as: {job.job_id}"))


def _get_job_meta(request: Request, job: Job) -> Reply:
    meta = job_meta(job)
    now = request.world.timeline.now
    return Reply(ApiStatus.SUCCESS, MetaStatus.OK, "", {"job_meta": meta}, (("dict", meta),), (), 0, now)


def _abort_job(request: Request, job: Job) -> Reply:
    if job.state.done:
        info = f"Job for {job.job_id} is already completed."
        return _ok(request, info, data=_said(info))
    info = f"Aborted the job {job.job_id} before running it."
    if job.state in (JobState.RUNNING, JobState.STOPPING):
        info = "Abort signal has been sent to the server app."
    if job.state is not JobState.STOPPING:
        request.world.note("command", "abort_job", request.user.name, job.job_id)
    return _ok(request, info, request.runner.abort(job), data=_said(info))


def _delete_job(request: Request, job: Job) -> Reply:
    request.world.note("command", "delete_job", request.user.name, job.job_id)
    delay = request.runner.delete(job)
    return _ok(request, "", delay, job_id=job.job_id, data=_said(f"Job {job.job_id} deleted."))


def _download_job(request: Request, job: Job) -> Reply:
    config = request.world.config
    if result_size(job) > config.max_download_bytes:
        url = f"flare-sim://{config.project}/{job.job_id}"
        return _ok(request, job_id=job.job_id, job_download_url=url)
    return _ok(request, job_id=job.job_id)._replace(content=result_tree(job))


def _list_jobs(request: Request, _: None) -> Reply:
    try:
        options = _list_options(request.command.args)
    except ValueError as problem:
        return _refused(request, MetaStatus.SYNTAX_ERROR, str(problem))
    store, now = request.world.store, request.world.timeline.now
    jobs = list(store.of(request.user.name) if options["-u"] else store)
    prefix, name = options[""].lower(), options["-n"].lower()
    if prefix:
        jobs = [job for job in jobs if job.job_id.startswith(prefix)]
    if name:
        jobs = [job for job in jobs if job.definition.name.lower().startswith(name)]
    limit = int(options["-m"] or 0)
    if limit:
        jobs = jobs[-limit:]
    if options["-r"]:
        jobs.reverse()
    if not jobs:
        text = "No jobs matching the specified criteria." if len(store) else "No jobs found."
        return _ok(request, jobs=[], data=_said(text))
    if options["-d"]:
        listed = [{**job_meta(job), "duration": job_duration(job, now)} for job in jobs]
        return _ok(request, jobs=listed, data=tuple(("dict", meta) for meta in listed))
    lines = [job_line(job, now) for job in jobs]
    rows = [["JOB ID", "NAME", "STATUS", "SUBMIT TIME", "RUN DURATION"], *(list(line.values()) for line in lines)]
    return _ok(request, jobs=lines, data=(("table", rows), ("success", "")))


def _list_options(args: tuple[str, ...]) -> dict[str, str]:
    """Read ``[-d] [-u] [-r] [-n NAME] [-m NUMBER] [ID]``; an option not given is ``""``.

    Raises:
        ValueError: anything else.
    """
    options = {"-d": "", "-u": "", "-r": "", "-n": "", "-m": "", "": ""}
    words = iter(args)
    for word in words:
        if word in ("-n", "-m"):
            options[word] = next(words, "")
            if not options[word]:
                raise ValueError(f"argument {word}: expected one argument")
        elif word in ("-d", "-u", "-r"):
            options[word] = word
        elif word.startswith("-") or options[""]:
            raise ValueError(f"unrecognized arguments: {word[:80]}")
        else:
            options[""] = word
    if options["-m"] and not (options["-m"].isascii() and options["-m"].isdigit() and len(options["-m"]) < 10):
        raise ValueError(f"argument -m: invalid number: {options['-m'][:80]!r}")
    return options


def _check_status(request: Request, _: None) -> Reply:
    world = request.world
    if request.command.args != ("server",):
        return _refused(request, MetaStatus.SYNTAX_ERROR, "the simulator answers check_status for server only")
    now = world.timeline.now
    running = [job for job in world.store.active.values() if job.state in (JobState.RUNNING, JobState.STOPPING)]
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
    return _ok(
        request,
        server_status=status,
        server_start_time=to_seconds(world.started),
        jobs=jobs,
        clients=clients,
        data=data,
    )


COMMANDS: dict[str, _Spec] = {
    "submit_job": _Spec(_submit_job, "submit_job", about_job=False),
    "clone_job": _Spec(_clone_job, "clone_job", about_job=True),
    "get_job_meta": _Spec(_get_job_meta, "view", about_job=True),
    "list_jobs": _Spec(_list_jobs, "view", about_job=False),
    "download_job": _Spec(_download_job, "download_job", about_job=True),
    "abort_job": _Spec(_abort_job, "manage_job", about_job=True),
    "delete_job": _Spec(_delete_job, "manage_job", about_job=True),
    "check_status": _Spec(_check_status, "view", about_job=False),
}
"""Command -> how it is carried out, the right it takes, and whether it is about one job."""
