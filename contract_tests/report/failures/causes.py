"""Failures by their cause: what comes from the same stands together, under a line that says what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from contract_tests.contract.interface import EXCEPTIONS, RETURN_CODES
from contract_tests.engine.check_result import CheckResult, Origin
from contract_tests.engine.report import ClauseReport

_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"|\{.*\}|\[.*\]|<.*>")
_NUMBER: Final = re.compile(r"(?<![A-Za-z_])\d[\d.:]*|(?<=job)\d+|…")


ALONE: Final = "each of its own"
"""The head of failures that share their cause with no other."""


class Cause(NamedTuple):
    """Failures that have one cause.

    Attributes:
        head: what the cause is, in a line; ``each of its own`` for those that share theirs with no other, and nothing
            where none do.
        failures: the clauses, at least one.
    """

    head: str
    failures: list[ClauseReport]


def by_cause(failures: Iterable[ClauseReport]) -> list[Cause]:
    """Failures by their cause, the causes of most of them first; each of them once, and in its order.

    What shares its cause with no other comes last.
    """
    found: dict[str, list[ClauseReport]] = {}
    for failure in failures:
        found.setdefault(cause_of(failure.deciding), []).append(failure)
    shared = [Cause(head, failed) for head, failed in found.items() if len(failed) > 1]
    alone = [failed[0] for failed in found.values() if len(failed) == 1]
    rest = [Cause(ALONE if shared else "", alone)] if alone else []
    return sorted(shared, key=lambda cause: -len(cause.failures)) + rest


def cause_of(result: CheckResult) -> str:
    """What a failure comes from, in words that are the same for all that come from it.

    The first that can be said: a module whose exceptions have the interface's names alone; a line of the implementer's
    code and what it raised, else the method that raised it; an exception of the interface that is not raised; a method,
    with the kind of what was expected of it and of what was observed.
    """
    origin = Origin(*result.origin) if result.origin else Origin("", "", "", "")
    expected = _kind(result.expected.partition(",")[0])
    observed = _kind(result.observed or result.message.partition("\n")[0])
    for name, module, _ in result.namesakes:
        if name == origin.what:
            return f"exceptions of the module {module} that have no more than the interface's names"
    if origin.place:
        return f"{origin.what}, raised at {origin.place}"
    if origin.kind == "raised":
        return f"{origin.what}, raised by {origin.method}" if origin.method else f"{origin.what} is raised"
    if origin.kind == "returned" and expected in EXCEPTIONS:
        return f"{expected} is not raised"
    if origin.kind == "returned":
        observed = "returned None" if origin.what == "NoneType" else f"returned a value of type {origin.what}"
    elif origin.kind == "hung":
        observed = "did not come back"
    told = f"expected {expected}; observed {observed}" if expected else observed
    return f"{origin.method}: {told}" if origin.method else told or str(result.verdict)


def _kind(text: str) -> str:
    """What of a text is the same for its kind: a name of the interface's that it begins with, or all but the values."""
    first = text.partition(" ")[0]
    if first in EXCEPTIONS:
        return first
    if first in RETURN_CODES or text == "a MonitorReturnCode":
        return "a MonitorReturnCode"
    return _NUMBER.sub("…", _QUOTED.sub("…", text))
