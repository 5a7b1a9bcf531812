"""Judges the files of a job by the rules of the contract or of a release of NVFLARE.

Every problem that can be told is, in the order in which that release looks, so that the first is the one its server
answers with.  Everything here is pure: files and rules in, values and problems out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.jobs.behavior import JobBehavior, clashing
from flare_sim.jobs.deploy_map import ALL_SITES, check_apps, named_clients, read_deploy_map
from flare_sim.jobs.falling_over import falls_over
from flare_sim.jobs.meta_formats import meta_file, read_meta
from flare_sim.jobs.problems import Problems
from flare_sim.jobs.requirements import read_mandatory_clients, read_min_clients, read_resource_spec
from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flare_sim.jobs.deploy_map import DeployMap
    from flare_sim.personality.job_rules import JobRules

__all__ = ["Judged", "judge"]

_ID_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


class Judged(NamedTuple):
    """What a job says, as far as it could be read."""

    files: Mapping[str, bytes]
    """Its files, with a meta when it was made for a legacy app."""
    meta: dict[str, Any]
    name: str
    deploy_map: DeployMap
    min_clients: int
    mandatory_clients: tuple[str, ...]
    resource_spec: dict[str, dict[str, Any]]
    behavior: JobBehavior


def judge(
    folder_name: str, files: Mapping[str, bytes], folders: tuple[str, ...], rules: JobRules
) -> tuple[Judged | None, Problems]:
    """Judge a job by its files.

    Args:
        folder_name: the job folder's name.
        files: relative path -> content.
        folders: relative paths of the folders in it, empty ones too.
        rules: what it is judged by.

    Returns:
        What the job says, None when that can't be known, and what is wrong with it.
    """
    problems = Problems()
    if rules.falls_over and (reply := falls_over(folder_name, files)) is not None:
        problems.tell("server-falls-over", reply.text, reply=reply)
    if rules.takes_legacy_apps and meta_file(files, rules) is None:
        files = _as_job(folder_name, files)
        folders = (folder_name, *(f"{folder_name}/{folder}" for folder in folders))
    file = meta_file(files, rules)
    if file is None:
        problems.tell("meta-missing", "the job has no meta.json")
        return None, problems
    if (clash := clashing(files)) is not None:
        problems.tell("path-clash", f"{shown(clash)} is both a file and a folder", clash)
    meta = read_meta(file, files, rules, problems)
    if meta is None:
        return None, problems
    name = meta.get("name")
    if name is not None and type(name) is not str:
        problems.tell("name-no-text", f"name in {file} must be text, not {shown(name)}", file, "name")
    deploy_map = read_deploy_map(meta, file, problems)
    check_apps(deploy_map, files, folders, rules, problems)
    clients = named_clients(deploy_map)
    judged = Judged(
        files,
        meta,
        name if type(name) is str and name else folder_name,
        deploy_map,
        read_min_clients(meta, clients, file, problems),
        read_mandatory_clients(meta, clients, file, problems),
        read_resource_spec(meta, file, problems),
        _read_behavior(meta, file, problems),
    )
    if rules.checks_own_id:
        _check_own_id(meta.get("job_id"), file, problems)
    return judged, problems


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
    return {"meta.json": dumps(meta).encode(), **inside}


def _read_behavior(meta: dict[str, Any], file: str, problems: Problems) -> JobBehavior:
    """Read what the simulated run is told to do, from ``custom_props.flare_sim``; nothing said is an empty behavior."""
    props = meta.get("custom_props")
    given = props.get("flare_sim") if type(props) is dict else None
    if given is not None:
        try:
            return JobBehavior.from_mapping(given)
        except ValueError as problem:
            message = f"custom_props.flare_sim in {file}: {problem}"
            problems.tell("behavior", message, file, "custom_props.flare_sim")
    return JobBehavior()


def _check_own_id(job_id: Any, file: str, problems: Problems) -> None:
    """Check an id a job brings with it, which has to be the name of something (2.9.0)."""
    if job_id and (type(job_id) is not str or any(letter not in _ID_LETTERS for letter in job_id)):
        problems.tell("job-id-invalid", f"job_id {shown(job_id)} in {file} cannot be an id", file, "job_id")
