"""The commands about one job: submit, clone, meta, abort, delete, download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.commands.job_meta import job_meta
from flare_sim.commands.job_result import result_size, result_tree, workspace_of
from flare_sim.commands.protocol import ApiStatus, MetaStatus, Refusal, Reply
from flare_sim.commands.request import Request, ok, refused, said
from flare_sim.commands.submit_tokens import mark_deleted, refusal_of, token_in
from flare_sim.engine.state import SubmitRecord
from flare_sim.jobs.definition import JobDefinition
from flare_sim.jobs.lifecycle import JobState
from flare_sim.personality.quirks import (
    ANY_SIZE_DOWNLOADS,
    DELETE_COUNTS_RECORDS,
    DELETE_REFUSED,
    DOWNLOAD_EXACT_ID,
    DOWNLOAD_REFUSED,
    OWN_JOB_ID,
    SUBMIT_TOKENS,
)
from flare_sim.spec import InvalidJobDefinition
from flare_sim.untrusted_values import plain_text

if TYPE_CHECKING:
    from flare_sim.engine.job import Job

__all__ = [
    "abort_job",
    "clone_job",
    "delete_job",
    "download_components",
    "download_job",
    "get_job_meta",
    "list_components",
    "submit_job",
]

JOBS_STORAGE = "/tmp/nvflare/jobs-storage"
"""Where a server keeps jobs unless its kit says otherwise, which some errors name (2.3.12)."""


def submit_job(request: Request, _: None) -> Reply:
    """Take in the job that came with the command."""
    server, definition = request.server, request.command.payload
    args, token = request.command.args, ""
    if SUBMIT_TOKENS in server.quirks:
        try:
            args, token = token_in(args)
        except ValueError as problem:
            return refused(request, MetaStatus.SYNTAX_ERROR, str(problem))
    if len(args) > 1:
        return refused(request, MetaStatus.SYNTAX_ERROR, f"unrecognized arguments: {args[1][:80]}")
    if type(definition) is not JobDefinition:
        return _no_job(request, definition)
    if token:
        record = server.tokens.get((request.user.name, token))
        if record is not None:
            return refusal_of(request, record, definition) or ok(request, job_id=record.job_id)
    if definition.rules is not server.rules or OWN_JOB_ID in server.quirks:
        definition = _judged_here(request, definition)
        if type(definition) is Reply:
            return definition
    server.touch()
    job = server.new_job(definition, request.user)
    if token:
        server.touch_token((request.user.name, token))
        server.tokens[request.user.name, token] = SubmitRecord(job.job_id, definition)
    server.note_of(job, "command", "submit_job", request.user.name, None)
    request.runner.enqueue(job)
    return ok(request, job_id=job.job_id, data=said(f"Submitted job: {job.job_id}"))


def _judged_here(request: Request, given: JobDefinition) -> Any:
    """Return a job as this server takes it, or the reply that refuses it; others may have judged it by other rules."""
    server = request.server
    examination = given.by_rules(server.rules)
    definition, problem = examination.definition, examination.refusal
    if definition is None:
        reply = problem and problem.reply
        return _no_job(request, Refusal(*reply) if reply else InvalidJobDefinition(problem and problem.message))
    if OWN_JOB_ID in server.quirks and server.store.get(definition.meta.get("job_id") or "") is not None:
        return refused(request, MetaStatus.INTERNAL_ERROR, "exception StorageException occurred")
    return definition


def _no_job(request: Request, payload: object) -> Reply:
    if type(payload) is Refusal:
        return refused(request, *payload)
    said = payload.args if type(payload) is InvalidJobDefinition else ()
    reason = plain_text(said[0]) if len(said) == 1 else None
    return refused(request, MetaStatus.INVALID_JOB_DEF, reason or "no job came with the command")


def clone_job(request: Request, original: Job) -> Reply:
    """Make a new job of an old one."""
    request.server.touch()
    job = request.server.new_job(original.definition.for_clone(), request.user, cloned_from=original.job_id)
    request.server.note("command", "clone_job", request.user.name, job.job_id, original.job_id)
    request.runner.enqueue(job)
    return ok(request, job_id=job.job_id, data=said(f"Cloned job {original.job_id} as: {job.job_id}"))


def get_job_meta(request: Request, job: Job) -> Reply:
    """Tell all about a job."""
    meta = job_meta(job, request.server.quirks)
    now = request.server.timeline.now
    return Reply(ApiStatus.SUCCESS, MetaStatus.OK, "", {"job_meta": meta}, (("dict", meta),), (), 0, now)


def abort_job(request: Request, job: Job) -> Reply:
    """End a job early."""
    if job.state.done or job.claimed:
        info = f"Job for {job.job_id} is already completed."
        return ok(request, info, data=said(info))
    if job.progress.orphaned:
        return refused(request, MetaStatus.INTERNAL_ERROR, f"Job {job.job_id} is not running.")
    info = f"Aborted the job {job.job_id} before running it."
    if job.state in (JobState.RUNNING, JobState.STOPPING):
        info = "Abort signal has been sent to the server app."
    request.server.touch(job)
    if job.state is not JobState.STOPPING:
        request.server.note_of(job, "command", "abort_job", request.user.name, None)
    return ok(request, info, request.runner.abort(job), data=said(info))


def delete_job(request: Request, job: Job) -> Reply:
    """Remove a job."""
    server = request.server
    quirks = server.quirks
    if DELETE_REFUSED in quirks and job.status in ("DISPATCHED", "RUNNING"):
        return refused(request, MetaStatus.JOB_RUNNING, job.job_id)
    server.touch(job)
    server.note_of(job, "command", "delete_job", request.user.name, None)
    delay = request.runner.delete(job)
    reply = ok(request, "", delay, job_id=job.job_id, data=said(f"Job {job.job_id} deleted."))
    marked = mark_deleted(request, job)
    if DELETE_COUNTS_RECORDS in quirks:
        return reply._replace(payload={**reply.payload, "submit_records_marked_deleted": marked})
    return reply


def download_job(request: Request, job: Job) -> Reply:
    """Hand out a job's result, or say where it is."""
    server = request.server
    config, quirks = server.config, server.quirks
    if DOWNLOAD_REFUSED in quirks and not job.status.startswith("FINISHED"):
        return refused(request, MetaStatus.JOB_RUNNING, job.job_id)
    if DOWNLOAD_EXACT_ID in quirks and request.command.args[0] != job.job_id:
        where = f"{JOBS_STORAGE}/{request.command.args[0]}"
        info = f"Exception occurred trying to get job from store: StorageException: object {where} does not exist"
        return refused(request, MetaStatus.ERROR, info)
    workspace = workspace_of(job)
    if ANY_SIZE_DOWNLOADS not in quirks and result_size(job, workspace) > config.max_download_bytes:
        url = f"flare-sim://{config.project}/{job.job_id}"
        return ok(request, job_id=job.job_id, job_download_url=url)
    tree = result_tree(job, server.timeline.now, quirks, None if quirks else workspace)
    return ok(request, job_id=job.job_id)._replace(content=tree)


def list_components(request: Request, _: Job) -> Reply:
    """Name what a job has beyond its files, its meta and its workspace: nothing here ever has."""
    return ok(request, job_components=[])


def download_components(request: Request, _: Job) -> Reply:
    """Hand out what a job has beyond its files, its meta and its workspace."""
    return refused(request, MetaStatus.NO_JOB_COMPONENTS, "No components to download")
