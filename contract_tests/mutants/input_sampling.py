"""Which few inputs of a check are tried on a variant, where trying all of them on every variant would take too long.

A mutant that shows on the eleventh job, say, breaks most of what it breaks on the eleventh job; conforming variants,
of which there are many, share out the inputs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import check_called, checks_of
from contract_tests.engine.search import combinations, drawn
from contract_tests.scenario.check import Check

_DRAWS: Final = 3
"""Hypothesis draws the plainest inputs first; the last of three are like any."""

_EACH_TURN: Final = 1

_OF_A_CLAUSE, _OF_A_RELATED_ONE = 1, 2
"""How many checks of a clause are tried where few are: more where it is about the same as the one that is broken."""


def nearest(check: Check, like: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Of all that a check lists to be tried, the inputs that have most in common with ``like``."""
    return {**_nearest(check.id, json.dumps(like)), **_drawn(check, seed)}


def likeliest(clause: str, like: Mapping[str, Any], broken: str) -> list[Check]:
    """Of the checks of a clause that are no walks or machines, the few whose inputs have most in common with ``like``.

    ``broken`` is the clause of which is known that those inputs break it. Of checks that are alike it is the first.
    """
    text, most = json.dumps(like), _OF_A_RELATED_ONE if _part(clause) == _part(broken) else _OF_A_CLAUSE
    return sorted(_plain(clause), key=lambda check: -_in_common(_nearest(check.id, text), like))[:most]


def _part(clause: str) -> str:
    return CATALOGUE[clause].part


@cache
def _plain(clause: str) -> tuple[Check, ...]:
    return tuple(check for check in checks_of(clause) if not check.kind)


@cache
def _nearest(check_id: str, like: str) -> dict[str, Any]:
    inputs = json.loads(like)
    return max(_listed(check_id), key=lambda listed: _in_common(listed, inputs))


def in_turn(check: Check, turn: int, seed: int) -> list[dict[str, Any]]:
    """Some of all that a check lists, other ones each turn, so that after some turns all of them were tried."""
    listed = _listed(check.id)
    places = range(turn * _EACH_TURN, (turn + 1) * _EACH_TURN)
    return [{**listed[place % len(listed)], **_drawn(check, seed)} for place in places[: len(listed)]]


@cache
def _listed(check_id: str) -> list[dict[str, Any]]:
    return combinations(check_called(check_id))


def _in_common(inputs: Mapping[str, Any], like: Mapping[str, Any]) -> int:
    """How many values are the same, under the same name or, of words, under any."""
    words = [value for value in like.values() if isinstance(value, str)]
    return sum(value == like.get(name, inputs) or value in words for name, value in inputs.items())


def _drawn(check: Check, seed: int) -> dict[str, Any]:
    return (drawn(check, _DRAWS, seed) or [{}])[-1]
