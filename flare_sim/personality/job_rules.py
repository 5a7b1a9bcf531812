"""What a job is judged by: the rules of the contract, and those of each release of NVFLARE, as data."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from flare_sim.personality.quirks import BAD_META_BREAKS, LEGACY_APP, OWN_JOB_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CONTRACT", "RELEASE_RULES", "JobRules"]


class JobRules(NamedTuple):
    """What a server asks of a job, and how it says no."""

    release: str
    """Whose rules they are: ``"2.3"`` to ``"2.9"``, empty for the contract's."""
    meta_suffixes: tuple[str, ...] = (".json",)
    """What a meta file may end in, the first that is there counts."""
    config_suffixes: tuple[str, ...] = (".json", ".conf", ".yml", ".yaml")
    """What an app's configuration may end in, the first that is there counts."""
    takes_legacy_apps: bool = False
    """Whether a folder without a meta is taken for one app that goes to all sites."""
    falls_over: bool = False
    """Whether the server raises over a meta that its validator does not reckon with."""
    checks_own_id: bool = False
    """Whether a ``job_id`` in the meta has to be one."""

    @property
    def reads_linked_folders(self) -> bool:
        """Whether what lies in a folder that is linked comes along; NVFLARE's clients send it empty (2.3.12, 2.9.0)."""
        return not self.release

    def with_quirks(self, quirks: frozenset[str]) -> JobRules:
        """Return the rules of a server that has these quirks as well."""
        return self._replace(
            takes_legacy_apps=self.takes_legacy_apps or LEGACY_APP in quirks,
            falls_over=self.falls_over or BAD_META_BREAKS in quirks,
            checks_own_id=self.checks_own_id or OWN_JOB_ID in quirks,
        )


CONTRACT = JobRules("")
"""What the contract says."""

RELEASE_RULES: Mapping[str, JobRules] = MappingProxyType(
    {
        "2.3": JobRules("2.3", takes_legacy_apps=True, falls_over=True),
        "2.9": JobRules("2.9", checks_own_id=True),
    }
)
"""Release -> its rules."""
