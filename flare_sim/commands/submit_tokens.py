"""Submit tokens: a user names a submission, so that sending it twice makes one job (2.9.0).

The server keeps a record for every token of every user.  The same job sent again with it gets the id of the first one;
another job, or a job that was deleted since, is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.commands.protocol import ApiStatus, MetaStatus, Reply
from flare_sim.jobs.timestamps import iso_text

if TYPE_CHECKING:
    from flare_sim.commands.request import Request
    from flare_sim.engine.job import Job
    from flare_sim.engine.state import SubmitRecord
    from flare_sim.jobs.definition import JobDefinition

__all__ = ["TOKEN_OPTION", "mark_deleted", "refusal_of", "token_in"]

TOKEN_OPTION = "--submit-token"
_SIGNATURES = (".__nvfl_sig.json", ".__nvfl_submitter.crt")
"""What a client writes into each folder of a job before it sends it, otherwise each time (2.9.0)."""


def token_in(args: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Take the token out of the words of a command; returns the other words, and ``""`` when there is none.

    Raises:
        ValueError: the option without a value.
    """
    if TOKEN_OPTION not in args:
        return args, ""
    at = args.index(TOKEN_OPTION)
    if len(args) == at + 1:
        raise ValueError(f"argument {TOKEN_OPTION}: expected one argument")
    return args[:at] + args[at + 2 :], args[at + 1]


def refusal_of(request: Request, record: SubmitRecord, definition: JobDefinition | None = None) -> Reply | None:
    """Return how a token is refused, None when it holds (for ``definition``, when one is sent with it)."""
    if record.deleted is not None:
        values = {"submit_record_state": "job_deleted", "deleted_time": iso_text(record.deleted)}
        return _refused(request, MetaStatus.TOKEN_JOB_DELETED, "submit token refers to a deleted job", record, values)
    if definition is not None and _without_signatures(definition) != _without_signatures(record.definition):
        info = "submit token was already used for different job content"
        return _refused(request, MetaStatus.TOKEN_CONFLICT, info, record, {})
    return None


def _without_signatures(definition: JobDefinition) -> list[tuple[str, Any]]:
    return [(path, content) for path, content in definition.contents if not path.endswith(_SIGNATURES)]


def mark_deleted(request: Request, job: Job) -> int:
    """Note in the user's records that a job is deleted; returns in how many."""
    server = request.server
    marked = 0
    for key, record in server.tokens.items():
        if key[0] == request.user.name and record.job_id == job.job_id:
            server.touch_token(key)
            server.tokens[key] = record._replace(deleted=server.now)
            marked += 1
    return marked


def _refused(request: Request, status: str, info: str, record: SubmitRecord, values: dict[str, Any]) -> Reply:
    payload = {"code": status.upper(), **values, "job_id": record.job_id}
    return Reply(ApiStatus.SUCCESS, status, info, payload, time=request.server.now)
