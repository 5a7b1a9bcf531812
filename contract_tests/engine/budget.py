"""A budget of real time for a whole run: when it is used up nothing more is tried, and that is said."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

Made = TypeVar("Made")


class OutOfTime(Exception):
    """Raised instead of making one more system to try something on."""


def within(seconds: float | None, factory: Callable[[], Made]) -> Callable[[], Made]:
    """The factory as it is for ``seconds`` of real time from now, None for ever; after that it raises `OutOfTime`."""
    if seconds is None:
        return factory
    end = monotonic() + seconds

    def made() -> Made:
        if monotonic() >= end:
            raise OutOfTime(f"the budget of {seconds:g} s is used up")
        return factory()

    return made
