"""Untrusted values: whatever a value does, what comes back is plain, short and printable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim.untrusted_values import plain_name, plain_number, plain_text, readable, shown
from tests.flare_sim.hostile_values import Lying, LyingFloat, LyingInt, Nothing


def test_text_comes_back_plain() -> None:
    """A subclass of str comes back as exact text, with none of its methods run."""
    text = plain_text(Lying("abc"))

    assert (type(text), text) == (str, "abc")


def test_other_things_are_no_text() -> None:
    """Anything else is no text."""
    assert [plain_text(value) for value in (None, 1, b"abc", ["abc"], Nothing())] == [None] * 5


def test_numbers_come_back_plain() -> None:
    """Subclasses of int and float come back as exact numbers, with none of their methods run."""
    assert [type(plain_number(value)) for value in (LyingInt(3), LyingFloat(2.5), 4, 0.5)] == [int, float, int, float]
    assert [plain_number(value) for value in (LyingInt(3), LyingFloat(2.5))] == [3, 2.5]


def test_other_things_are_no_number() -> None:
    """A bool is no number here, and nor is anything else."""
    assert [plain_number(value) for value in (True, None, "1", 1j, Nothing())] == [None] * 5


@given(
    st.recursive(
        st.one_of(st.text(), st.integers(), st.floats(), st.binary(), st.none()),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_is_shown_is_short_and_printable(value: object) -> None:
    """A value is shown in a line of printable text of bounded length."""
    text = shown(value)

    assert text.isprintable()
    assert len(text) < 1000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a'b", '"a\'b"'),
        ("\ud800", r"'\ud800'"),
        ("Zürich\x1b", r"'Zürich\x1b'"),
        ("a\\b\udcff", r"'a\b\xff'"),
        ("x" * 10_000, "'" + "x" * 80 + "'... (10000 characters)"),
        (None, "None"),
        (10**30, "a value of type int"),
        (True, "True"),
        (b"x", "a value of type bytes"),
        ([], "[]"),
        (["a", 1, None], "['a', 1, None]"),
        ({"a": {"b": [False]}}, "{'a': {'b': [False]}}"),
        ([[[["deep"]]]], "[[[[...]]]]"),
        (["x" * 50] * 100, f"['{'x' * 50}', ...]"),
        (-0.5, "-0.5"),
    ],
)
def test_a_value_is_shown(value: object, expected: str) -> None:
    """Text is quoted and cut, numbers, lists and dicts are written, everything else is only its type."""
    assert shown(value) == expected


def test_a_lying_value_is_shown() -> None:
    """A value that lies about itself is shown as what it is."""
    assert [shown(value) for value in (Lying("x"), Nothing())] == ["'x'", "a value of type Nothing"]


def test_a_type_may_hide_its_name() -> None:
    """The name of a type is read past a metaclass that overrides it."""

    class Meta(type):
        @property
        def __name__(cls) -> str:  # type: ignore[override]
            raise AssertionError("ran the value's code")

    assert plain_name(Meta("Hidden", (), {})()) == "Hidden"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jobs/Zürich 1", "jobs/Zürich 1"),
        ("a\x1b[2Jb\r\n", r"a\x1b[2Jb\r\n"),
        ("caf\udce9", r"caf\xe9"),
        ("\ud800\u202e", r"\ud800\u202e"),
    ],
)
def test_text_is_readable(text: str, expected: str) -> None:
    """What can be printed is left as it is, what would move a cursor or turn letters round is escaped."""
    assert readable(text) == expected
