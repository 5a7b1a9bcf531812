"""A job while it is judged: what was read of it so far, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.jobs.behavior import JobBehavior
from flare_sim.jobs.problems import NO_FACTS, Problems
from flare_sim.jobs.site_names import ALL_SITES
from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flare_sim.disk.contents import Content
    from flare_sim.jobs.problems import Answer
    from flare_sim.personality.job_rules import JobRules

__all__ = ["Draft", "PlacedApp", "as_set"]


def as_set(values: Iterable[Any]) -> str:
    """Return how a server shows a set of values, which has them in any order."""
    return f"{{{', '.join(map(repr, values))}}}"


class PlacedApp(NamedTuple):
    """An app of the deploy map."""

    name: str
    sites: tuple[str, ...]
    """Where it goes; "all sites" is always spelled ``ALL_SITES``."""
    for_server: bool
    for_clients: bool


class Draft:
    """What is known of a job.

    Attributes:
        folder_name: the job folder's name.
        files: relative path -> content.
        folders: the relative paths of the folders in it are its keys.
        rules: what it is judged by.
        problems: what is wrong with it.
        file: the file that is its meta.
        meta: what is in it, and what the server adds.
        apps: where its apps go, as far as that can be known.
        clients: the clients the deploy map names; empty when it names all, or none.
        placed: whether the deploy map is one that could be followed.
        min_clients: how many clients it needs.
        mandatory_clients: clients it can't do without.
        resource_spec: site -> what it needs there.
        obstacles: see ``JobDefinition``.
        behavior: what its own meta says about the simulated run.
    """

    def __init__(self, folder_name: str, files: Mapping[str, Content], folders: Iterable[str], rules: JobRules) -> None:
        self.folder_name = folder_name
        self.files = files
        self.folders = dict.fromkeys(folders)
        self.rules = rules
        self.problems = Problems(rules, folder_name)
        self.file = ""
        self.meta: dict[str, Any] = {}
        self.apps: list[PlacedApp] = []
        self.clients: frozenset[str] = frozenset()
        self.placed = False
        self.min_clients: float = 1
        self.mandatory_clients: tuple[Any, ...] = ()
        self.resource_spec: dict[str, dict[str, Any]] = {}
        self.obstacles: dict[str, str] = {}
        self.behavior = JobBehavior()

    @property
    def refused(self) -> int:
        """How many problems there are that a server refuses it for."""
        return self.problems.refusals

    @property
    def everywhere(self) -> bool:
        """Whether the deploy map names all sites."""
        return any(ALL_SITES in app.sites for app in self.apps)

    def tell(
        self,
        kind: str,
        message: str,
        place: str = "",
        *,
        file: str | None = None,
        advice: str = "",
        reply: Answer | None = None,
        raises: str = "",
        says: str = "",
        facts: Mapping[str, object] = NO_FACTS,
    ) -> None:
        """Add a problem of the meta, or of another file; see ``Problems.tell``."""
        where = self.file if file is None else file
        self.problems.tell(
            kind, message, where, place, advice=advice, reply=reply, raises=raises, says=says, facts=facts
        )

    def warn(self, kind: str, message: str, place: str) -> None:
        """Add what a server takes all the same."""
        self.problems.tell(kind, message, self.file, place, warning=True)

    def obstruct(self, where: str, given: Any, place: str = "", says: str = "") -> None:
        """Note an obstacle, and warn of it: the server takes what is given, and can't work with it."""
        self.obstacles[where] = says
        follows = f"gives the job up: {says}" if says else "falls over it, and tries no job behind this one"
        subject, follows = ("it", "cannot deploy the job") if where == "deploy" else ("its scheduler", follows)
        message = f"{place or where} is {shown(given)}: the server takes it, and then {subject} {follows}"
        self.warn("server-falls-over", message, place or where)
