"""What is met in a default run, and which check kills a cell."""

from __future__ import annotations

from contract_tests.mutants.grid import difference
from contract_tests.mutants.grid.cells import Cell
from contract_tests.mutants.grid.trial import killer, tried
from contract_tests.mutants.grid.visits import Example, examples, judged, meeting

LISTS = "list.empty"


def killer_of(cell: Cell, seen: list[Example]) -> str:
    """The check that does not pass on a cell."""
    return killer(cell, tried(cell, seen))


def test_what_a_check_meets_is_noted_at_each_point() -> None:
    """A check of an empty list lists where there is no job, and monitors none."""
    seen = examples(LISTS)

    assert {example.check for example in seen} == {LISTS}
    assert list(meeting(seen, "list_jobs", "while there is no job"))
    assert not list(meeting(seen, "monitor_job", "always"))


def test_a_cell_is_killed_by_a_check_that_meets_its_condition() -> None:
    """And passes where what is wrong is none of the check's affair, or nothing meets the condition."""
    seen = examples(LISTS)

    assert killer_of(Cell("list_jobs", "raises KeyError", "while there is no job"), seen) == LISTS
    assert killer_of(Cell("list_jobs", "raises KeyError", "the 101st time"), seen) == ""
    assert killer_of(Cell("monitor_job", "raises KeyError", "always"), seen) == ""


def test_only_checks_whose_verdict_counts_are_watched() -> None:
    """What the interface is silent about kills nothing."""
    assert LISTS in judged()
    assert len(judged()) == len(set(judged())) > 500


def test_a_cell_makes_a_difference_or_none() -> None:
    """An empty list that is told twice is the same to everybody; one that is refused is not."""
    seen = examples(LISTS)
    twice = Cell("list_jobs", "answers as before", "while there is no job")
    refused = Cell("list_jobs", "raises KeyError", "while there is no job")

    assert not difference.shown(twice.system, tried(twice, seen))
    assert difference.shown(refused.system, tried(refused, seen))
