"""What a simulated server is like; without a word about it, as the contract says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flare_sim.personality.job_rules import CONTRACT
from flare_sim.personality.quirks import NO_QUIRKS

if TYPE_CHECKING:
    from flare_sim.personality.job_rules import JobRules

__all__ = ["KEEPS_CONTRACT", "Personality"]


class Personality(NamedTuple):
    """A release, as its servers were seen to behave."""

    name: str
    """What a server is given to be like it."""
    release: str
    """The release of NVFLARE it was seen on."""
    quirks: frozenset[str]
    """Names of what it does differently; never iterated over to decide anything."""
    rules: JobRules
    """What it judges jobs by."""
    cannot_connect: str = ""
    """What NVFLARE's session says when it finds no server for the ten seconds it looks unless told otherwise."""


KEEPS_CONTRACT = Personality("", "2.3.12", NO_QUIRKS, CONTRACT)
"""That of a server which is given none."""
