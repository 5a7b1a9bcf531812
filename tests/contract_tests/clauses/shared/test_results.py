"""Results of marked jobs: whole, or with something missing, or not to be had by anybody."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from contract_tests.clauses.shared.results import MARKED, ended, folder_of, is_whole, keeps_result, marks_in
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.exceptions import NotTestable, Violation
from contract_tests.scenario.scenario import Scenario


class _Emptied:
    """Hands out folders from which the files of some jobs were taken."""

    def __init__(self, inner: Any, emptied: list[str], everything: bool) -> None:
        self._inner, self._emptied, self._everything = inner, emptied, everything

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def download_job_result(self, job_id: str) -> str:
        """Without what the job left."""
        folder = str(self._inner.download_job_result(job_id))
        if self._everything:
            shutil.rmtree(folder)
            Path(folder).mkdir()
        elif job_id in self._emptied:
            next(Path(folder).rglob("mark.txt")).unlink()
        return folder


class Emptied(SimulatedSystem):
    """A system of such sessions; which jobs are emptied is decided on the way."""

    def __init__(self, *, everything: bool = False) -> None:
        super().__init__()
        self.emptied: list[str] = []
        self._everything = everything

    def open_session(self, user: str | None = None) -> Any:
        """One of them."""
        return _Emptied(super().open_session(user), self.emptied, self._everything)


def test_a_mark_is_found_in_the_result(scenario: Scenario) -> None:
    """And so is nothing that is not there."""
    alice = scenario.open()
    assert MARKED.mark
    folder = folder_of(alice, ended(scenario, alice, MARKED))

    assert marks_in(folder, [MARKED.mark, "another"]) == {MARKED.mark}


def test_a_result_is_kept_where_nothing_is_done_to_it(scenario: Scenario) -> None:
    """Other jobs are none of its business."""
    alice = scenario.open()

    keeps_result(scenario, alice, alice.clone)


def test_a_result_with_a_file_missing_is_not_whole() -> None:
    """Although the mark stands in the job's definition as well, which is a part of it."""
    with Emptied() as system:
        s = Scenario(system)
        with pytest.raises(Violation, match="the result of job1 with all that was left there"):
            keeps_result(s, s.open(), system.emptied.append)


def test_a_result_that_cant_be_had_is_not_whole(scenario: Scenario) -> None:
    """It was deleted, say."""
    alice = scenario.open()
    with pytest.raises(Violation, match="the result of job1 to be had"):
        keeps_result(scenario, alice, lambda job: alice.need("delete_job", job))


def test_where_nothing_can_be_downloaded_nothing_is_judged() -> None:
    """It is the fault of downloads, not of what was done to the job."""
    with Emptied(everything=True) as system:
        s = Scenario(system)
        alice = s.open()
        with pytest.raises(NotTestable, match="without the job's own files"):
            is_whole(s, alice, *(ended(s, alice, MARKED) for _ in range(2)))
