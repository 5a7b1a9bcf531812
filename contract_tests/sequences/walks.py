"""Walks: drawn sequences of calls, at every point of which an invariant is looked at.

A promise that speaks of every job, every list or every answer has to hold whatever was done before, by whom, and
whoever looks. A walk begins with a lively server, so that there are jobs in many states, and goes on at random.
"""

from __future__ import annotations

import random  # noqa: TID251 - a walk is drawn from the seed of the run, and from nothing else
from collections.abc import Callable
from typing import Any, Final

from contract_tests.sequences.player import PLANS

_FIRST_SLEEP: Final[list[Any]] = ["sleep", 8.0]

START: Final[tuple[list[Any], ...]] = (
    ["submit", 0, "waits"],
    ["submit", 2, "long"],
    ["submit", 1, "short"],
    ["submit", 3, "waits"],
    ["clone", 0, 1],
    _FIRST_SLEEP,
    ["submit", 1, "slow start"],
    ["abort", 2, 2],
    ["submit", 2, "long"],
    ["submit", 3, "fails"],
    ["abort", 0, 4],
)
"""How every walk begins: two sessions of each of two users, jobs of both that wait, run, were stopped and are done."""

_BETWEEN: Final = 6
_LONG: Final = (90_000.0, 800_000.0)
"""Sleeps after which nothing is young any more."""

_PAUSES: Final = (0.25, 1.0, 3.0, 10.0, 60.0, 300.0, 4_000.0)
_BEFORE_IT_ACTS: Final = 2


_BRIEF: Final[tuple[list[Any], ...]] = (
    ["abort", 0, 1],
    ["meta", 2, 1],
    ["delete", 0, 5],
    ["list", 1, True, False],
)
"""What a walk that takes no time goes on with, in place of what is drawn."""


def drawn(seed: str, *, brief: bool = False) -> list[list[Any]]:
    """A walk, the same for the same seed; a brief one has no sleeps and no monitors, for systems on real time."""
    if brief:
        return [list(call) for call in (*START[: START.index(_FIRST_SLEEP)], *_BRIEF)]
    chance = random.Random(seed)
    calls = [list(call) for call in START]
    for pause in _LONG:
        calls += [_call(chance) for _ in range(_BETWEEN)]
        calls += [["sleep", pause], ["submit", len(calls) % 4, "long"], ["sleep", 3.0]]
    return calls + [_call(chance) for _ in range(_BETWEEN)]


def _call(chance: random.Random) -> list[Any]:
    name = chance.choice(_NAMES)
    session, job = chance.randrange(4), chance.choice((1, 2, 3, 4, 5, 6, 7, 0, 0, -1))
    if name == "submit":
        return [name, session, chance.choice(sorted(PLANS))]
    if name == "sleep":
        return [name, chance.choice(_PAUSES)]
    if name == "list":
        return [name, session, chance.random() < 0.5, chance.random() < 0.5]
    if name == "monitor":
        return [name, session, job, chance.randint(1, 9), chance.randint(0, 3)]
    if name == "watch":
        return [name, session, job, chance.choice(_ACTS), chance.randint(1, _BEFORE_IT_ACTS)]
    if name in ("info", "reopen", "refused", "outage"):
        return [name, session]
    return [name, session, job]


_ACTS: Final = ("abort", "delete", "clone", "meta")
"""What the callback of a monitor may do in a walk."""

_NAMES: Final = (
    *("submit", "sleep", "clone", "abort", "delete", "monitor", "watch") * 3,
    *("reopen", "refused", "list") * 2,
    *("info", "meta", "outage", "download"),
)


def shortened(calls: list[list[Any]], fails: Callable[[list[list[Any]]], bool]) -> list[list[Any]]:
    """The calls without those that it fails without, looking for long pieces to leave out first."""
    length = len(calls) // 2
    while length:
        at = len(calls) - length
        while at >= 0:
            rest = calls[:at] + calls[at + length :]
            if fails(rest):
                calls = rest
            at = min(at, len(calls)) - length
        length //= 2
    return calls
