"""Values and texts without what differs from one run to the next: times, ports and folders become marks.

Orders that are those of sets are sorted.  All else stays, every sentence to its last letter.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["UUID", "Words", "is_time", "seconds_in", "sorted_as"]

UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_DURATION: Final = re.compile(r"(?:(\d+) days?, )?(\d+):(\d\d):(\d\d(?:\.\d+)?)")
"""How long a job ran, as its meta says it."""
_WHOLE: Final = (
    (_DURATION, "@duration"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+"), "@local"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+\d\d:\d\d|Z)?"), "@utc"),
)
"""What a text is as a whole -> its mark."""
_PARTS: Final = (
    (r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:", "@time:"),
    (r"\blocalhost on \d+:", "localhost on @port:"),
)
"""What is in a text -> what stands for it."""


class Words:
    """Turns what was seen into words.

    Args:
        folders: folders -> their marks; of two that fit, the one named first.
        parts: more patterns of what is in a text, each with what stands for it.
    """

    def __init__(self, folders: Mapping[str, str] = {}, parts: Sequence[tuple[str, str]] = ()) -> None:
        self._folders = folders
        self._parts = (*_PARTS, *parts)

    def value(self, value: Any, key: str = "") -> Any:
        """Return a value in words, however deep; ``key`` is what it is called where it is a part."""
        if isinstance(value, dict):
            return {name: self.value(item, name) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            items = [self.value(item) for item in value]
            # Clients come in the order they registered in, which differed from one start of a system to the next.
            return sorted(items, key=sorted_as) if key == "job_deploy_detail" or _are_clients(items) else items
        if is_time(value):
            return "@time"
        return self.text(value) if isinstance(value, str) else value

    def text(self, value: str) -> str:
        """Return a text in words."""
        for pattern, mark in _WHOLE:
            if pattern.fullmatch(value):
                return mark
        for folder, mark in self._folders.items():
            value = value.replace(folder, mark)
        for part, mark in self._parts:
            value = re.sub(part, mark, value)
        return value


def is_time(value: Any) -> bool:
    """Tell whether a value is a time in seconds since the epoch."""
    return isinstance(value, float) and value > 1e9


def sorted_as(item: Any) -> str:
    """Return what items of a list are sorted by whose order says nothing."""
    return item if isinstance(item, str) else json.dumps(item, sort_keys=True)


def seconds_in(text: str) -> float | None:
    """Return how long a job ran, as its meta says it, in seconds; None for another text."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    days, hours, minutes, seconds = found.groups()
    return int(days or 0) * 86_400 + int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _are_clients(items: list[Any]) -> bool:
    return all((isinstance(item, dict) and "client_name" in item) or str(item).startswith("site-") for item in items)
