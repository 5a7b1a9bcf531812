"""The result of a job: the tree of files real servers hand out (2.3.12).

``job/<folder>/...`` is the job as submitted.  ``workspace/`` stays empty unless a run came to an end; then it has the
server's app under ``app_server/``, the app's name in ``fl_app.txt``, a ``log.txt``, the ``meta.json`` the job was
deployed with, and what the run itself wrote until then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.commands.job_meta import deployed_meta, job_meta
from flare_sim.engine.runs.stages import is_closing
from flare_sim.jobs.lifecycle import JobState
from flare_sim.jobs.result_files import laid_over
from flare_sim.jobs.timestamps import local_text
from flare_sim.personality.quirks import NO_QUIRKS, RESULT_HAS_LOGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flare_sim.disk.contents import Content
    from flare_sim.engine.job import Job

__all__ = ["result_size", "result_tree", "stored_names", "workspace_now", "workspace_of"]

# Runs that ended in one of these were wound up by the server, which then keeps their workspace.
_WOUND_UP = (JobState.COMPLETED, JobState.ABORTED, JobState.EXECUTION_EXCEPTION, JobState.ABNORMAL)


def result_tree(
    job: Job,
    now: int | None = None,
    quirks: frozenset[str] = NO_QUIRKS,
    workspace: Mapping[str, Content] | None = None,
) -> tuple[tuple[str, Content], ...]:
    """Return the files of a job's result at the tick ``now`` (None: long after its end).

    They are (relative path, content) pairs, an empty folder a path that ends in ``/``; its ``workspace`` may be known.
    """
    folder = job.definition.folder_name
    submitted: list[tuple[str, Content]] = [
        (f"job/{folder}/{path}", content) for path, content in job.definition.contents
    ]
    if RESULT_HAS_LOGS in quirks:
        submitted.insert(0, ("meta.json", _json(job_meta(job, quirks))))
    if now is not None and is_closing(job, now, quirks):
        workspace = {}
    elif workspace is None:
        workspace = workspace_of(job, quirks)
    if not workspace:
        return (*submitted, ("workspace/", b""))
    return (*submitted, *((f"workspace/{path}", content) for path, content in sorted(workspace.items())))


def result_size(job: Job, workspace: Mapping[str, Content]) -> int:
    """Return how many bytes the result has with this workspace, what it pretends to have included."""
    return job.definition.size + sum(map(len, workspace.values())) + job.output.extra_bytes


def stored_names(job: Job) -> tuple[str, ...]:
    """Return the names of all files the server holds for a job."""
    return tuple(path for path, _ in result_tree(job) if not path.endswith("/"))


def workspace_of(job: Job, quirks: frozenset[str] = NO_QUIRKS) -> dict[str, Content]:
    """Return what the server keeps of a run that is over: its own files, and over them what the run left."""
    if job.state not in _WOUND_UP or job.started is None or job.ended is None:
        return {}
    return _workspace(job, job.ended, quirks)


def workspace_now(job: Job, now: int, quirks: frozenset[str] = NO_QUIRKS) -> dict[str, Content]:
    """Return what is in the workspace of a run at the tick ``now``, whether it is over or not; nothing before it."""
    if job.started is None:
        return {}
    return _workspace(job, now if job.ended is None else job.ended, quirks)


def _workspace(job: Job, until: int, quirks: frozenset[str]) -> dict[str, Content]:
    app = job.definition.app_of("server")
    files = {f"app_server/{path}": content for path, content in job.definition.app_contents(app)}
    files["fl_app.txt"] = app.encode("utf-8", "surrogatepass")
    left: Mapping[str, Content] = job.output.files
    told: list[tuple[int, str]] = []
    if job.output.program is not None:
        from flare_sim.engine.runs.written import files_written, lines_written

        left, told = files_written(job, until), lines_written(job, until)
    files["log.txt"] = _log(job, until, told)
    files["meta.json"] = _json(deployed_meta(job, quirks))
    if RESULT_HAS_LOGS in quirks:
        files["log_fl.txt"] = files["log.txt"]
        files["error_log.txt"] = "".join(f"{line}\n" for line in job.output.log).encode("utf-8", "surrogatepass")
        messages = [*(line for _, line in told), *job.output.log]
        files["log.json"] = b"".join(_json({"message": line}) + b"\n" for line in messages)
        files["audit.log"] = b""
        files["stats_pool_summary.json"] = _json({})
    return laid_over(files, left)


def _json(value: object) -> bytes:
    from json import dumps

    return dumps(value).encode()


def _log(job: Job, until: int, told: list[tuple[int, str]]) -> bytes:
    begin, end = local_text(job.started or until), local_text(until)
    lines = [f"{begin} - server - INFO - run {job.job_id} started"]
    lines += [f"{begin} - server - INFO - client {name} joined" for name in job.sites]
    lines += [f"{local_text(tick)} - server - INFO - {line}" for tick, line in told]
    lines += [f"{end} - server - ERROR - {line}" for line in job.output.log]
    if job.ended is not None:
        lines.append(f"{end} - server - INFO - run {job.job_id} ended: {job.state.status}")
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")
