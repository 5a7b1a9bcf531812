"""What is said of a name that there is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.untrusted_values import plain_text, shown, shown_names

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["no_such"]

_LONGEST = 100
"""What is longer is not compared with those there are."""


def no_such(told: str, name: object, known: Collection[str]) -> str:
    """Return that there is no such name, one that is spelled much like it, and those there are."""
    from difflib import get_close_matches

    text = plain_text(name)
    near = get_close_matches(text, known) if text and len(text) < _LONGEST else ()
    meant = f"; did you mean {shown(near[0])}?" if near else "."
    return f"{told} {shown(name)}{meant} There are {shown_names(sorted(known))}"
