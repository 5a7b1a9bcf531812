"""What sessions have handed out: it belongs to the caller, who may do with it as they like.

So the caller writes a mark into every meta, every entry of a list and every part of system info as it comes. No later
one may have a mark already, and in the end each must still have its own: whoever hands out one thing twice, refreshed
or not, is found out.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from contract_tests.sequences.model.jobs import Disagreement

_MARK: Final = "written_by_the_caller"


class Handouts:
    """The metas, lists and system infos that were handed out, marked."""

    def __init__(self) -> None:
        self._marked: list[tuple[Any, list[int]]] = []
        self._number = 0

    def take(self, value: Any) -> None:
        """Mark a value that has just been handed out.

        Raises:
            Disagreement: there is a mark in it.
        """
        parts = _parts(value)
        if any(map(_mark, parts)):
            raise Disagreement("a value of the caller's own", "it has in it what the caller wrote into an earlier one")
        self._number += 1
        for part in parts:
            with suppress(Exception):  # what can't be written into is told as it is
                part.__setitem__(_MARK, self._number) if isinstance(part, dict) else setattr(part, _MARK, self._number)
        self._marked.append((value, [_mark(part) for part in parts]))

    def stay(self) -> None:
        """The assertion that all are as the caller left them.

        Raises:
            Disagreement: one is not.
        """
        for value, marks in self._marked:
            if [_mark(part) for part in _parts(value)] != marks:
                kind = type(value).__name__
                raise Disagreement(f"a {kind} that was handed out to stay as the caller left it", "it was changed")


def _parts(value: Any) -> list[Any]:
    """The dicts and objects that a value is made of."""
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        return [entry for entry in value if isinstance(entry, dict)]
    if hasattr(value, "client_info"):
        return [value.server_info, *value.client_info, *value.job_info]
    return []


def _mark(part: Any) -> int:
    """The number that is written into a part; 0 where there is none."""
    found = part.get(_MARK, 0) if isinstance(part, dict) else getattr(part, _MARK, 0)
    return found if isinstance(found, int) else 0
