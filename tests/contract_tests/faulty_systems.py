"""Faulty systems for tests of the suite's own parts; written here, so that they need no catalogue of faults."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from contract_tests import System
from contract_tests.reference import SimulatedSystem
from flare_sim import JobNotDone, MonitorReturnCode, Session, SimulatedServer


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


class _Careless(Session):
    """As good as a few calls show: a fake that was made for one test."""

    def download_job_result(self, job_id: str) -> str:
        """An empty folder, whatever the job left."""
        path = super().download_job_result(job_id)
        shutil.rmtree(path)
        Path(path).mkdir()
        return path

    def monitor_job(self, job_id: str, *how: Any, **options: Any) -> MonitorReturnCode:
        """Wait for no job that runs."""
        if super().get_job_meta(job_id)["status"] == "RUNNING":
            return MonitorReturnCode.JOB_FINISHED
        return super().monitor_job(job_id, *how, **options)

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """End a job that runs by looking at it."""
        meta = super().get_job_meta(job_id)
        if meta["status"] == "RUNNING":
            super().abort_job(job_id)
        return meta


class Careless(System):
    """Much is broken here, and nothing of it shows: only sessions are offered, so that little can be tried."""

    def __init__(self) -> None:
        self._server = SimulatedServer()

    def open_session(self, user: str = "alice") -> Any:
        """Open a careless session."""
        right = self._server.connect("admin@nvidia.com")
        return _Careless(right._server, right._login, right._download_dir)

    def close(self) -> None:
        """Remove what was downloaded."""
        self._server.close()


NAME = "tests.contract_tests.faulty_systems:Reluctant"
CLAUSE = "delete.running"
REFERENCE = "contract_tests.reference:SimulatedSystem"
