"""Reads a job that is submitted and judges it as the server would.

Every server refuses a job that is no good.  Some fall over a few of them instead, and some take what is no job: that
depends on their quirks.  The job is read once, here; nothing of it is written to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.commands.protocol import MetaStatus, Refusal
from flare_sim.jobs.definition import JobDefinition
from flare_sim.jobs.job_folder import META_FILE, read_job_files
from flare_sim.jobs.meta_json import ALL_SITES, SERVER
from flare_sim.personality.quirks import BAD_META_BREAKS, LEGACY_APP, NO_QUIRKS, OWN_JOB_ID
from flare_sim.spec import InvalidJobDefinition
from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["received"]

_ID_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def received(path: Any, quirks: frozenset[str] = NO_QUIRKS) -> JobDefinition | Refusal:
    """Return what a server with these quirks makes of the job folder or zip file at ``path``.

    Returns:
        The job, or why the server fails over it in another way than refusing it.

    Raises:
        InvalidJobDefinition: there is nothing to read, or the server refuses it.
    """
    if not quirks:
        return JobDefinition.load(path)
    breaks, legacy = BAD_META_BREAKS in quirks, LEGACY_APP in quirks
    name, files = read_job_files(path, any_folder=breaks or legacy)
    if breaks:
        refusal = _broken_by(name, files)
        if refusal is not None:
            return refusal
    if legacy and META_FILE not in files:
        files = _as_job(name, files)
    definition = JobDefinition(name, files)
    if OWN_JOB_ID in quirks:
        _check_own_id(definition.meta.get("job_id"))
    return definition


def _broken_by(name: str, files: Mapping[str, bytes]) -> Refusal | None:
    """Return how a server falls over a job that its unpacking and its validator don't reckon with (2.3.12)."""
    if not files:
        return _raised(IndexError("list index out of range"))
    if META_FILE not in files:
        return None
    from json import loads

    try:
        meta = loads(files[META_FILE])
        if "job_folder_name" not in meta:
            meta["job_folder_name"] = name
    except (ValueError, TypeError, RecursionError) as problem:
        return _raised(problem)
    kind = _not_reckoned_with(meta.get("deploy_map"))
    if kind is None:
        return None
    return Refusal(MetaStatus.INTERNAL_ERROR, f"exception {kind} occurred")


def _raised(problem: Exception) -> Refusal:
    return Refusal(MetaStatus.ERROR, f"Exception Occurred: {type(problem).__name__}: {problem}")


def _not_reckoned_with(deploy_map: Any) -> type[Exception] | None:
    """Return what the validator raises over a deploy map, None when it comes to a verdict."""
    if not deploy_map:
        return None
    if type(deploy_map) is not dict:
        return AttributeError
    sites: list[Any] = []
    for given in deploy_map.values():
        if type(given) not in (list, dict, str):
            return TypeError
        sites.extend(given)
    if any(type(site) is not str for site in sites):
        return AttributeError
    return StopIteration if sites == [SERVER] else None


def _as_job(name: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Make a job of a folder that is one app: it goes to all sites under the folder's own name (2.3.12)."""
    from json import dumps

    meta = {
        "name": name,
        "job_folder_name": name,
        "resource_spec": {},
        "deploy_map": {name: [ALL_SITES]},
        "min_clients": 1,
    }
    inside = {f"{name}/{path}": content for path, content in files.items()}
    return {META_FILE: dumps(meta).encode(), **inside}


def _check_own_id(job_id: Any) -> None:
    """Check an id a job brings with it.

    Raises:
        InvalidJobDefinition: it can't be the name of anything (2.9.0).
    """
    if job_id and (type(job_id) is not str or any(letter not in _ID_LETTERS for letter in job_id)):
        raise InvalidJobDefinition(f"job_id {shown(job_id)} in meta.json cannot be an id")
