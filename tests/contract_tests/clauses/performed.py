"""What the checks of a clause perform on the reference, in words, and the digests of it that are kept beside this.

``python -m tests.contract_tests.clauses.performed`` writes the digests anew; with ids of clauses it prints the words.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import checks_of
from contract_tests.engine.coverage import cells
from contract_tests.engine.search import combinations, drawn
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario import wording
from contract_tests.scenario.check import STATEFUL, WALK, Check
from contract_tests.scenario.exceptions import JudgedElsewhere, NotTestable, Violation
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences import walks
from contract_tests.sequences.drawn_calls import TOUR_CALLS, tour
from contract_tests.system.system import NotClaimed, System

__all__ = ["KEPT", "digest", "performed"]

KEPT: Final = Path(__file__).with_suffix(".json")
"""Digests by the ids of clauses."""


def performed(clause: str, make: Callable[[], System] = SimulatedSystem, *, brief: bool = False) -> Iterator[str]:
    """Lines for all that every check of a clause performs, on the first and the last of its listed inputs.

    What is drawn is as plain as can be, so that no release of Hypothesis draws anything else. Those who are brief try
    the first of the listed inputs alone, and no sequences of calls.
    """
    for check in checks_of(clause):
        if brief and check.kind:
            continue
        for inputs in _inputs(check, 1 if brief else 2):
            yield f"{check.id} {json.dumps(inputs)}"
            with closing(make()) as system:
                scenario = Scenario(system)
                end = _end_of(check, scenario, inputs)
                if not scenario.raced:  # threads take another turn every time
                    yield from (f"  {wording.step(step, scenario.jobs, 1.0)}" for step in scenario.steps)
                    yield f"  {_noted(scenario)}"
                if end:
                    yield f"  {end}"


def _end_of(check: Check, scenario: Scenario, inputs: dict[str, Any]) -> str:
    """Let a check do what it does; why it came to no end, in words, where it did not."""
    try:
        check.body(scenario, **inputs)
    except (Violation, NotClaimed, NotTestable, JudgedElsewhere) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _noted(scenario: Scenario) -> str:
    """What a scenario knows at its end of jobs, of time, and of what was exercised."""
    exercised = cells(scenario.steps, scenario.states, scenario.jobs)
    noted = {
        "jobs": [scenario.states.get(job, "") for job in scenario.jobs],
        "backlog": scenario.backlog,
        "slack": round(scenario.slack, 6),
        "moving": sorted(scenario.moving),
        "cells": [[*cell, exercised[cell]] for cell in sorted(exercised)],
    }
    return json.dumps(noted)


def _inputs(check: Check, most: int) -> list[dict[str, Any]]:
    if check.kind == WALK:
        return [{"calls": walks.drawn(check.id)}]
    if check.kind == STATEFUL:
        return [{"calls": tour(*pair)} for pair in zip(TOUR_CALLS, TOUR_CALLS[::-1], strict=True)]
    listed = combinations(check, most)
    (plain,) = drawn(check, 1, 0) or [{}]
    return [{**inputs, **plain} for inputs in listed]


def digest(clause: str) -> str:
    """What stands for all that the checks of a clause perform."""
    return blake2b("\n".join(performed(clause)).encode(), digest_size=8).hexdigest()


if __name__ == "__main__":
    if sys.argv[1:]:
        print(*(line for clause in sys.argv[1:] for line in performed(clause)), sep="\n")  # noqa: T201
    else:
        KEPT.write_text(json.dumps({clause.id: digest(clause.id) for clause in CATALOGUE}, indent=1) + "\n", "utf-8")
