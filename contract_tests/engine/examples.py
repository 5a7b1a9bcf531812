"""How many examples a property is tried on, as people write it: a number, or the name of a profile."""

from __future__ import annotations

from contract_tests.engine.runner import PROFILES


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
