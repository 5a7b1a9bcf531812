"""Reads values that a caller handed over, without running any code of theirs.

Such a value may lie about itself: a subclass that overrides ``lower`` or ``__hash__``, properties that raise,
megabytes of text, lone surrogates.  Everything here goes through the built-in types' own methods, so none of that
runs, and what comes back is plain, short and printable.
"""

from __future__ import annotations

from typing import Any

__all__ = ["plain_name", "plain_number", "plain_text", "readable", "shown"]

_SHOWN_LENGTH = 80
_type_name = type.__dict__["__name__"].__get__


def plain_text(value: Any) -> str | None:
    """Return ``value`` as an exact ``str``, None when it is not text at all."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    return str.__str__(value) if issubclass(kind, str) else None


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


def plain_name(value: Any) -> str:
    """Return the name of ``value``'s type."""
    return str(_type_name(type(value)))


def shown(value: Any) -> str:
    """Return ``value`` for a message: short, quoted when it is text, only its type when it is anything else."""
    text = plain_text(value)
    if text is None:
        number = plain_number(value)
        if type(number) is float or (number is not None and -(10**20) < number < 10**20):
            return repr(number)
        return "None" if value is None else f"a value of type {plain_name(value)[:_SHOWN_LENGTH]}"
    if len(text) > _SHOWN_LENGTH:
        return f"{text[:_SHOWN_LENGTH]!r}... ({len(text)} characters)"
    return repr(text)


def readable(text: str) -> str:
    """Return text for a line of output as it is, except that what is not printable is escaped, a byte as a byte."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def _escaped(letter: str) -> str:
    code = ord(letter)
    # How Python keeps a byte of a file's name that is no UTF-8.
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else letter.encode("unicode_escape").decode()
