"""Values that lie about themselves."""

from __future__ import annotations

from typing import Any

__all__ = ["Lying", "LyingFloat", "LyingInt", "Nothing"]


class Lying(str):
    """Text whose every method lies."""

    __slots__ = ()

    def __str__(self) -> str:
        raise AssertionError("ran the value's code")

    __repr__ = __len__ = __getitem__ = __eq__ = lower = __str__  # type: ignore[assignment]

    def __hash__(self) -> int:
        raise AssertionError("ran the value's code")


class LyingFloat(float):
    """A number whose every method lies."""

    def __float__(self) -> float:
        raise AssertionError("ran the value's code")

    __repr__ = __lt__ = __eq__ = __float__  # type: ignore[assignment]
    __hash__ = float.__hash__


class LyingInt(int):
    """A whole number that says it is another."""

    def __int__(self) -> int:
        return 99

    __index__ = __int__


class Nothing:
    """An object that can't even be looked at."""

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """Raise."""
        raise AssertionError("ran the value's code")

    def __repr__(self) -> str:
        raise AssertionError("ran the value's code")
