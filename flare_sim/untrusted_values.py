"""Reads values that a caller handed over, without running any code of theirs.

Such a value may lie about itself: a subclass that overrides ``lower`` or ``__hash__``, properties that raise,
megabytes of text, lone surrogates.  Everything here goes through the built-in types' own methods, so none of that
runs, and what comes back is plain, short and printable.  ``isinstance`` is for values of our own: it asks a value for
its ``__class__``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

__all__ = [
    "plain_bytes",
    "plain_items",
    "plain_label",
    "plain_list",
    "plain_name",
    "plain_number",
    "plain_path",
    "plain_text",
    "readable",
    "shown",
    "shown_names",
    "shown_path",
]

MOST_LETTERS = 1000
"""The name of somebody or something is no longer."""
MOST_ITEMS = 1_000_000
"""Nothing that somebody hands over has more parts."""
_SHOWN_LENGTH = 80
_DEEPEST = 3
_MOST_NAMED = 10
_LONGEST_PATH = 4096
_type_name = type.__dict__["__name__"].__get__
_type_order = type.__dict__["__mro__"].__get__


def plain_text(value: Any) -> str | None:
    """Return ``value`` as an exact ``str``, None when it is not text at all."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    return str.__str__(value) if issubclass(kind, str) else None


def plain_label(value: Any) -> str | None:
    """Return what somebody or something is called as an exact ``str``, None when nobody can be called so."""
    text = plain_text(value)
    return text if text and len(text) <= MOST_LETTERS else None


def plain_number(value: Any) -> int | float | None:
    """Return ``value`` as an exact ``int`` or ``float``, None when it is neither (a bool is neither)."""
    kind = type(value)
    if kind is int or kind is float:
        return value  # type: ignore[no-any-return]
    if kind is bool:
        return None
    if issubclass(kind, int):
        return int.__int__(value)
    return float.__float__(value) if issubclass(kind, float) else None


def plain_bytes(value: Any) -> bytes | None:
    """Return ``value`` as exact ``bytes``, None when it is no bytes, bytearray or memoryview."""
    kind = type(value)
    if kind is bytes:
        return value  # type: ignore[no-any-return]
    if issubclass(kind, bytes):
        return bytes.__getitem__(value, slice(None))
    if issubclass(kind, bytearray):
        return bytes(bytearray.__getitem__(value, slice(None)))
    try:
        return bytes(value) if kind is memoryview else None
    except ValueError:  # it was released
        return None


def plain_list(value: Any) -> list[Any] | None:
    """Return what is in ``value``, as it is, in a list.

    Returns:
        None when it is text, or bytes, or nothing that can be gone through: what is no collection of Python's own is
        asked, and may raise, or have no end.
    """
    kind = type(value)
    for known in (list, tuple, dict, set, frozenset):
        if issubclass(kind, known):
            return list(known.__iter__(value))
    if issubclass(kind, (str, bytes, bytearray)):
        return None
    return _asked(value)


def plain_items(value: Any) -> list[tuple[Any, Any]] | None:
    """Return the (key, value) pairs of a mapping, as they are; None when it is none.

    One that is no dict is asked, which may be in vain.
    """
    kind = type(value)
    if issubclass(kind, dict):
        return list(dict.items(value))
    if kind is not MappingProxyType and not any(base is Mapping for base in _type_order(kind)):
        return None
    pairs = _asked(value, pairs=True)
    if pairs is None or any(type(pair) is not tuple or len(pair) != 2 for pair in pairs):
        return None
    return pairs


def plain_path(value: Any) -> str | None:
    """Return a path as an exact ``str``, None when it is neither text nor one of ``pathlib``'s own."""
    text = plain_text(value)
    pathlib: Any = sys.modules.get("pathlib")
    if text is not None or pathlib is None:
        return text
    own = (pathlib.PosixPath, pathlib.WindowsPath, pathlib.PurePosixPath, pathlib.PureWindowsPath)
    return plain_text(str(value)) if any(type(value) is kind for kind in own) else None


def plain_name(value: Any) -> str:
    """Return the name of ``value``'s type, for a message."""
    return readable((plain_text(_type_name(type(value))) or "")[:_SHOWN_LENGTH])


def shown(value: Any) -> str:
    """Return ``value`` for a message: short, text quoted, lists and dicts with what is in them, else only its type."""
    text = plain_text(value)
    return _shown_other(value, _DEEPEST) if text is None else _quoted(text, _SHOWN_LENGTH)


def shown_names(names: Collection[Any]) -> str:
    """Return names for a message, with commas between them: the first few, and how many there are besides."""
    first = ", ".join(map(shown, islice(names, _MOST_NAMED)))
    return f"{first} and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else first


def shown_path(path: str) -> str:
    """Return a path for a message, quoted, and whole unless no file can be called so."""
    return _quoted(path, _LONGEST_PATH)


def readable(text: str) -> str:
    """Return text for a line of output as it is, except that what is not printable is escaped, a byte as a byte."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def _asked(value: Any, *, pairs: bool = False) -> list[Any] | None:
    try:
        listed = list(islice(value.items() if pairs else value, MOST_ITEMS + 1))
    except Exception:  # noqa: BLE001  (it is the caller's code that may raise here)
        return None
    return listed if len(listed) <= MOST_ITEMS else None


def _quoted(text: str, most: int) -> str:
    if len(text) > most:
        return f"{_quoted(text[:most], most)}... ({len(text)} characters)"
    mark = '"' if "'" in text else "'"
    return f"{mark}{readable(text)}{mark}"


def _shown_other(value: Any, depth: int) -> str:
    number = plain_number(value)
    if type(number) is float or (number is not None and -(10**20) < number < 10**20):
        return repr(number)
    if value is None or value is True or value is False:
        return str(value)
    if type(value) is list:
        return f"[{_listed(_shown_part(item, depth) for item in value) if depth else '...' if value else ''}]"
    if type(value) is dict:
        items = (f"{_shown_part(key, depth)}: {_shown_part(item, depth)}" for key, item in value.items())
        return f"{{{_listed(items) if depth else '...' if value else ''}}}"
    return f"a value of type {plain_name(value)}"


def _shown_part(value: Any, depth: int) -> str:
    return _shown_other(value, depth - 1) if plain_text(value) is None else shown(value)


def _listed(parts: Iterable[str]) -> str:
    """Return parts with commas between them, as many as a message has room for."""
    listed: list[str] = []
    for part in parts:
        if sum(map(len, listed)) + len(part) > _SHOWN_LENGTH:
            return ", ".join([*listed, "..."])
        listed.append(part)
    return ", ".join(listed)


def _escaped(letter: str) -> str:
    code = ord(letter)
    # How Python keeps a byte of a file's name that is no UTF-8.
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else letter.encode("unicode_escape").decode()
