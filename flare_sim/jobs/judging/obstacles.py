"""Tells beforehand of what a server takes in a job and cannot work with later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.jobs.problems import Problems

if TYPE_CHECKING:
    from flare_sim.jobs.judging.draft import Draft

__all__ = ["met_later"]

_PLACES = {"enough": "min_clients", "deploy": "deploy_map"}


def met_later(draft: Draft) -> Problems:
    """Return warnings of a job's obstacles (see ``JobDefinition``)."""
    warnings = Problems()
    for key, said in draft.obstacles.items():
        place = _PLACES.get(key, key)
        follows = f"gives the job up ({said})" if said else "falls over it, and tries no job behind it"
        if key == "deploy":
            follows = "fails to deploy the job"
        message = f"the server takes {place} as it is, and then {follows}"
        warnings.tell("server-falls-over", message, draft.file, place, warning=True)
    return warnings
