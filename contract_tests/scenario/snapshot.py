"""Snapshots of jobs: what is read to be compared later, without what changes by itself; and how to spoil a copy.

A meta may hold more than the interface names: the time of the reply, the age of the job, a handle that is made anew for
every caller. What changes all by itself says nothing about whether a call had an effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final

NAMED: Final = ("job_id", "name", "status", "submitter_name", "submit_time")
"""The keys that the contract names; nothing else may be counted on in a meta."""

DEFINITION: Final = ("deploy_map", "resource_spec", "min_clients", "mandatory_clients")
"""What of a meta comes from the job's definition, and stays whatever is done to run it."""

STEPS: Final = ("SUBMITTED", "DISPATCHED", "RUNNING", "FINISHED")
"""How the statuses begin that the contract names, in the order of a job's life; later releases may know more."""

TRIED: Final = frozenset(("schedule_count", "last_schedule_time", "schedule_history", "duration"))
"""The keys of NVFLARE's own metas that change with time, seldom and at odd times, until a job is done."""

SELDOM: Final = 600.0
"""Contract seconds after which what changes by itself may be expected to have changed, however seldom it does."""


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
        taken: when it was read, in contract seconds; None without a clock.
        moving: the keys that were seen to change by themselves; snapshots of one scenario share them.
    """

    def __init__(
        self,
        meta: dict[str, Any],
        look: Callable[[float], dict[str, Any] | None],
        due: Callable[[object], bool] = lambda status: False,
        taken: float | None = None,
        moving: set[str] | None = None,
    ) -> None:
        super().__init__(kept(meta))
        self.look = look
        self.due = due
        self.taken = taken
        self.moving: set[str] = set() if moving is None else moving

    def restless(self, keys: Iterable[str], passed: float) -> set[str]:
        """Which of some keys change though nothing is done but reading: the control beside every "nothing changed".

        Several reads at once show what changes with each, others what changes with time: those after a second, after as
        much time as had ``passed``, and after very long. Nothing that the contract names changes by itself, nor what is
        told of the job's definition.
        """
        asked = set(keys) - {*NAMED, *DEFINITION}
        looks: list[dict[str, Any]] = []
        for seconds in (0.0, 0.0, 0.0, 1.0, passed, SELDOM):
            if asked <= self.moving:
                break
            look = self.look(seconds)
            if look is None:
                return set()
            looks.append(kept(look))
            self.moving |= {key for key in asked if not _stays(key, looks)}
        return asked & self.moving


def _stays(key: str, looks: list[dict[str, Any]]) -> bool:
    return all((key in look) == (key in looks[0]) and look.get(key) == looks[0].get(key) for look in looks)


def settled(before: Any, after: Any) -> tuple[Any, Any]:
    """Two values to compare, without what changes by itself in the `Snapshot` among them."""
    if isinstance(before, (tuple, list)) and type(before) is type(after) and len(before) == len(after):
        pairs = [settled(one, other) for one, other in zip(before, after, strict=True)]
        return type(before)(one for one, _ in pairs), type(before)(other for _, other in pairs)
    if isinstance(before, Snapshot) and isinstance(after, dict) and before != after:
        reader = after if isinstance(after, Snapshot) else before
        differ = {key for key in {**before, **after} if not _stays(key, [before, after])}
        left_out: set[str] = set()
        if _gets_on(reader, before.get("status"), after.get("status")):
            left_out = {"status", *(before.keys() ^ after.keys())}  # of a job that is done more is known
        left_out |= reader.restless(differ - left_out, max(0.0, (reader.taken or 0.0) - (before.taken or 0.0)))
        return _without(before, left_out), _without(after, left_out)
    if type(before) is dict and type(after) is dict and before.keys() == after.keys():
        pairs_by_key = {key: settled(before[key], after[key]) for key in before}
        return {key: one for key, (one, _) in pairs_by_key.items()}, {
            key: other for key, (_, other) in pairs_by_key.items()
        }
    return before, after


def _gets_on(reader: Snapshot, before: object, after: object) -> bool:
    """Whether a job that was not done may have its new status by itself: in time, or as later releases know more."""
    if before == after or (isinstance(before, str) and before.startswith("FINISHED")):
        return False
    later = isinstance(after, str) and bool(after) and not after.startswith(STEPS)
    return later or reader.due(after)


def _without(facts: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key not in keys}
