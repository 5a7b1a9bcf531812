"""How thoroughly a run tries: examples per property, combinations of listed inputs, and the seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from contract_tests.plain_text import shown

PROFILES: Final = {"quick": 5, "default": 12, "deep": 150}
"""Examples per property, by name."""

_DIGITS: Final = 9


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
    number = positive(text)
    if number is None:
        raise ValueError(
            f"{shown(text)} is no number of examples: write a positive whole number, {', '.join(PROFILES)}"
        )
    return number


def positive(text: str) -> int | None:
    """The positive whole number of up to nine digits that is written so, None when it is none."""
    return int(text) or None if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
