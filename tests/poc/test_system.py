"""How a live server is brought back to no jobs, tried on a session that plays one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.poc import processes, system


class Keeper:
    """A session of a server whose jobs end when they are aborted; it tells what was asked of it."""

    def __init__(self, **statuses: str) -> None:
        self.jobs = {
            name: {"job_id": name, "status": status, "min_clients": 99 if name.startswith("waiting") else 1}
            for name, status in statuses.items()
        }
        self.asked: list[str] = []

    def list_jobs(self, *, detailed: bool) -> list[dict[str, Any]]:
        """The metas of the jobs."""
        assert detailed
        return [dict(job) for job in self.jobs.values()]

    def abort_job(self, job_id: str) -> None:
        """End a job."""
        self.asked.append(f"abort {job_id}")
        self.jobs[job_id]["status"] = "FINISHED:ABORTED"

    def delete_job(self, job_id: str) -> None:
        """Remove a job."""
        self.asked.append(f"delete {job_id}")
        del self.jobs[job_id]


class Stubborn(Keeper):
    """One that loses every abort."""

    def abort_job(self, job_id: str) -> None:
        """Do nothing."""


@pytest.fixture(autouse=True)
def _no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass but what is slept, and let no process run a job."""
    passed = [0.0]

    def sleep(seconds: float) -> None:
        passed[0] += seconds

    monkeypatch.setattr(system, "time", SimpleNamespace(monotonic=lambda: passed[0], sleep=sleep))
    monkeypatch.setattr(processes, "of_jobs", lambda workspace: 0)


def clear(keeper: Keeper, crashes: int = 0) -> bool:
    """Clear a server that is seen through this session, and in which so many threads have died."""
    live = object.__new__(system._Live)
    live.keeper = keeper
    live.poc = SimpleNamespace(workspace=None, crashes=lambda: crashes)  # type: ignore[assignment]
    return live.clear()


def test_what_runs_or_may_start_is_aborted_and_then_all_is_deleted() -> None:
    """A job that can't start is deleted as it is."""
    keeper = Keeper(waiting="SUBMITTED", starting="SUBMITTED", running="RUNNING", done="FINISHED:COMPLETED")

    assert clear(keeper)
    assert keeper.jobs == {}
    assert keeper.asked[:2] == ["abort starting", "abort running"]
    assert sorted(keeper.asked[2:]) == ["delete done", "delete running", "delete starting", "delete waiting"]


def test_a_server_without_jobs_is_clear() -> None:
    """Nothing is asked of it."""
    keeper = Keeper()

    assert clear(keeper)
    assert keeper.asked == []


def test_a_server_that_cannot_be_cleared_is_told() -> None:
    """It is not waited for without end."""
    assert not clear(Stubborn(running="RUNNING"))


def test_a_server_in_which_a_thread_died_is_told() -> None:
    """However empty it is."""
    assert not clear(Keeper(), crashes=1)
