"""Text files that people hand in: what can't be read of one is told in a line that names it."""

from __future__ import annotations

import codecs
import json
import math
import os
import re
import stat
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from contract_tests.plain_text import in_a_line, shown

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

Read = TypeVar("Read")

MIB: Final = 1024 * 1024

DEEPEST: Final = 100
"""How deep JSON and TOML may be nested; what the suite writes is nested ten deep at most."""

_NO_KEY: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""' r"|'''.*?'''" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'" r"|\#[^\n]*", re.DOTALL
)
"""What stands in TOML beside bare keys and values: strings and comments."""

_DEEP_KEY: Final = re.compile(rf"(?:\.[ \t]*(?:[\w-]+|'')[ \t]*){{{DEEPEST}}}", re.ASCII)


class BadFile(Exception):
    """A file can't be read; the text is one line that names the file and says why."""


class Form(NamedTuple):
    """What a file is to be.

    Attributes:
        name: what it is called, such as ``TOML``.
        parse: makes something of its text; raises ValueError, TypeError or SyntaxError where that can't be done.
        largest: the most MiB it may have; what the suite writes is far smaller.
    """

    name: str
    parse: Callable[[str], Any]
    largest: int


def read(path: Path, form: Form) -> Any:
    """What a form makes of the text of a file.

    Raises:
        BadFile: it can't be opened, is no regular file, too large or no UTF-8, or the form makes nothing of it, as it
            is nested too deep say.
    """
    text = _text(path, form.largest)
    try:
        return form.parse(text)
    except (RecursionError, MemoryError) as error:
        raise _bad(path, f"is no {form.name}: it is nested too deep") from error
    except (ValueError, TypeError, SyntaxError) as error:
        raise _bad(path, f"is no {form.name}: {error}") from error


def json_from(text: str) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: it is no JSON, nested deeper than `DEEPEST`, or says what two readers may take for two things: a
            key twice, or a number that is none or that nothing can hold.
    """
    try:
        held = json.loads(text, object_pairs_hook=_object, parse_constant=_number, parse_float=_number)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    return within_depth(held)


def toml_from(text: str) -> dict[str, Any]:
    """The table of a TOML text.

    Raises:
        ValueError: it is no TOML, or nested deeper than `DEEPEST`; such keys are not even looked at, as that takes
            hours.
    """
    if _DEEP_KEY.search(_NO_KEY.sub("''", text)):
        raise ValueError("it is nested too deep")
    held: dict[str, Any] = within_depth(tomllib.loads(text))
    return held


JSON: Final = Form("JSON", json_from, 16)
TOML: Final = Form("TOML", toml_from, 1)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) < len(pairs):
        (twice, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"the key {shown(twice)} is given twice")
    return held


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{shown(text)} is no number that can be held")
    return number


def within_depth(held: Any) -> Any:
    """A value, if it is nested no deeper than `DEEPEST`.

    Raises:
        ValueError: it is.
    """
    level = [held]
    for _ in range(DEEPEST):
        level = [inner for value in level for inner in _within(value)]
    if level:
        raise ValueError("it is nested too deep")
    return held


def _within(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _text(path: Path, largest: int) -> str:
    try:
        held = _content(path, largest * MIB)
    except (OSError, ValueError) as error:
        raise _bad(path, f"can't be read: {getattr(error, 'strerror', None) or error}") from error
    if len(held) > largest * MIB:
        raise _bad(path, f"is larger than {largest} MiB; it is none that this suite wrote")
    if held.startswith(codecs.BOM_UTF8):
        raise _bad(path, "begins with a byte order mark; save it as UTF-8 without one")
    try:
        return held.decode()
    except UnicodeDecodeError as error:
        raise _bad(path, f"is no UTF-8: {error.reason} at byte {error.start}") from error


def _content(path: Path, most: int) -> bytes:
    """What a regular file holds, up to a byte more than ``most``; nothing else is waited for."""
    opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise ValueError("it is no regular file")
        return file.read(most + 1)


def _bad(path: Path, told: str) -> BadFile:
    return BadFile(f"{in_a_line(str(path))} {in_a_line(told)}")
