"""The shapes of plain data: each writes a value as JSON has it, and reads it again, believing nothing.

What is read comes from a file that anybody may have written.  A value that has not the shape it should is a
``BadState`` that names its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.clock import LATEST, LONGEST_SECONDS, to_ticks
from flare_sim.saving.records import BadState
from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from enum import Enum

__all__ = [
    "COUNT",
    "FLAG",
    "JSON",
    "NUMBER",
    "TEXT",
    "TICK",
    "WAIT",
    "WHOLE",
    "Shape",
    "attributes",
    "fixed",
    "maybe",
    "member_of",
    "read_fields",
    "table_of",
    "tuple_of",
]

LONGEST_WAIT = to_ticks(LONGEST_SECONDS)
"""Nothing that somebody asks for takes longer."""
LATEST_TICK = to_ticks(LATEST) + LONGEST_WAIT
"""No time is further from the epoch, where one that is planned may lie behind the last one that a clock shows."""


class Shape(NamedTuple):
    """How a value is written and read."""

    write: Callable[[Any], Any]
    """Turns it into plain data."""
    read: Callable[[Any, str], Any]
    """Turns plain data, found at a place, into it again; raises ``BadState``."""


def wrong(place: str, wanted: str, given: Any) -> BadState:
    """Return the error of a value that is not what it should be."""
    return BadState(f"holds wrong data: {place} must be {wanted}, not {shown(given)}")


def _same(value: Any) -> Any:
    return value


def _plain(kind: type, wanted: str) -> Shape:
    def read(value: Any, place: str) -> Any:
        if type(value) is not kind:
            raise wrong(place, wanted, value)
        return value

    return Shape(_same, read)


def _read_tick(value: Any, place: str) -> int:
    if type(value) is not int or abs(value) > LATEST_TICK:
        raise wrong(place, "a time in ticks", value)
    return value


def _read_wait(value: Any, place: str) -> int:
    if type(value) is not int or not 0 <= value <= LONGEST_WAIT:
        raise wrong(place, "a wait in ticks", value)
    return value


def _read_count(value: Any, place: str) -> int:
    if type(value) is not int or value < 0:
        raise wrong(place, "a whole number, 0 or more", value)
    return value


def _read_number(value: Any, place: str) -> int | float:
    if type(value) is int or type(value) is float:
        return value
    raise wrong(place, "a number", value)


TEXT = _plain(str, "text")
FLAG = _plain(bool, "true or false")
WHOLE = _plain(int, "a whole number")
COUNT = Shape(_same, _read_count)
TICK = Shape(_same, _read_tick)
WAIT = Shape(_same, _read_wait)
NUMBER = Shape(_same, _read_number)
JSON = Shape(_same, lambda value, _: value)
"""Anything that JSON has."""


def maybe(shape: Shape) -> Shape:
    """Return the shape of what may be None."""
    return Shape(
        lambda value: None if value is None else shape.write(value),
        lambda value, place: None if value is None else shape.read(value, place),
    )


def tuple_of(shape: Shape, kind: Callable[..., Any] = tuple) -> Shape:
    """Return the shape of a tuple, or something like it, of any length."""

    def read(value: Any, place: str) -> Any:
        if type(value) is not list:
            raise wrong(place, "a list", value)
        return kind(shape.read(item, f"{place}[{number}]") for number, item in enumerate(value))

    return Shape(lambda value: list(map(shape.write, value)), read)


def fixed(*shapes: Shape, kind: Callable[[tuple[Any, ...]], Any] = tuple) -> Shape:
    """Return the shape of a tuple of so many values, each with its own shape."""

    def write(value: Any) -> list[Any]:
        return [shape.write(item) for shape, item in zip(shapes, value, strict=True)]

    def read(value: Any, place: str) -> Any:
        if type(value) is not list or len(value) != len(shapes):
            raise wrong(place, f"a list of {len(shapes)}", value)
        items = enumerate(zip(shapes, value, strict=True))
        return kind(tuple(shape.read(item, f"{place}[{number}]") for number, (shape, item) in items))

    return Shape(write, read)


def table_of(shape: Shape) -> Shape:
    """Return the shape of a dict from text to something."""

    def write(value: Mapping[str, Any]) -> dict[str, Any]:
        return {key: shape.write(item) for key, item in value.items()}

    def read(value: Any, place: str) -> dict[str, Any]:
        if type(value) is not dict:
            raise wrong(place, "an object", value)
        return {key: shape.read(item, f"{place}.{key}") for key, item in value.items()}

    return Shape(write, read)


def member_of(kind: type[Enum]) -> Shape:
    """Return the shape of a member of an enumeration, which is written by its name."""

    def read(value: Any, place: str) -> Enum:
        if type(value) is not str or value not in kind.__members__:
            raise wrong(place, f"one of {', '.join(kind.__members__)}", value)
        return kind[value]

    return Shape(lambda value: value.name, read)


def read_fields(shapes: Mapping[str, Shape], value: Any, place: str, optional: Collection[str] = ()) -> dict[str, Any]:
    """Read an object that has just these fields, except those that may be left out."""
    if type(value) is not dict:
        raise wrong(place, "an object", value)
    for name in value:
        if name not in shapes:
            raise BadState(f"holds wrong data: {place} has {shown(name)}, which is not known")
    for name in shapes:
        if name not in value and name not in optional:
            raise BadState(f"holds wrong data: {place} has no {name}")
    return {name: shapes[name].read(item, f"{place}.{name}") for name, item in value.items()}


def attributes(shapes: Mapping[str, Shape], thing: Any) -> dict[str, Any]:
    """Write the attributes of an object that have a shape."""
    return {name: shape.write(getattr(thing, name)) for name, shape in shapes.items()}
