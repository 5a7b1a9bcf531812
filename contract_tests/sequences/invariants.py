"""Invariants: how a check plays a drawn sequence of calls and asserts the sentence of its clause after every call."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, Final, TypeVar

from contract_tests.scenario.check import WALK, CheckTable
from contract_tests.scenario.exceptions import JudgedElsewhere
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.player import Player
from contract_tests.sequences.viewpoint import Viewpoint
from contract_tests.sequences.walks import START
from contract_tests.system.system import NotClaimed

_TAKE_TIME: Final = ("sleep", "monitor", "watch")
"""Calls that a system without a clock spends real time on."""

Invariant = TypeVar("Invariant", bound=Callable[[Viewpoint], None])


class InvariantTable(CheckTable):
    """The invariants of one subject, each a check called ``<clause>/always``."""

    def invariant(self, clause: str) -> Callable[[Invariant], Invariant]:
        """Declare the decorated function as what a clause says at every point of a walk."""

        def declare(invariant: Invariant) -> Invariant:
            self.check(clause, variant="always", kind=WALK)(_along_a_walk(invariant))
            return invariant

        return declare


def _along_a_walk(invariant: Callable[[Viewpoint], None]) -> Callable[[Scenario, list[list[Any]]], None]:
    @wraps(invariant)
    def body(s: Scenario, calls: list[list[Any]]) -> None:
        player = Player(s, judging=False)
        view = Viewpoint(s, player)
        for number, call in enumerate(calls):
            if not player.can(call) or (call[0] in _TAKE_TIME and s.system.clock is None):
                continue
            with suppress(JudgedElsewhere, NotClaimed):  # a walk goes on without what the system does not offer
                player.play(call)
                if number >= len(START) // 2 or len(calls) < len(START):
                    view.turn(number)
                    invariant(view)

    return body
