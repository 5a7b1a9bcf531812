"""The cells of the grid: what there is, and that each is altered where it says, when it says."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.grid.axes import ALL, CONDITIONS, EFFECTS
from contract_tests.mutants.grid.cells import Cell, cells
from contract_tests.system.job_plan import JobPlan


def test_no_name_stands_for_two() -> None:
    """Neither of effects at a method nor of conditions: a row of the file is about one."""
    names = [(method, effect.name) for effect in EFFECTS for method in effect.methods]
    conditions = [condition.name for condition in CONDITIONS]

    assert len(names) == len(set(names))
    assert len(conditions) == len(set(conditions))


def test_every_method_is_in_the_grid_in_more_than_a_hundred_ways() -> None:
    """Of a few effects and many conditions."""
    for method in ALL:
        assert sum(cell.method == method for cell in cells()) > 100


def test_a_condition_of_a_job_is_for_calls_that_are_about_one() -> None:
    """No system info for a clone; lists are about each job that is told of."""
    found = set(cells())

    assert Cell("get_system_info", "raises KeyError", "for a clone") not in found
    assert Cell("list_jobs", "tells another status", "for a clone") in found
    assert Cell("list_jobs", "raises KeyError", "for a clone") not in found


def test_a_cell_is_altered_when_its_condition_holds_and_only_then() -> None:
    """The second list of a server, and no other."""
    with Cell("list_jobs", "does nothing, and answers nothing", "the 2nd time").system() as system:
        session: Any = system.open_session()
        session.submit_job(system.job_folder(JobPlan()))

        assert [len(session.list_jobs()) for _ in range(3)] == [1, 0, 1]
