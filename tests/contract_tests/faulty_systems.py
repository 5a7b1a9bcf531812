"""Faulty systems for tests of the suite's own parts; written here, so that they need no catalogue of faults."""

from __future__ import annotations

from typing import Any

from contract_tests.reference import SimulatedSystem
from flare_sim import JobNotDone


class _Reluctant:
    """Refuses to delete a running job; everything else is as it should be."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def delete_job(self, job_id: str) -> Any:
        """Refuse a running job."""
        if self._inner.get_job_meta(job_id)["status"] == "RUNNING":
            raise JobNotDone(f"job {job_id} is still running")
        return self._inner.delete_job(job_id)


class Reluctant(SimulatedSystem):
    """The reference with sessions that refuse to delete a running job."""

    def open_session(self, user: str | None = None) -> Any:
        """Open a reluctant session."""
        return _Reluctant(super().open_session(user))


class Narrow(SimulatedSystem):
    """The reference with sessions whose list_jobs has lost a parameter."""

    def open_session(self, user: str | None = None) -> Any:
        """A session that can't be asked for the jobs of all users."""
        session = super().open_session(user)
        wide = session.list_jobs
        session.list_jobs = lambda detailed=False: wide(detailed)
        return session


NAME = "tests.contract_tests.faulty_systems:Reluctant"
CLAUSE = "delete.running"
REFERENCE = "contract_tests.reference:SimulatedSystem"
