"""Who is there, as long as nobody comes or goes, and what follows from that alone: it is found once, for all jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flare_sim.jobs.definition import JobDefinition

__all__ = ["Placement", "Roster"]

_MOST_PLACES = 100_000
"""So many places of apps are kept in all: a system of that many clients keeps those of one job."""


class Placement(NamedTuple):
    """The clients that a job is sent to which asks them for nothing, and what its meta says once it is there."""

    roster: Roster
    apps: Mapping[str, str]
    """Site -> app, the server first."""
    deploy_detail: tuple[str, ...]


class Roster:
    """The clients that are listed, until one comes, goes, falls silent or comes back.

    Attributes:
        sites: those clients, in order of registration.
        until: the tick from which one of them is not listed any more; long ago once something else has changed.
    """

    __slots__ = ("_placements", "sites", "until")

    def __init__(self, sites: Sequence[Any], until: int) -> None:
        self.sites = sites
        self.until = until
        self._placements: dict[object, Placement] = {}

    def placement(self, definition: JobDefinition) -> Placement | None:
        """Return where jobs like this one go, None when that is not known, or depends on what clients have to give."""
        if definition.resource_spec or definition.obstacles:
            return None
        try:
            return self._placements.get((definition.deploy_map, definition.min_clients, definition.mandatory_clients))
        except TypeError:  # a release took something that has no hash
            return None

    def place(self, definition: JobDefinition, apps: Mapping[str, str]) -> Placement | None:
        """Keep where a job goes that was just chosen, for the next ones like it; None if it depends on more."""
        if definition.resource_spec or definition.obstacles:
            return None
        known = self._placements
        if (len(known) + 1) * len(apps) > _MOST_PLACES:
            known.clear()
        placement = Placement(self, apps, tuple([f"{name}: OK" for name in apps]))
        try:
            known[definition.deploy_map, definition.min_clients, definition.mandatory_clients] = placement
        except TypeError:
            return None
        return placement
