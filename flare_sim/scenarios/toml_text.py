"""Scenarios as TOML: reads and writes the text, and finds the line in which something is said."""

from __future__ import annotations

import re
import sys
from datetime import datetime, timezone
from functools import reduce
from operator import getitem
from typing import TYPE_CHECKING, Any

from flare_sim.disk.opening import NotRegular, open_regular
from flare_sim.jobs.behavior import JobBehavior

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flare_sim.scenarios.values import Place

__all__ = ["parsed", "plain", "read_text", "with_line", "written"]

MOST_BYTES = 1 << 20
"""No scenario is larger."""
_PLACE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")
"""How Python's parser says where it stopped."""
_DEEPEST = 100
"""No key has more parts: Python's parser takes hours for some thousands."""
_NO_KEY = re.compile(
    r'"""(?:\\.|[^\\])*?"""' r"|'''.*?'''" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'" r"|\#[^\n]*", re.DOTALL
)
"""Strings and comments."""
_DEEP_KEY = re.compile(rf"(?:\.[ \t]*(?:[\w-]+|'')[ \t]*){{{_DEEPEST}}}", re.ASCII)


def read_text(path: str) -> str:
    """Return the text of a file.

    Raises:
        ValueError: it cannot be read, is no file, larger than 1 MiB, or no UTF-8.
    """
    try:
        number, _ = open_regular(path)
        with open(number, "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except NotRegular as problem:
        raise ValueError(f"it is {problem.what}, and not a file") from None
    except (OSError, ValueError) as problem:
        raise ValueError(f"it cannot be read: {getattr(problem, 'strerror', None) or problem}") from None
    if len(content) > MOST_BYTES:
        raise ValueError(f"it is larger than {MOST_BYTES} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError as problem:
        line = content.count(10, 0, problem.start) + 1
        raise ValueError(f"line {line}: it is no UTF-8") from None


def parsed(text: str) -> dict[str, Any]:
    """Return what a text says.

    Raises:
        ValueError: it is no TOML; the message tells the line.
    """
    if _DEEP_KEY.search(_NO_KEY.sub("''", text)):
        raise ValueError("it is no TOML that can be read: it is nested too deep")
    try:
        said: dict[str, Any] = tomllib.loads(text)
    except (RecursionError, MemoryError):
        raise ValueError("it is no TOML that can be read: it is nested too deep") from None
    except ValueError as problem:  # of a number that is too long as well
        found = _PLACE.search(str(problem))
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        raise ValueError(f"line {line}: it is no TOML: {_PLACE.sub('', str(problem))}") from None
    return said


def with_line(text: str, place: Place, problem: str) -> str:
    """Return what is wrong at a place of a text, with the line in which that begins."""
    line = line_of(text, place)
    return f"line {line}: {problem}" if line else problem


def line_of(text: str, place: Place) -> int | None:
    """Return the number of the line in which a value begins, None when nothing of its place is said anywhere.

    The first lines of a text are TOML, too, when they end with a value.  The fewest of these that have the value end
    where it does, and it begins in the line after those that are the next fewer.
    """
    lines = text.splitlines()
    while place and not _says(lines, place):
        place = place[:-1]
    if not place:
        return None
    without, having = 0, len(lines)
    while True:
        middle = _end_of_value(lines, (without + having) // 2, without, having)
        if middle is None:
            return without + 1
        if _says(lines[:middle], place):
            having = middle
        else:
            without = middle


def _end_of_value(lines: list[str], near: int, low: int, high: int) -> int | None:
    """Return how many lines between two numbers end with a value, near to a third; None when there are none."""
    after = (count for count in range(max(near, low + 1), high) if _parsed(lines[:count]) is not None)
    before = (count for count in range(min(near, high - 1), low, -1) if _parsed(lines[:count]) is not None)
    return next(after, None) or next(before, None)


def _parsed(lines: list[str]) -> dict[str, Any] | None:
    try:
        said: dict[str, Any] = tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return None
    return said


def _says(lines: list[str], place: Place) -> bool:
    try:
        reduce(getitem, place, _parsed(lines))  # type: ignore[arg-type]
    except (IndexError, KeyError, TypeError):
        return False
    return True


def written(mapping: Mapping[str, Any]) -> str:
    """Return the text of what a scenario says."""
    import tomli_w

    start = mapping.get("start")
    if start is not None:
        mapping = {**mapping, "start": datetime.fromtimestamp(start, timezone.utc)}
    text = tomli_w.dumps(mapping, multiline_strings=True)
    return text if parsed(text) == mapping else tomli_w.dumps(mapping)  # such strings have one kind of line


def plain(value: Any) -> Any:
    """Return a value as TOML and JSON have it.

    Raises:
        ValueError: it holds what is no text.
    """
    if isinstance(value, JobBehavior):
        return _plain_behavior(value)
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        known = type(value)()
        return {key: one for key, one in value._asdict().items() if one != getattr(known, key)}
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


def _plain_behavior(behavior: JobBehavior) -> dict[str, Any]:
    from flare_sim.jobs.outputs import metrics_as_given

    told: dict[str, Any] = {}
    for key, value in behavior._asdict().items():
        if value is None:
            continue
        if key in ("result_files", "round_files"):
            told[key] = {path: _text(path, content) for path, content in value}
        elif key == "timed_files":
            told[key] = [[seconds, path, _text(path, content)] for seconds, path, content in value]
        elif key == "metrics" and not isinstance(value, str):
            told[key] = metrics_as_given(value)
        else:
            told[key] = plain(value)
    return told


def _text(path: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise ValueError(f"{path} holds bytes that are no text, which no scenario file can hold") from None
