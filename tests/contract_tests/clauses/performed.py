"""What the checks of a clause perform on the reference, in words, and the digests of it that are kept beside this.

``python -m tests.contract_tests.clauses.performed`` writes the digests anew; with ids of clauses it prints the words.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import checks_of
from contract_tests.engine.search import combinations, drawn
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario import wording
from contract_tests.scenario.check import STATEFUL, WALK, Check
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences import walks
from contract_tests.sequences.drawn_calls import TOUR_CALLS, tour

__all__ = ["KEPT", "digest", "performed"]

KEPT: Final = Path(__file__).with_suffix(".json")
"""Digests by the ids of clauses."""


def performed(clause: str) -> Iterator[str]:
    """A line for every operation of every check of a clause, on the first and the last of its listed inputs.

    What is drawn is as plain as can be, so that no release of Hypothesis draws anything else.
    """
    for check in checks_of(clause):
        for inputs in _inputs(check):
            yield f"{check.id} {json.dumps(inputs)}"
            with closing(SimulatedSystem()) as system:
                scenario = Scenario(system)
                check.body(scenario, **inputs)
                if not scenario.raced:  # threads take another turn every time
                    yield from (f"  {wording.step(step, scenario.jobs, 1.0)}" for step in scenario.steps)


def _inputs(check: Check) -> list[dict[str, Any]]:
    if check.kind == WALK:
        return [{"calls": walks.drawn(check.id)}]
    if check.kind == STATEFUL:
        return [{"calls": tour(*pair)} for pair in zip(TOUR_CALLS, TOUR_CALLS[::-1], strict=True)]
    listed = combinations(check, 2)
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
