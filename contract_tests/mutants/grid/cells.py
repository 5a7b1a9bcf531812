"""The cells of the grid: an effect at a method under a condition, and which of them are no faults."""

from __future__ import annotations

from itertools import product
from typing import Final, NamedTuple

from contract_tests.mutants.algebra.altered import AlteredSystem, altered
from contract_tests.mutants.grid.axes import ABOUT_A_JOB, CONDITIONS, EFFECTS, ACondition, AnEffect
from contract_tests.mutants.grid.visits import ENTRIES, STEP


class Cell(NamedTuple):
    """An effect at a method under a condition, by their names."""

    method: str
    effect: str
    condition: str

    @property
    def name(self) -> str:
        """A sentence without a subject."""
        return f"{self.method} {self.effect} {self.condition}"

    @property
    def point(self) -> str:
        """Where its condition is looked at."""
        effect = _EFFECTS[self.effect]
        if effect.step:
            return STEP
        return ENTRIES[self.method] if effect.entries else self.method

    @property
    def system(self) -> type[AlteredSystem]:
        """The factory of its systems, importable by its name."""
        change = _EFFECTS[self.effect].change(self.method, _CONDITIONS[self.condition].holds)
        system = altered(self.name, change)
        system.__module__ = f"{__package__}.systems"
        return system


_EFFECTS: Final = {effect.name: effect for effect in EFFECTS}
_CONDITIONS: Final = {condition.name: condition for condition in CONDITIONS}


def impossible(method: str, effect: AnEffect, condition: ACondition) -> str:
    """Why there is no such cell; empty where there is one."""
    if method not in effect.methods:
        return "the effect is none of this method"
    if method not in condition.methods:
        return "the condition is none of this method"
    if condition.job and not (effect.entries or method in ABOUT_A_JOB):
        return "the call is about no job"
    return ""


def cells() -> list[Cell]:
    """Every cell that can be, in the order of methods, effects and conditions."""
    methods = dict.fromkeys(method for effect in EFFECTS for method in effect.methods)
    return [
        Cell(method, effect.name, condition.name)
        for method, effect, condition in product(methods, EFFECTS, CONDITIONS)
        if not impossible(method, effect, condition)
    ]
