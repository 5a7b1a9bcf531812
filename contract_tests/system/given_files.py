"""Text files that people hand in: what can't be read of one is told in a line that names it."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

Read = TypeVar("Read")

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of the largest file that is read; what the suite writes is far smaller."""

DEEPEST: Final = 100
"""How deep JSON may be nested; what the suite writes is nested ten deep at most."""


class BadFile(Exception):
    """A file can't be read; the text is one line that names the file and says why."""


def read(path: Path, parse: Callable[[str], Read], what: str) -> Read:
    """What ``parse`` makes of the text of a file; ``what`` says what it is to be, such as ``TOML``.

    Raises:
        BadFile: it can't be opened, is too large, is no UTF-8, or ``parse`` makes nothing of it: it raises ValueError,
            TypeError or SyntaxError, or gives up as the text is nested too deep.
    """
    text = _text(path)
    try:
        return parse(text)
    except (RecursionError, MemoryError) as error:
        raise BadFile(f"{path} is no {what}: it is nested too deep") from error
    except (ValueError, TypeError, SyntaxError) as error:
        raise BadFile(f"{path} is no {what}: {' '.join(str(error).split())}") from error


def json_from(text: str) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: it is no JSON, or nested deeper than `DEEPEST`.
    """
    try:
        held = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
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


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            held = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise BadFile(f"{path} can't be read: {getattr(error, 'strerror', None) or error}") from error
    if len(held) > LARGEST:
        raise BadFile(f"{path} is larger than {LARGEST // 1024**2} MiB; it is none that this suite wrote")
    if held.startswith(codecs.BOM_UTF8):
        raise BadFile(f"{path} begins with a byte order mark; save it as UTF-8 without one")
    try:
        return held.decode()
    except UnicodeDecodeError as error:
        raise BadFile(f"{path} is no UTF-8: {error.reason} at byte {error.start}") from error
