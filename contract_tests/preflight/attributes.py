"""What a System says of itself in numbers and names, and what each of them has to be."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from numbers import Real
from typing import Any, Final, NamedTuple

from contract_tests.plain_text import said, shown
from contract_tests.system.system import System


class Wrong(NamedTuple):
    """An attribute that makes no sense, and what would."""

    told: str
    wanted: str


def _real(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _above(value: Any) -> bool:
    return _real(value) and value > 0


def _finite(value: Any) -> bool:
    return _above(value) and math.isfinite(value)


def _from(value: Any) -> bool:
    return _real(value) and value >= 0


def _count(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0)


def _name(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _names(value: Any) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str) and all(isinstance(name, str) for name in value)


_SECONDS: Final = "a number of seconds above 0"
_HAS_TO_BE: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "time_unit": (_finite, _SECONDS),
    "tolerance": (_from, "a number of seconds from 0"),
    "patience": (_above, _SECONDS),
    "longest": (_above, _SECONDS),
    "call_limit": (_finite, _SECONDS),
    "download_limit": (_from, "a number of bytes"),
    "examples": (_count, "a positive whole number, or None"),
    "combinations": (_count, "a positive whole number, or None"),
    "users": (_names, "a tuple of names"),
    "client_names": (_names, "a tuple of names"),
    "restricted_user": (_name, "a name, or None"),
    "unknown_user": (_name, "a name, or None"),
}


def wrong(system: System) -> Wrong | None:
    """The first attribute of a system that makes no sense, None where all do."""
    for name, (fits, wanted) in _HAS_TO_BE.items():
        told = _amiss(system, name, fits)
        if told:
            return Wrong(f"{name} {told}", f"{name}, {wanted}")
    return None


def _amiss(system: System, name: str, fits: Callable[[Any], bool]) -> str:
    try:
        value = getattr(system, name)
        return "" if fits(value) else f"is {shown(value)}"
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return f"can't be read: {said(error)}"
