"""Identifiers: streams that look random, depend on nothing but the seed, and never repeat."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim.engine.ids import identifier, is_identifier


@given(st.integers(), st.text(), st.integers(0))
def test_an_identifier_is_a_random_uuid_in_form(seed: int, stream: str, number: int) -> None:
    """It is a UUID of version 4 in its usual spelling, the same each time."""
    made = identifier(seed, stream.encode("ascii", "replace").decode(), number)

    assert str(uuid.UUID(made)) == made
    assert (uuid.UUID(made).version, uuid.UUID(made).variant) == (4, uuid.RFC_4122)
    assert made == identifier(seed, stream.encode("ascii", "replace").decode(), number)


def test_identifiers_differ() -> None:
    """Seeds, streams and numbers each lead to other identifiers."""
    made = {identifier(seed, stream, number) for seed in range(9) for stream in "ab" for number in range(99)}

    assert len(made) == 9 * 2 * 99


def test_the_first_identifier_never_changes() -> None:
    """What a seed gives is part of what users rely on, so it is pinned."""
    assert identifier(0, "job", 0) == "f7200b34-2660-4b26-8f97-23a977d1da93"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01234567-89ab-4cde-8f01-23456789abcd", True),
        ("0123456789ab4cdebf0123456789abcd", True),
        ("0-1-2-3-4-5-6789ab4cde9f0123456789abcd", True),
        ("01234567-89ab-5cde-8f01-23456789abcd", False),
        ("01234567-89ab-4cde-7f01-23456789abcd", False),
        ("01234567-89ab-4cde-8f01-23456789abc", False),
        ("01234567-89ab-4cde-8f01-23456789abcde", False),
        ("01234567-89ab-4cde-8f01-23456789abcg", False),
        ("01234567-89ab-4cde-8f01-23456789abcX", False),
        ("01234567-89AB-4CDE-8F01-23456789ABCD", False),
        ("", False),
    ],
)
def test_an_identifier_is_known_by_its_form(text: str, expected: bool) -> None:
    """As many digits as a UUID has, of that version and of that variant, wherever the hyphens are."""
    assert is_identifier(text) == expected


def test_identifiers_of_every_variant_come() -> None:
    """Each of the four digits that may stand there."""
    made = [identifier(7, "job", number) for number in range(64)]

    assert {text[19] for text in made} == set("89ab")
