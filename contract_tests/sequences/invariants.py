"""The walk itself: how a check goes along a drawn sequence of calls, and calls its judge at every point.

A judge holds the sentence of its clause, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

from contract_tests.scenario.check import WALK, CheckTable
from contract_tests.scenario.exceptions import JudgedElsewhere
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.player import ON_JOBS, Player
from contract_tests.sequences.viewpoint import Look
from contract_tests.sequences.walks import START
from contract_tests.system.system import NotClaimed

_TAKE_TIME: Final = ("sleep", "monitor", "watch")
"""Calls that a system without a clock spends real time on."""

Judge = TypeVar("Judge", bound=Callable[[Look], None])


class InvariantTable(CheckTable):
    """The checks that walk of one subject."""

    def invariant(self, *clauses: str) -> Callable[[Judge], Judge]:
        """Declare the decorated function as what each of these clauses says, at every point of a walk."""

        def declare(judge: Judge) -> Judge:
            for clause in clauses:
                self.check(clause, variant="always", kind=WALK)(_walking(judge))
            return judge

        return declare


def _walking(judge: Callable[[Look], None]) -> Callable[[Scenario, list[list[Any]]], None]:
    def body(s: Scenario, calls: list[list[Any]]) -> None:
        player = Player(s, judging=False)
        look = Look(s, player)
        for number, call in enumerate(calls):
            if (call[0] in ON_JOBS and not player.jobs) or (call[0] in _TAKE_TIME and s.system.clock is None):
                continue
            with suppress(JudgedElsewhere, NotClaimed):  # a walk goes on without what the system does not offer
                player.play(call)
                if number >= len(START) // 2 or len(calls) < len(START):
                    look.turn(number)
                    judge(look)

    return body
