"""Judges the files of a job by the rules of the contract or of a release of NVFLARE.

Every problem that can be told is, in the order in which that release looks, so that the first is the one its server
answers with.  Everything here is pure: files and rules in, a draft with its problems out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.jobs.behavior import JobBehavior
from flare_sim.jobs.judging.apps import check_apps
from flare_sim.jobs.judging.deploy_map import is_name, read_deploy_map
from flare_sim.jobs.judging.draft import Draft
from flare_sim.jobs.judging.launchers import check_conflicts, check_launcher_spec, check_portable_resources
from flare_sim.jobs.judging.requirements import read_mandatory_clients, read_min_clients, read_resource_spec
from flare_sim.jobs.judging.unpacking import make_job, unpack
from flare_sim.jobs.meta_formats import meta_file, read_meta, stored_meta
from flare_sim.jobs.result_files import clashing
from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flare_sim.disk.contents import Content
    from flare_sim.personality.job_rules import JobRules

__all__ = ["STEPS", "judge"]


def judge(folder_name: str, files: Mapping[str, Content], folders: tuple[str, ...], rules: JobRules) -> Draft:
    """Judge a job by its files.

    Args:
        folder_name: the job folder's name.
        files: relative path -> content.
        folders: relative paths of the folders in it, empty ones too.
        rules: what it is judged by.

    Returns:
        What the job says, as far as it could be read, and what is wrong with it.
    """
    draft = Draft(folder_name, files, folders, rules)
    if rules.folder_pattern and not is_name(folder_name, rules.folder_pattern):
        message = f"job folder {shown(folder_name)} has a name with more than letters, digits, dots, _ and -"
        draft.tell("folder-name", message)
    if rules.unpacks_first:
        unpack(draft)
    if rules.takes_legacy_apps and meta_file(files, rules) is None:
        make_job(draft)
    if (clash := clashing(draft.files)) is not None:
        draft.tell("path-clash", f"{shown(clash)} is both a file and a folder", file=clash)
    file = meta_file(draft.files, rules)
    if file is None:
        draft.tell("meta-missing", "the job has no meta.json")
        return draft
    draft.file = file
    meta = read_meta(file, draft.files, rules, draft.problems)
    if meta is not None:
        draft.meta = meta
        for step in rules.order:
            STEPS[step](draft)
        for key in rules.private_keys:
            draft.meta.pop(key, None)
        draft.meta = stored_meta(file, draft.meta, draft.problems)
    return draft


def _read_name(draft: Draft) -> None:
    name = draft.meta.get("name")
    if name is not None and type(name) is not str:
        draft.tell("name-no-text", f"name in {draft.file} must be text, not {shown(name)}", "name")


def _read_behavior(draft: Draft) -> None:
    """Read what the simulated run is told to do, from ``custom_props.flare_sim``; nothing said is an empty behavior."""
    props = draft.meta.get("custom_props")
    given: Any = props.get("flare_sim") if type(props) is dict else None
    if given is not None:
        try:
            draft.behavior = JobBehavior.from_mapping(given)
        except ValueError as problem:
            place = "custom_props.flare_sim"
            draft.tell("behavior", f"{place} in {draft.file}: {problem}", place)


def _check_own_id(draft: Draft) -> None:
    """Check an id a job brings with it, which has to be the name of something (2.9.0)."""
    job_id = draft.meta.get("job_id")
    pattern = draft.rules.name_pattern or r"^[A-Za-z0-9._-]*$"
    if not job_id or (type(job_id) is str and is_name(job_id, pattern)):
        return
    message = f"job_id {shown(job_id)} in {draft.file} cannot be an id"
    says = "job-id-invalid" if type(job_id) is str else "job-id-no-text"
    draft.tell("job-id-invalid", message, "job_id", says=says, facts={"name": job_id, "pattern": pattern})


def _check_stored_id(draft: Draft) -> None:
    """Check that a job can be stored under an id it brings with it, which has to be text (2.4.2 to 2.7.3)."""
    job_id = draft.meta.get("job_id")
    if job_id and type(job_id) is not str:
        message = f"job_id {shown(job_id)} in {draft.file} cannot be an id"
        draft.tell("job-id-invalid", message, "job_id", raises="TypeError")


STEPS: Mapping[str, Callable[[Draft], None]] = {
    "own_id": _check_own_id,
    "stored_id": _check_stored_id,
    "name": _read_name,
    "deploy_map": read_deploy_map,
    "apps": check_apps,
    "min_clients": read_min_clients,
    "mandatory_clients": read_mandatory_clients,
    "resource_spec": read_resource_spec,
    "portable_resources": check_portable_resources,
    "launcher_spec": check_launcher_spec,
    "resource_conflicts": check_conflicts,
    "behavior": _read_behavior,
}
"""What is looked at in a job, by the names that rules order it by."""
