"""Text that others have said, made plain: it moves no cursor, colors nothing, and stays in the line it is put in."""

from __future__ import annotations

from reprlib import Repr
from typing import Final

_LONGEST: Final = 500
"""Characters of somebody else's text that a line has room for."""

_BRIEF: Final = Repr()
_BRIEF.maxstring = _BRIEF.maxother = 80


def printable(text: str) -> str:
    """Text as any terminal, page or log takes it: what can't be printed is escaped, but for the ends of lines."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign == "\n" else _escaped(sign) for sign in text)


def in_a_line(text: str) -> str:
    """Text that is one line, and not too long for one."""
    return _cut(printable(" ".join(text.split())))


def in_lines(text: str) -> str:
    """Text with the lines it has, none of them too long for one."""
    return "\n".join(map(_cut, printable(text).splitlines()))


def shown(value: object) -> str:
    """A value that somebody wrote, in short, however large or deep it is."""
    try:
        return printable(_BRIEF.repr(value))
    except Exception as error:
        return f"a {type(value).__name__} that can't be shown ({type(error).__name__})"


def said(error: BaseException) -> str:
    """An exception of somebody else's, in a line; it may raise when it is asked for its text."""
    name = type(error).__name__
    try:
        text = str(error)
    except Exception as another:
        return f"{name} whose text raises {type(another).__name__}"
    return in_a_line(f"{name}: {text}" if text else name)


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}… ({len(line)} characters)"


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode()
