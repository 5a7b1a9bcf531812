"""Strategies: all inputs can be held by JSON, so that a failure can be written down and tried again."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from contract_tests.clauses.checks import all_checks
from contract_tests.scenario.check import STATEFUL, Check
from contract_tests.scenario.strategies import (
    FAR_FETCHED,
    MALFORMED_IDS,
    ODDITIES,
    LazyStrategy,
    integers,
    lists,
    oddities,
    oddity,
    quarter_seconds,
    sampled_from,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=40)


@pytest.mark.parametrize(
    ("domain", "holds"),
    [
        (lambda: integers(2, 9), lambda value: type(value) is int and 2 <= value <= 9),
        (
            lambda: quarter_seconds(0.5, 3),
            lambda value: type(value) is float and 0.5 <= value <= 3 and value * 4 == int(value * 4),
        ),
        (lambda: sampled_from("a", 7), lambda value: value in ("a", 7)),
        (lambda: lists(integers(0, 1), 2, 4), lambda value: 2 <= len(value) <= 4 and set(value) <= {0, 1}),
        (lambda: words(5), lambda value: value.isascii() and value.isalpha() and 1 <= len(value) <= 5),
        (oddities, lambda value: set(value) in ({"odd"}, {"value"})),
    ],
)
def test_a_domain_gives_what_it_says(domain: Callable[[], LazyStrategy], holds: Any) -> None:
    """Every value drawn is of the kind and within the bounds."""

    @PROPERTY
    @given(domain().strategy())
    def drawn(value: Any) -> None:
        assert holds(value)

    drawn()


@pytest.mark.parametrize(
    ("domain", "wanted"),
    [
        (lambda: integers(2, 5), {2, 3, 4, 5}),
        (lambda: quarter_seconds(0.5, 1.25), {0.5, 0.75, 1.0, 1.25}),
        (lambda: sampled_from("a", 7), {"a", 7}),
        (lambda: lists(integers(0, 1), 1, 2), {(0,), (1,), (0, 0), (0, 1), (1, 0), (1, 1)}),
        (lambda: words(1), {*"abcdefghijklmnopqrstuvwxyz"}),
    ],
)
def test_a_domain_gives_all_that_it_says(domain: Callable[[], LazyStrategy], wanted: set[Any]) -> None:
    """Its bounds, and what is between them."""
    found = set()

    @settings(deadline=None, database=None, derandomize=True, max_examples=100)
    @given(domain().strategy())
    def drawn(value: Any) -> None:
        found.add(tuple(value) if isinstance(value, list) else value)

    drawn()
    assert found == wanted


@pytest.mark.parametrize(
    ("domain", "listed"),
    [
        (lambda: sampled_from("a", 7), ("a", 7)),
        (lambda: integers(0, 1), ()),
        (lambda: lists(sampled_from("a", 7), 0, 3), (["a"], [7])),
        (lambda: lists(sampled_from("a", 7), 1, 3), (["a"], [7])),
        (lambda: lists(sampled_from("a", 7), 2, 3), ()),
        (lambda: lists(integers(0, 1), 0, 3), ()),
        (oddities, tuple({"odd": name} for name in ODDITIES if name not in FAR_FETCHED)),
    ],
)
def test_what_is_written_down_one_by_one_is_listed(domain: Callable[[], LazyStrategy], listed: tuple[Any, ...]) -> None:
    """So that few draws see it all the same; of lists those of one value, where there may be such."""
    assert domain().listed == listed


def test_words_have_as_many_letters_as_they_may() -> None:
    """Twelve where nothing else is said."""
    lengths = set()

    @settings(deadline=None, database=None, derandomize=True, max_examples=60)
    @given(words().strategy(), words(3).strategy())
    def drawn(word: str, short: str) -> None:
        lengths.add(len(word))
        assert 1 <= len(short) <= 3

    drawn()
    assert (min(lengths), max(lengths)) == (1, 12)


def _parts(value: Any) -> Iterator[Any]:
    """A value, and all that is in it."""
    yield value
    for held in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(held)


def test_oddities_are_small() -> None:
    """Up to three in a container, twenty letters in a text and five in a key, which others than JSON can hold, too."""
    lists: set[int] = set()

    @settings(deadline=None, database=None, derandomize=True, max_examples=300, phases=[Phase.generate])
    @given(oddities().strategy())
    def drawn(value: dict[str, Any]) -> None:
        for part in _parts(value.get("value")):
            if isinstance(part, list):
                lists.add(len(part))
            elif isinstance(part, dict):
                assert len(part) <= 3
                assert all(len(key) <= 5 for key in part)
            elif isinstance(part, str):
                assert len(part) <= 20
                part.encode()
            elif isinstance(part, float):
                assert math.isfinite(part)

    drawn()
    assert max(lists) == 3


def test_a_strategy_is_made_once() -> None:
    """A domain used by every example costs its strategy once."""
    domain = integers(0, 1)

    assert domain.strategy() is domain.strategy()


def _as_lists(value: Any) -> Any:
    """The value with lists for tuples, which JSON does not tell apart and no check does, either."""
    if isinstance(value, dict):
        return {key: _as_lists(held) for key, held in value.items()}
    return [_as_lists(held) for held in value] if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_the_inputs_of_a_check_survive_json(check: Check) -> None:
    """Every input, drawn or listed, is the same after it was written down and read back."""
    for source in check.each.values():
        for value in source.values:
            assert json.loads(json.dumps(value, allow_nan=False)) == _as_lists(value)

    @settings(deadline=None, database=None, derandomize=True, max_examples=5)
    @given(st.fixed_dictionaries({name: domain.strategy() for name, domain in check.inputs.items()}))
    def drawn(inputs: dict[str, Any]) -> None:
        assert json.loads(json.dumps(inputs, allow_nan=False)) == _as_lists(inputs)

    if check.inputs and check.kind != STATEFUL:
        drawn()


def test_an_oddity_stands_for_a_thing() -> None:
    """What JSON can't hold is named; what it can is itself."""
    assert oddity({"odd": "bytes"}) == b"job"
    assert math.isnan(oddity({"odd": "not a number"}))
    assert oddity({"value": [1, None]}) == [1, None]


def test_malformed_ids_are_oddities() -> None:
    """Every malformed id has its entry."""
    assert set(MALFORMED_IDS) <= set(ODDITIES)
