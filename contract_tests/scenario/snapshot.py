"""Snapshots of jobs: what is read to be compared later, without what changes by itself; and how to spoil a copy.

A meta may hold more than the interface names: the time of the reply, the age of the job, a handle that is made anew for
every caller. What changes all by itself says nothing about whether a call had an effect.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

NAMED: Final = ("job_id", "name", "status", "submitter_name", "submit_time")
"""The keys that the contract names; nothing else may be counted on in a meta."""

DEFINITION: Final = ("deploy_map", "resource_spec", "min_clients", "mandatory_clients")
"""What of a meta comes from the job's definition, and stays whatever is done to run it."""

STEPS: Final = ("SUBMITTED", "DISPATCHED", "RUNNING", "FINISHED")
"""How the statuses begin that the contract names, in the order of a job's life; later releases may know more."""

_KNOWN: Final = frozenset(
    (
        *NAMED,
        *("submit_time_iso", "submitter_org", "submitter_role", "start_time", "duration", "cloned_from"),
        *("schedule_count", "last_schedule_time", "schedule_history", "job_deploy_detail", "job_folder_name"),
        *("deploy_map", "resource_spec", "min_clients", "mandatory_clients", "study", "scope"),
    )
)
"""The keys of the metas of NVFLARE's own servers: none of them changes by itself once a job is done."""


def kept(thing: Any) -> Any:
    """A copy of a value that nobody else can change: containers are copied at every depth, what is in them is not.

    A dict is read as its users do, key by key: one of a class of its own may have something else to say there.
    """
    if isinstance(thing, dict):
        return {key: kept(thing[key]) for key in list(thing)}
    if isinstance(thing, list):
        return [kept(value) for value in thing]
    if type(thing) in (tuple, set):
        return type(thing)(kept(value) for value in thing)
    return thing


def spoil(thing: Any, left: Any = "spoilt") -> None:
    """Change all that can be changed in a value that was returned, at every depth; what refuses to change may."""
    if isinstance(thing, dict):
        for value in list(thing.values()):
            spoil(value)
        with suppress(Exception):
            thing.clear()
            thing["status"] = "FINISHED:SPOILT"
    elif isinstance(thing, list):
        for value in thing:
            spoil(value)
        with suppress(Exception):
            thing.append(left)


class Snapshot(dict[str, Any]):
    """What is known of a job.

    Attributes:
        look: reads it once more, the given seconds later; None where it can't be read.
        due: whether its status may be the given one by now, by itself.
    """

    def __init__(
        self,
        meta: dict[str, Any],
        look: Callable[[float], dict[str, Any] | None],
        due: Callable[[object], bool] = lambda status: False,
    ) -> None:
        super().__init__(kept(meta))
        self.look = look
        self.due = due

    def restless(self) -> set[str]:
        """The keys whose values change though nothing is done but reading; no key of NVFLARE's own metas is one."""
        looks = [self.look(seconds) for seconds in (0.0, 0.0, 1.0)]
        told = [look for look in looks if look is not None]
        keys = {key for look in told for key in look}.union(self) - _KNOWN
        return set() if len(told) < len(looks) else {key for key in keys if not _stays(key, told)}


def _stays(key: str, looks: list[dict[str, Any]]) -> bool:
    return all(key in look and look[key] == looks[0].get(key) for look in looks)


def settled(before: Any, after: Any) -> tuple[Any, Any]:
    """Two values to compare, without what changes by itself in the `Snapshot` among them."""
    if isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        pairs = [settled(one, other) for one, other in zip(before, after, strict=True)]
        return tuple(one for one, _ in pairs), tuple(other for _, other in pairs)
    if isinstance(before, Snapshot) and isinstance(after, dict) and before != after:
        reader = after if isinstance(after, Snapshot) else before
        left_out = reader.restless()
        if _gets_on(reader, before.get("status"), after.get("status")):
            left_out |= {"status", *(before.keys() ^ after.keys())}  # of a job that is done more is known
        return _without(before, left_out), _without(after, left_out)
    return before, after


def _gets_on(reader: Snapshot, before: object, after: object) -> bool:
    """Whether a job that was not done may have its new status by itself: in time, or as later releases know more."""
    if before == after or (isinstance(before, str) and before.startswith("FINISHED")):
        return False
    later = isinstance(after, str) and bool(after) and not after.startswith(STEPS)
    return later or reader.due(after)


def _without(facts: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key not in keys}
