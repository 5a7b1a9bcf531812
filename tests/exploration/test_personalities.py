"""All sequences of calls on servers that are like NVFLARE's: no model of these, so what holds whatever they do.

Only the interface's exceptions leave a session, and the parts of a server agree.
"""

from __future__ import annotations

import sys

import pytest

from contract_tests.exploration.alphabet import Alphabet
from contract_tests.exploration.explorer import Explorer
from contract_tests.scenario.exceptions import Violation
from contract_tests.scenario.operations import SYSTEM
from contract_tests.scenario.wording import outcome
from contract_tests.sequences.player import Player
from tests.exploration.simulator_state import exact, sound
from tests.exploration.systems import Crashing, Steady
from tests.exploration.test_exploration import table


class Steady23(Steady):
    """A server like one of 2.3."""

    personality = "nvflare-2.3"


class Steady29(Steady):
    """A server like one of 2.9."""

    personality = "nvflare-2.9"


class Crashing23(Crashing):
    """A server like one of 2.3, whose process ends."""

    personality = "nvflare-2.3"


class Crashing29(Crashing):
    """A server like one of 2.9, whose process ends."""

    personality = "nvflare-2.9"


def holds(player: Player) -> None:
    """The assertion that nothing foreign left a session, and that the parts of the server agree."""
    for step in player.scenario.steps:
        foreign = step.outcome.kind != "returned" and not step.outcome.contract_errors
        if step.operation.actor != SYSTEM and foreign:
            raise Violation("an exception of the interface", outcome(step.outcome))
    sound(player)


FAULTS = ("outage", "lost clients", "lost sessions", "misbehaving server")
CASES = [
    *((system, fault) for system in (Steady23, Steady29) for fault in FAULTS),
    *((system, "outage") for system in (Crashing23, Crashing29)),
]


@pytest.mark.parametrize(("system", "fault"), CASES)
def test_a_personality_stays_within_the_interface(system: type[Steady], fault: str, depth: int) -> None:
    """Whatever its release deviates in."""
    found = Explorer(system, Alphabet(fault=fault), exact, holds, judging=False).explore(min(depth, 5))

    sys.stdout.write("\n".join((f"{system.__name__}, {fault}", *table(found))) + "\n")
    assert found.failure is None
