"""Reads what a scenario is told, value by value, and says where one makes no sense."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from flare_sim.clock import LONGEST_SECONDS
from flare_sim.untrusted_values import plain_items, plain_label, plain_list, plain_number, plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Place = tuple[str | int, ...]
    Value = TypeVar("Value")
    Read = Callable[[Any, Place], Any]

__all__ = [
    "BadScenario",
    "at",
    "each",
    "items",
    "label",
    "list_of",
    "listed",
    "moment",
    "one_or_more",
    "read_table",
    "seconds",
    "text",
]


class BadScenario(ValueError):
    """A scenario makes no sense.

    Attributes:
        place: where: the keys and the numbers of entries that lead there.
        problem: what is wrong.
    """

    def __init__(self, place: Place, problem: object) -> None:
        self.place = place
        self.problem = str(problem)
        where = "".join(f"[{step}]" if type(step) is int else f".{step}" for step in place).removeprefix(".")
        super().__init__(f"{where}: {problem}" if where else self.problem)


@contextmanager
def at(place: Place) -> Iterator[None]:
    """Say of what makes no sense inside that it is here.

    Raises:
        BadScenario: something does.
    """
    try:
        yield
    except BadScenario:
        raise
    except ValueError as problem:
        raise BadScenario(place, problem) from problem


def read_table(value: Any, place: Place, fields: Mapping[str, Read]) -> dict[str, Any]:
    """Return the values of a table, each as its field is read.

    Raises:
        BadScenario: no table, an unknown key, or a value that makes no sense.
    """
    read: dict[str, Any] = {}
    for key, one in items(value, place):
        if key not in fields:
            from flare_sim.engine.records.names import no_such

            raise BadScenario((*place, key), no_such("there is no key", key, fields))
        read[key] = fields[key](one, (*place, key))
    return read


def items(value: Any, place: Place) -> list[tuple[str, Any]]:
    """Return the keys and the values of a table.

    Raises:
        BadScenario: it is none.
    """
    pairs = plain_items(value)
    if pairs is None:
        raise BadScenario(place, f"must be a table, not {shown(value)}")
    told = []
    for key, one in pairs:
        name = plain_text(key)
        if name is None:
            raise BadScenario(place, f"keys must be text, not {shown(key)}")
        told.append((name, one))
    return told


def text(value: Any, place: Place) -> str:
    """Return a text.

    Raises:
        BadScenario: it is none.
    """
    plain = plain_text(value)
    if plain is None:
        raise BadScenario(place, f"must be text, not {shown(value)}")
    return plain


def label(value: Any, place: Place) -> str:
    """Return a name.

    Raises:
        BadScenario: it is none.
    """
    plain = plain_label(value)
    if plain is None:
        raise BadScenario(place, f"must be a name, not {shown(value)}")
    return plain


def seconds(value: Any, place: Place) -> float:
    """Return a number of seconds.

    Raises:
        BadScenario: it is none from 0 to ``LONGEST_SECONDS``.
    """
    number = plain_number(value)
    if number is None or not 0 <= number <= LONGEST_SECONDS:
        raise BadScenario(place, f"must be a number of seconds from 0 to {LONGEST_SECONDS:.0f}, not {shown(value)}")
    return number


def moment(value: Any, place: Place) -> float:
    """Return a time in seconds since the epoch, from such a number or a date and time with its offset.

    Raises:
        BadScenario: it is neither.
    """
    number = plain_number(value)
    if number is not None:
        return number
    if type(value) is not datetime or value.tzinfo is None:
        wanted = "a date and time with its offset, such as 2026-01-01T08:00:00Z, or seconds since the epoch"
        raise BadScenario(place, f"must be {wanted}, not {value if type(value) is datetime else shown(value)}")
    return value.timestamp()


def listed(value: Any) -> list[Any] | None:
    """Return what is in a list, None when it is none."""
    return None if plain_items(value) is not None else plain_list(value)


def list_of(read: Read) -> Read:
    """Return what reads a list, each of its values as ``read`` does."""

    def read_all(value: Any, place: Place) -> list[Any]:
        values = listed(value)
        if values is None:
            raise BadScenario(place, f"must be a list, not {shown(value)}")
        return [read(one, (*place, number)) for number, one in enumerate(values)]

    return read_all


def one_or_more(read: Read) -> Read:
    """Return what reads a value, or a list of such; a list of one is the same as that one."""
    read_all = list_of(read)

    def read_any(value: Any, place: Place) -> Any:
        if listed(value) is None:
            return read(value, place)
        values = read_all(value, place)
        return values[0] if len(values) == 1 else values

    return read_any


def each(value: Any) -> list[Any]:
    """Return the values of what ``one_or_more`` has read."""
    return value if isinstance(value, list) else [value]
