"""What is said of mutants that nobody can kill is said of the code there is."""

from __future__ import annotations

import pytest

from tests.mutation.survivors import Survivor, listed, problem_of


def test_no_entry_is_stale() -> None:
    """Each names a function there is, lines that stand in it, another form of them, and a reason."""
    problems = [
        (survivor.module, survivor.function, problem) for survivor in listed() if (problem := problem_of(survivor))
    ]

    assert problems == []


def test_no_entry_is_said_twice() -> None:
    """Each mutant has one reason."""
    mutants = [survivor[:4] for survivor in listed()]

    assert len(mutants) == len(set(mutants))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"why": ""}, "says nothing"),
        ({"mutant": "return ticks / TICKS_PER_SECOND"}, "says nothing"),
        ({"function": "to_minutes"}, "is about a function that is not there"),
        ({"module": "flare_sim.nowhere"}, "is about a function that is not there"),
        ({"original": "return ticks / 60"}, "is about lines that are not there any more"),
    ],
)
def test_an_entry_that_is_no_good_is_found(changes: dict[str, str], problem: str | None) -> None:
    """One that lost its code, its mutant or its reason says so."""
    good = Survivor("flare_sim.clock", "to_seconds", "return ticks / TICKS_PER_SECOND", "return ticks", "never called")

    assert problem_of(good._replace(**changes)) == problem
