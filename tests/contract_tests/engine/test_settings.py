"""Settings: what is taken for a number of examples, and what is not."""

from __future__ import annotations

import re

import pytest

from contract_tests.engine.settings import PROFILES, RunSettings, examples_from, positive


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("007", 7), ("999999999", 999_999_999), *PROFILES.items()])
def test_examples_are_a_number_or_a_profile(text: str, number: int) -> None:
    """Profiles stand for numbers."""
    assert examples_from(text) == number


@pytest.mark.parametrize("text", ["", "0", "000", "-1", "1.5", "ten", "1000000000", "\u0663", "\u00b2", " 1", "Quick"])
def test_anything_else_is_none(text: str) -> None:
    """Digits of other scripts, and more than nine, too; the message says what there is."""
    assert positive(text) is None
    told = f"{text!r} is no number of examples: write a positive whole number, quick, default, deep"
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        examples_from(text)


def test_the_settings_of_a_default_run() -> None:
    """All combinations, the default's examples, and the seed 0."""
    assert RunSettings() == RunSettings(PROFILES["default"], 0, None)
