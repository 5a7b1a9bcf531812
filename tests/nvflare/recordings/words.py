"""Values and texts in the words of a recording: those of the package, in which ids are marks as well.

Ids, times, ports and folders become marks, and orders that are those of sets are sorted.  All else stays, every
sentence to its last letter.
"""

from __future__ import annotations

from typing import Final

from flare_sim.recording.replays.words import UUID
from flare_sim.recording.replays.words import Words as WithIds

__all__ = ["KEPT_IDS", "UUID", "Words"]

KEPT_IDS: Final = ("00000000-0000-0000-0000-000000000000", "5560fb71-258f-4788-b3f3-025f9cc3752f")
"""Ids that are said in calls, and are nobody's."""
_OF_PYTHON: Final = (
    (r"(?m)^optional arguments:$", "options:"),  # as Python 3.10 calls them
    (r"\b(?:\w+\.)+(\w+\(\) (?:got|missing|takes) )", r"\1"),  # Python 3.10 names the class, and 3.8 did not
)


class Words(WithIds):
    """Turns what was seen into words.

    Args:
        folders: folders -> their marks; of two that fit, the one named first.
    """

    def __init__(self, folders: dict[str, str]) -> None:
        super().__init__(folders, _OF_PYTHON)

    def text(self, value: str) -> str:
        """A text."""
        return UUID.sub(lambda found: found[0] if found[0].lower() in KEPT_IDS else "@id", super().text(value))
