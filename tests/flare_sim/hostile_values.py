"""Values that lie about themselves, or are the wrong ones, and a note of whether any code of theirs ran."""

from __future__ import annotations

import enum
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "HOSTILE",
    "RAN",
    "Lying",
    "LyingBytes",
    "LyingDict",
    "LyingFloat",
    "LyingInt",
    "LyingKey",
    "LyingList",
    "Nothing",
    "Reluctant",
]

RAN: list[str] = []
"""What of the values below ran; nothing does, if they are treated as they should be."""


def _noted(name: str) -> Callable[..., Any]:
    def run(*_: object, **__: object) -> Any:
        RAN.append(name)
        raise AssertionError("ran the value's code")

    return run


def _lies(*names: str) -> dict[str, Any]:
    """Special methods that note that they ran, and raise."""
    return {f"__{name}__": _noted(name) for name in names}


_COMPARED = ("eq", "ne", "lt", "le", "gt", "ge", "bool", "format", "repr", "str")
_NUMBER = (*_COMPARED, "hash", "int", "float", "index", "floordiv", "sub", "mul", "neg", "abs", "round", "trunc")
_HELD = (*_COMPARED, "len", "getitem", "iter", "contains", "reversed", "add", "mul")
_PATH = ("fspath", "bytes")

Lying: Any = type("Lying", (str,), _lies(*_HELD, *_PATH, "hash", "mod"))
"""Text whose every method lies."""
LyingKey: Any = type("LyingKey", (str,), {**_lies(*_HELD, *_PATH), "__hash__": str.__hash__})
"""Text that can be put into a dict, and lies otherwise."""
LyingInt: Any = type("LyingInt", (int,), _lies(*_NUMBER))
"""A whole number whose every method lies."""
LyingFloat: Any = type("LyingFloat", (float,), _lies(*_NUMBER))
"""A number whose every method lies."""
LyingBytes: Any = type("LyingBytes", (bytes,), _lies(*_HELD, "hash", "bytes", "buffer"))
"""Bytes whose every method lies."""
LyingList: Any = type("LyingList", (list,), _lies(*_HELD))
"""A list whose every method lies."""
LyingDict: Any = type("LyingDict", (dict,), {**_lies(*_HELD), "items": _noted("items"), "keys": _noted("keys")})
"""A dict whose every method lies."""
Nothing: Any = type(
    "Nothing",
    (),
    {**_lies(*_NUMBER, *_PATH, "len", "getattr"), "__class__": property(_noted("class"))},
)
"""An object that can't even be looked at."""
Reluctant: Any = type("Reluctant", (), {**_lies(*_COMPARED, *_PATH, "hash"), "__iter__": lambda _: 1 / 0})
"""An object that says it can be gone through, and then raises."""


class _Word(str, enum.Enum):
    LEAD = "lead"


def _nested(depth: int) -> list[Any]:
    nested: list[Any] = []
    for _ in range(depth):
        nested = [nested]
    return nested


def _released() -> memoryview:
    view = memoryview(b"x")
    view.release()
    return view


def _endless() -> Iterator[str]:
    while True:
        yield "site"


HOSTILE: dict[str, Callable[[], Any]] = {
    "a lying str": lambda: Lying("abc"),
    "a lying empty str": lambda: Lying(""),
    "a lying int": lambda: LyingInt(3),
    "a lying float": lambda: LyingFloat(2.5),
    "lying bytes": lambda: LyingBytes(b"x"),
    "a lying list": lambda: LyingList(["a"]),
    "a lying dict": lambda: LyingDict(a=1),
    "a dict of lies": lambda: {LyingKey("a"): Lying("b"), "b": Nothing()},
    "a list of lies": lambda: [Lying("a"), Nothing()],
    "an object that lies": Nothing,
    "an object that is no collection": Reluctant,
    "the class of one": lambda: type("Meta", (type,), {"__name__": property(_noted("name"))})("Odd", (), {}),
    "None": lambda: None,
    "True": lambda: True,
    "-1": lambda: -1,
    "a googol": lambda: 10**400,
    "minus a googol": lambda: -(10**400),
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "-inf": lambda: -float("inf"),
    "1.7e308": lambda: 1.7e308,
    "1j": lambda: 1j,
    "a Decimal": lambda: Decimal(1),
    "a Fraction": lambda: Fraction(1),
    "b'x'": lambda: b"x",
    "a bytearray": lambda: bytearray(b"x"),
    "a view of nothing": _released,
    "''": lambda: "",
    "a blank": lambda: " ",
    "a nul": lambda: "\0",
    "half a letter": lambda: "\ud800",
    "lines": lambda: "a\nb\x1b[2J",
    "a way out": lambda: "../../x",
    "a long text": lambda: "x" * 100_000,
    "[]": list,
    "a deep list": lambda: _nested(5000),
    "{}": dict,
    "a set": lambda: {1},
    "no end": _endless,
    "an object": object,
    "a type": lambda: int,
    "a function": lambda: list,
    "a word of an enum": lambda: _Word.LEAD,
    "a path": lambda: Path("no/such/path"),
    "an exception": lambda: ValueError(Nothing()),
}
"""What nobody should have handed over, by what it is called here; most are made anew each time."""
