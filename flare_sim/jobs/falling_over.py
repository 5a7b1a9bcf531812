"""What a server answers that falls over a job instead of judging it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.jobs.deploy_map import SERVER
from flare_sim.jobs.problems import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["falls_over"]


def falls_over(name: str, files: Mapping[str, bytes]) -> Answer | None:
    """Return how a server falls over a job that its unpacking and its validator don't reckon with (2.3.12)."""
    if not files:
        return _raised(IndexError("list index out of range"))
    if "meta.json" not in files:
        return None
    from json import loads

    try:
        meta = loads(files["meta.json"])
        if "job_folder_name" not in meta:
            meta["job_folder_name"] = name
    except (ValueError, TypeError, RecursionError) as problem:
        return _raised(problem)
    kind = _not_reckoned_with(meta.get("deploy_map"))
    return None if kind is None else Answer("internal_error", f"exception {kind} occurred")


def _raised(problem: Exception) -> Answer:
    return Answer("error", f"Exception Occurred: {type(problem).__name__}: {problem}")


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
