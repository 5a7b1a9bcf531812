"""The shapes of plain data: what each takes, and how it says what it does not take."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest

from flare_sim.saving import shapes
from flare_sim.saving.records import BadState


class Color(Enum):
    """An enumeration."""

    RED = "r"


PAIR = shapes.fixed(shapes.TEXT, shapes.COUNT)
GOOD: list[tuple[shapes.Shape, Any, Any]] = [
    (shapes.TEXT, "x", "x"),
    (shapes.FLAG, False, False),
    (shapes.WHOLE, -(10**30), -(10**30)),
    (shapes.COUNT, 10**30, 10**30),
    (shapes.TICK, -5, -5),
    (shapes.WAIT, 10**15, 10**15),
    (shapes.NUMBER, 0.5, 0.5),
    (shapes.JSON, {"a": [None]}, {"a": [None]}),
    (shapes.maybe(shapes.TEXT), None, None),
    (shapes.tuple_of(shapes.COUNT), (1, 2), [1, 2]),
    (shapes.tuple_of(PAIR, list), [("a", 1)], [["a", 1]]),
    (PAIR, ("a", 1), ["a", 1]),
    (shapes.table_of(PAIR), {"k": ("a", 1)}, {"k": ["a", 1]}),
    (shapes.member_of(Color), Color.RED, "RED"),
]
BAD: list[tuple[shapes.Shape, Any, str]] = [
    (shapes.TEXT, 1, "here must be text, not 1"),
    (shapes.FLAG, 1, "here must be true or false, not 1"),
    (shapes.WHOLE, True, "here must be a whole number, not True"),
    (shapes.COUNT, -1, "here must be a whole number, 0 or more, not -1"),
    (shapes.TICK, 10**19, "here must be a time in ticks, not 10000000000000000000"),
    (shapes.TICK, 1.0, "here must be a time in ticks, not 1.0"),
    (shapes.WAIT, -1, "here must be a wait in ticks, not -1"),
    (shapes.WAIT, 10**15 + 1, "here must be a wait in ticks, not 1000000000000001"),
    (shapes.NUMBER, "1", "here must be a number, not '1'"),
    (shapes.tuple_of(shapes.COUNT), [1, "x"], "here[1] must be a whole number, 0 or more, not 'x'"),
    (shapes.tuple_of(shapes.COUNT), {}, "here must be a list, not {}"),
    (PAIR, ["a"], "here must be a list of 2, not ['a']"),
    (PAIR, ["a", -1], "here[1] must be a whole number, 0 or more, not -1"),
    (shapes.table_of(PAIR), [], "here must be an object, not []"),
    (shapes.table_of(PAIR), {"k": 1}, "here.k must be a list of 2, not 1"),
    (shapes.member_of(Color), "r", "here must be one of RED, not 'r'"),
    (shapes.member_of(Color), [], "here must be one of RED, not []"),
]


@pytest.mark.parametrize(("shape", "value", "plain"), GOOD)
def test_what_is_written_is_read(shape: shapes.Shape, value: Any, plain: Any) -> None:
    """A value becomes plain data, and of that the same value."""
    assert shape.write(value) == plain
    assert shape.read(plain, "here") == value


@pytest.mark.parametrize(("shape", "plain", "reason"), BAD)
def test_what_has_another_shape_is_refused(shape: shapes.Shape, plain: Any, reason: str) -> None:
    """The place is named, what should be there, and what is."""
    with pytest.raises(BadState) as caught:
        shape.read(plain, "here")

    assert str(caught.value) == f"holds wrong data: {reason}"


def test_an_object_has_just_its_fields() -> None:
    """None more, and none less but those that may be left out."""
    fields = {"a": shapes.COUNT, "b": shapes.TEXT}

    assert shapes.read_fields(fields, {"b": "x", "a": 1}, "here") == {"a": 1, "b": "x"}
    assert shapes.read_fields(fields, {"a": 1}, "here", optional=("b",)) == {"a": 1}
    for value, reason in (
        ({"a": 1}, "here has no b"),
        ({"a": 1, "b": "", "c": 0}, "here has 'c', which is not known"),
        ([], "here must be an object, not []"),
        ({"a": -1, "b": ""}, "here.a must be a whole number, 0 or more, not -1"),
    ):
        with pytest.raises(BadState) as caught:
            shapes.read_fields(fields, value, "here")
        assert str(caught.value) == f"holds wrong data: {reason}"
