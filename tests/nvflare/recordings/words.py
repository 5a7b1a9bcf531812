"""Values and texts in the words of a recording: without what differs from one run to the next.

Ids, times, ports and folders become marks, and orders that are those of sets are sorted.  All else stays, every
sentence to its last letter.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

__all__ = ["KEPT_IDS", "UUID", "Words"]

UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
KEPT_IDS: Final = ("00000000-0000-0000-0000-000000000000", "5560fb71-258f-4788-b3f3-025f9cc3752f")
"""Ids that are said in calls, and are nobody's."""

_WHOLE: Final = (
    (r"(\d+ days?, )?\d+:\d\d:\d\d(\.\d+)?", "@duration"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+", "@local"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+\d\d:\d\d|Z)?", "@utc"),
)
"""What a text is as a whole -> its mark."""
_PARTS: Final = (
    (r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:", "@time:"),
    (r"\blocalhost on \d+:", "localhost on @port:"),
    (r"(?m)^optional arguments:$", "options:"),  # as Python 3.10 calls them
    (r"\b(?:\w+\.)+(\w+\(\) (?:got|missing|takes) )", r"\1"),  # Python 3.10 names the class, and 3.8 did not
)
"""What is in a text -> what stands for it."""


class Words:
    """Turns what was seen into words.

    Args:
        folders: folders -> their marks; of two that fit, the one named first.
    """

    def __init__(self, folders: dict[str, str]) -> None:
        self._folders = folders

    def value(self, value: Any, key: str = "") -> Any:
        """A value, however deep; ``key`` is what it is called where it is a part."""
        if isinstance(value, dict):
            return {name: self.value(item, name) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            items = [self.value(item) for item in value]
            # Clients come in the order they registered in, which differed from one start of a system to the next.
            return sorted(items, key=_sorted_as) if key == "job_deploy_detail" or _are_clients(items) else items
        if isinstance(value, float) and value > 1e9:
            return "@time"
        return self.text(value) if isinstance(value, str) else value

    def text(self, value: str) -> str:
        """A text."""
        for pattern, mark in _WHOLE:
            if re.fullmatch(pattern, value):
                return mark
        for folder, mark in self._folders.items():
            value = value.replace(folder, mark)
        for pattern, mark in _PARTS:
            value = re.sub(pattern, mark, value)
        return UUID.sub(lambda found: found[0] if found[0].lower() in KEPT_IDS else "@id", value)


def _sorted_as(item: Any) -> str:
    return item if isinstance(item, str) else json.dumps(item, sort_keys=True)


def _are_clients(items: list[Any]) -> bool:
    return all((isinstance(item, dict) and "client_name" in item) or str(item).startswith("site-") for item in items)
