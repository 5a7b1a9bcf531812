"""How thoroughly a run tries: examples per property, combinations of listed inputs, and the seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PROFILES: Final = {"quick": 5, "default": 12, "deep": 150}
"""Examples per property, by name."""


@dataclass(frozen=True)
class RunSettings:
    """How thoroughly to try.

    Attributes:
        examples: examples per property.
        seed: where all drawing starts from.
        combinations: the most combinations of its listed inputs that a check is tried on; None for all of them.
    """

    examples: int = PROFILES["default"]
    seed: int = 0
    combinations: int | None = None


def examples_from(text: str) -> int:
    """The number of examples.

    Raises:
        ValueError: it is neither a profile's name nor a positive whole number.
    """
    if text in PROFILES:
        return PROFILES[text]
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    raise ValueError(f"{text!r} is no number of examples: write a positive whole number or {', '.join(PROFILES)}")
