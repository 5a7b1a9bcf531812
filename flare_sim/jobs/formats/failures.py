"""Why a text is not read: it says nothing that its format knows, or leads where the simulator does not go."""

from __future__ import annotations

from typing import Final

__all__ = ["DEEPEST", "OWN_LIMIT", "BeyondSimulator", "Unreadable", "check_growth", "check_size"]

DEEPEST: Final = 60
"""How deep a meta may be nested."""
OWN_LIMIT: Final = "a limit of the simulator's own, not of NVFLARE's"
"""What is said of a limit."""
_LARGEST: Final = 1 << 21
"""How large, about, a text may grow by its references, characters (2 MiB)."""
_MOST_REFERENCES: Final = 60


class BeyondSimulator(Exception):
    """The simulator does not read the text, whatever a server would do; the message goes on from the file's name."""


class Unreadable(Exception):
    """The text is not what its file's name says; the message goes on from the file's name.

    Attributes:
        cause: what the parser raised.
        place: where in the text, such as ``"line 3, column 7"``; empty when it does not say.
    """

    def __init__(self, message: str, cause: Exception, place: str = "") -> None:
        super().__init__(message)
        self.cause = cause
        self.place = place


def check_size(text: str, most: int, language: str) -> None:
    """Refuse a text that would take long to read, whatever is in it.

    Raises:
        BeyondSimulator: it is longer than ``most`` characters.
    """
    if len(text) > most:
        raise BeyondSimulator(f"is {len(text)} characters long, and the simulator reads {most} of {language} at most")


def check_growth(length: int, references: int) -> None:
    """Refuse a text that could grow without bounds when its references are replaced by what they stand for.

    Of n references it grows most when n / 3 values refer three times each to the one before.

    Raises:
        BeyondSimulator: a text of this length could grow too large.
    """
    if references > _MOST_REFERENCES or length * 3 ** (references / 3) > _LARGEST:
        raise BeyondSimulator(f"has {references} references, which could make more of it than the simulator reads")
