"""Differential runs: the same calls on two systems, up to the first that turn out differently."""

from __future__ import annotations

from contract_tests.engine import differential
from contract_tests.engine.settings import RunSettings
from contract_tests.reference import SimulatedSystem
from tests.contract_tests.faulty_systems import Reluctant


class OtherSeed(SimulatedSystem):
    """The reference with other ids."""

    def __init__(self) -> None:
        super().__init__(seed=7)


def test_two_systems_that_differ_in_ids_alone_do_not_differ() -> None:
    """Ids, times and wording are nobody's business."""
    assert differential.diff(SimulatedSystem, OtherSeed, RunSettings(30)) is None


def test_the_first_difference_is_shown_side_by_side_after_few_calls() -> None:
    """A short sequence leads there, and both outcomes are told."""
    found = differential.diff(Reluctant, SimulatedSystem, RunSettings(150))

    assert found is not None
    assert "delete_job" in found.call
    assert "JobNotDone" in found.first
    assert "None" in found.second
    assert len(found.done) <= 8


def test_a_sequence_is_compared_call_by_call() -> None:
    """The calls before the difference were the same on both."""
    calls = [["submit", 0, "long"], ["sleep", 3.0], ["meta", 1, 1], ["delete", 0, 1], ["list", 0, True, False]]

    found = differential.compare(Reluctant, SimulatedSystem, calls)

    assert found is not None
    assert "delete_job(job1)" in found.call
    assert [line for line in found.done if "get_job_meta" in line]
    assert differential.compare(SimulatedSystem, OtherSeed, calls) is None
