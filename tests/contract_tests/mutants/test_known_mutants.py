"""Seven mutants that any suite must kill, each by the clause it breaks.

They are plain subclasses of the reference's session, written here and nowhere else, so that they prove the suite
independently of the mutants that come with it.
"""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.contract.verdict import Overall, Verdict
from contract_tests.engine.settings import PROFILES, RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.reference import SimulatedSystem
from flare_sim import JobNotDone, JobNotFound, MonitorReturnCode, Session


class IgnoresFirstFalse(Session):
    """A monitor that ignores a False from the callback on its first call."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *cb_args: Any, **cb_kwargs: Any
    ) -> MonitorReturnCode:
        """Answer True for the first call, whatever the callback says."""
        if not callable(cb):
            return super().monitor_job(job_id, timeout, poll_interval, cb, *cb_args, **cb_kwargs)
        calls = []

        def lenient(*args: Any, **kwargs: Any) -> Any:
            answer = cb(*args, **kwargs)
            calls.append(answer)
            return answer if len(calls) > 1 else True

        return super().monitor_job(job_id, timeout, poll_interval, lenient, *cb_args, **cb_kwargs)


class HalfTheTime(Session):
    """A monitor that times out at half the time."""

    def monitor_job(self, job_id: str, timeout: Any = 0, *args: Any, **kwargs: Any) -> MonitorReturnCode:
        """Hand on half the timeout."""
        half = timeout / 2 if type(timeout) in (int, float) and timeout < 1e9 else timeout
        return super().monitor_job(job_id, half, *args, **kwargs)


class RefusesRunning(Session):
    """A delete_job that refuses a running job."""

    def delete_job(self, job_id: str) -> None:
        """Refuse what runs."""
        if self.get_job_meta(job_id)["status"] == "RUNNING":
            raise JobNotDone(job_id)
        super().delete_job(job_id)


class OwnOnly(Session):
    """A list_jobs without all."""

    def list_jobs(self, detailed: bool = False) -> list[dict[str, Any]]:  # type: ignore[override]
        """List the user's own jobs."""
        return super().list_jobs(detailed)


class NoFolder(Session):
    """A download_job_result that returns a path that isn't there."""

    def download_job_result(self, job_id: str) -> str:
        """Name a folder beside the one there is."""
        return super().download_job_result(job_id) + "-elsewhere"


class EmptyMeta(Session):
    """A get_job_meta that answers {} for an unknown id."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Swallow JobNotFound."""
        try:
            return super().get_job_meta(job_id)
        except JobNotFound:
            return {}


class NeverCloses(Session):
    """A close that does nothing."""

    def close(self) -> None:
        """Do nothing."""


MUTANTS: dict[type[Session], set[str]] = {
    IgnoresFirstFalse: {"monitor.callback-false-first", "monitor.callback-false-at-once"},
    HalfTheTime: {"monitor.timeout-not-early"},
    RefusesRunning: {"delete.running"},
    OwnOnly: {"shape.signature.list-jobs", "list.all"},
    NoFolder: {"download.folder"},
    EmptyMeta: {"unknown.get-job-meta", "malformed.get-job-meta", "delete.then.get-job-meta"},
    NeverCloses: {"close.then.list-jobs", "close.then.submit-job", "close.then.monitor-job"},
}
"""The sessions, and clauses that have to be among the broken ones."""


def system_of(session_class: type[Session]) -> type[SimulatedSystem]:
    """The reference system with sessions of another class."""

    class Mutant(SimulatedSystem):
        def open_session(self, user: str | None = None) -> Any:
            right = super().open_session(user)
            return session_class(right._server, right._login, right._download_dir)

    return Mutant


QUICK = RunSettings(PROFILES["quick"])


@pytest.mark.slow
def test_the_unchanged_session_is_not_accused() -> None:
    """Being put together in this way breaks none of the clauses that the mutants break."""
    broken = {clause for clauses in MUTANTS.values() for clause in clauses}

    report = run_suite(system_of(Session), QUICK, clauses=sorted(broken))

    assert report.counts["met"] == len(broken)


@pytest.mark.parametrize("session_class", MUTANTS, ids=lambda session_class: session_class.__name__)
def test_the_mutant_is_killed_by_the_right_clause(session_class: type[Session]) -> None:
    """The system is non-conformant, the broken promises are named, and the suite is not at fault."""
    report = run_suite(system_of(session_class), QUICK, clauses=sorted(MUTANTS[session_class]))
    violated = {entry.clause.id for entry in report.clauses if entry.verdict is Verdict.VIOLATED}

    assert report.verdict is Overall.NON_CONFORMANT
    assert violated == MUTANTS[session_class]
    assert "suite error" not in report.counts


@pytest.mark.parametrize("session_class", MUTANTS, ids=lambda session_class: session_class.__name__)
def test_most_of_the_contract_is_not_held_against_the_mutant(session_class: type[Session]) -> None:
    """What has nothing to do with the mutant is met."""
    clauses = ["shape.exceptions", "submit.returns-id", "clone.new-id"]

    assert run_suite(system_of(session_class), RunSettings(2), clauses=clauses).counts["met"] == len(clauses)
