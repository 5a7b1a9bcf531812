"""Few inputs of a check, for trying it on a system of which something is known: where the system went wrong before.

A fault that shows on the eleventh job, say, breaks most of what it breaks on the eleventh job.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from contract_tests.checks import check_called
from contract_tests.checks.registry import Check
from contract_tests.runner import combinations, hypothesis_settings

_DRAWS: Final = 3
"""Hypothesis draws the plainest inputs first; the last of three are like any."""


def sample(check: Check, like: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    """Two of a check's inputs, or the only ones: those that have most in common with ``like``, and the plainest."""
    listed = _listed(check.id)
    nearest = max(listed, key=lambda inputs: _in_common(inputs, like))
    drawn = _drawn(check.id, seed) if check.inputs else {}
    return [{**inputs, **drawn} for inputs in ([nearest] if nearest is listed[0] else [nearest, listed[0]])]


@cache
def _listed(check_id: str) -> list[dict[str, Any]]:
    return combinations(check_called(check_id))


def _in_common(inputs: Mapping[str, Any], like: Mapping[str, Any]) -> int:
    """How many values are the same, under the same name or, of words, under any."""
    words = [value for value in like.values() if isinstance(value, str)]
    return sum(value == like.get(name, inputs) or value in words for name, value in inputs.items())


@cache
def _drawn(check_id: str, seed: int) -> dict[str, Any]:
    from hypothesis import given
    from hypothesis import seed as seeded

    drawn: dict[str, Any] = {}

    @given(**{name: domain.strategy() for name, domain in check_called(check_id).inputs.items()})
    def note(**inputs: Any) -> None:
        drawn.update(inputs)

    seeded(seed)(hypothesis_settings(_DRAWS)(note))()
    return drawn
