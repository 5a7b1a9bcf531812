"""The table of the commands a server knows: the function that carries each out, and the right it takes.

What carries a command out is loaded when it is first asked for: most servers are asked for few things.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.commands.protocol import ApiStatus, MetaStatus, Reply
from flare_sim.commands.request import Request, cut, refused
from flare_sim.commands.rights import allowed
from flare_sim.personality.quirks import BLANK_BREAKS_TRANSFER, FEWER_COMMANDS, IDS_IN_ANY_CASE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.commands.protocol import Command

__all__ = ["COMMANDS", "answer", "changes", "named_job"]

_TRANSFERS = ("submit_job", "download_job")


class _Spec(NamedTuple):
    handler: str
    """Where it is: module below ``flare_sim.commands``, and function."""
    right: str
    about_job: bool = False
    words: int = 1
    """With ``about_job``: how many words it takes at most, the id included."""
    late: bool = False
    """Whether servers of 2.3.12 do not know it yet."""
    reads: bool = False
    """Whether it changes nothing."""


def changes(command: Command) -> bool:
    """Tell whether a command may change something."""
    spec = COMMANDS.get(command.name)
    return spec is not None and not spec.reads


def named_job(command: Command, reply: Reply) -> str:
    """Return the id of the job that a command was about, as it was named, or that was submitted, ``""`` for none."""
    if command.name == "submit_job":
        job_id: str = reply.payload.get("job_id", "")
        return job_id
    spec = COMMANDS.get(command.name)
    return command.args[0] if spec is not None and spec.about_job and command.args else ""


def answer(request: Request) -> Reply:
    """Carry out a command.

    Whether the job exists is looked at before whether the user may (as real servers do, 2.3.12); what is refused
    changes nothing.
    """
    server, command = request.server, request.command
    spec = COMMANDS.get(command.name)
    if spec is None or (spec.late and FEWER_COMMANDS in server.quirks):
        info = f"Command {cut(command.name)} not found"
        return Reply(ApiStatus.ERROR_SYNTAX, info=info, time=server.timeline.now)
    if BLANK_BREAKS_TRANSFER in server.quirks and command.name in _TRANSFERS and len(command.args) > 1:
        return Reply(ApiStatus.ERROR_SYNTAX, info=f"usage: {command.name} takes one word", time=server.timeline.now)
    job = None
    if spec.about_job:
        if not command.args:
            return refused(request, MetaStatus.SYNTAX_ERROR, "missing job_id")
        job = server.find(command.args[0])
        if job is None:
            asked = command.args[0]
            named = asked.lower() if IDS_IN_ANY_CASE in server.quirks else asked
            return refused(request, MetaStatus.INVALID_JOB_ID, named)
        if len(command.args) > spec.words:
            return refused(request, MetaStatus.SYNTAX_ERROR, "too many arguments")
    if not allowed(request.user, spec.right, None if job is None else job.submitter):
        info = f"user '{request.user.name}' is not authorized for '{command.name}'"
        if spec.right == "manage_system":  # refused by the role alone, and without a word in the meta
            info = ""
        return refused(request, MetaStatus.NOT_AUTHORIZED, info, ApiStatus.ERROR_AUTHORIZATION)
    handler = _LOADED.get(command.name) or _load(command.name, spec.handler)
    return handler(request, job)


def _load(name: str, where: str) -> Callable[[Request, Any], Reply]:
    from importlib import import_module

    module, function = where.split(":")
    handler: Callable[[Request, Any], Reply] = getattr(import_module(f"flare_sim.commands.{module}"), function)
    _LOADED[name] = handler
    return handler


COMMANDS: dict[str, _Spec] = {
    "submit_job": _Spec("job_commands:submit_job", "submit_job"),
    "clone_job": _Spec("job_commands:clone_job", "clone_job", about_job=True),
    "get_job_meta": _Spec("job_commands:get_job_meta", "view", about_job=True, reads=True),
    "list_jobs": _Spec("list_jobs:list_jobs", "view", reads=True),
    "download_job": _Spec("job_commands:download_job", "download_job", about_job=True, reads=True),
    "abort_job": _Spec("job_commands:abort_job", "manage_job", about_job=True),
    "delete_job": _Spec("job_commands:delete_job", "manage_job", about_job=True),
    "check_status": _Spec("system.status:check_status", "view", reads=True),
    "list_job": _Spec("job_commands:list_components", "list_job", about_job=True, late=True, reads=True),
    "download_job_components": _Spec(
        "job_commands:download_components", "download_job_components", about_job=True, late=True, reads=True
    ),
    "show_stats": _Spec("run_commands:show_stats", "view", about_job=True, words=99, reads=True),
    "show_errors": _Spec("run_commands:show_errors", "view", about_job=True, words=99, reads=True),
    "reset_errors": _Spec("run_commands:reset_errors", "view", about_job=True, words=99),
    "app_command": _Spec("run_commands:app_command", "app_command", about_job=True, words=99, late=True),
    "report_resources": _Spec("system.status:report_resources", "operate", reads=True),
    "report_version": _Spec("system.status:report_version", "report_version", late=True, reads=True),
    "remove_client": _Spec("system.membership:remove_client", "operate"),
    "disable_client": _Spec("system.membership:disable_client", "operate", late=True),
    "enable_client": _Spec("system.membership:enable_client", "operate", late=True),
    "restart": _Spec("system.power:restart", "operate"),
    "shutdown": _Spec("system.power:shutdown", "operate"),
    "admin_check_status": _Spec("system.status:check_status", "manage_system", reads=True),
}
"""Command -> how it is carried out, the right it takes, and whether it is about one job."""
_LOADED: dict[str, Callable[[Request, Any], Reply]] = {}
"""Command -> the function that carries it out, of those that were asked for."""
