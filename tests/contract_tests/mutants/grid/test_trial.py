"""What is met in a default run, and which check kills a cell."""

from __future__ import annotations

from contract_tests.mutants.grid.cells import Cell
from contract_tests.mutants.grid.trial import killer
from contract_tests.mutants.grid.visits import examples, judged, meeting

LISTS = "list.empty"


def test_what_a_check_meets_is_noted_at_each_point() -> None:
    """A check of an empty list lists where there is no job, and monitors none."""
    seen = examples(LISTS)

    assert {example.check for example in seen} == {LISTS}
    assert list(meeting(seen, "list_jobs", "while there is no job"))
    assert not list(meeting(seen, "monitor_job", "always"))


def test_a_cell_is_killed_by_a_check_that_meets_its_condition() -> None:
    """And passes where what is wrong is none of the check's affair, or nothing meets the condition."""
    seen = examples(LISTS)

    assert killer(Cell("list_jobs", "raises KeyError", "while there is no job"), seen) == LISTS
    assert killer(Cell("list_jobs", "raises KeyError", "the 101st time"), seen) == ""
    assert killer(Cell("monitor_job", "raises KeyError", "always"), seen) == ""


def test_only_checks_whose_verdict_counts_are_watched() -> None:
    """What the interface is silent about kills nothing."""
    assert LISTS in judged()
    assert len(judged()) == len(set(judged())) > 500
