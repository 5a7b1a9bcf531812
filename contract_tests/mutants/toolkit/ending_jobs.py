"""Base classes of sessions that abort or delete jobs wrongly."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.toolkit.wrong_answers import TellingSystem
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import JobNotDone, NoConnection


class Aborts(Wrapper):
    """Knows what an aborted job was."""

    def status(self, job_id: str) -> str:
        """The status of a job."""
        return str(self.inner.get_job_meta(job_id)["status"])

    def is_clone(self, job_id: str) -> bool:
        """Whether a job was cloned from another."""
        return "cloned_from" in self.inner.get_job_meta(job_id)

    def abort_job(self, job_id: str) -> Any:
        """Abort, or do what is wrong."""
        status = self.status(job_id)
        if self.skips(job_id, status):
            return None
        result = self.inner.abort_job(job_id)
        self.then(job_id, status)
        return result

    def skips(self, job_id: str, status: str) -> bool:
        """Whether nothing is done about a job."""
        return False

    def then(self, job_id: str, status: str) -> None:
        """What is done besides; ``status`` is the one before."""


class Deletes(Wrapper):
    """Knows what a deleted job was."""

    def meta(self, job_id: str) -> dict[str, Any]:
        """The meta of a job, whatever this wrapper tells of it."""
        found: dict[str, Any] = self.inner.get_job_meta(job_id)
        return found

    def delete_job(self, job_id: str) -> Any:
        """Delete, or do what is wrong."""
        meta = self.meta(job_id)
        if self.refuses(meta):
            raise JobNotDone(f"job {job_id} can't be deleted")
        result = self.inner.delete_job(job_id)
        self.then(meta)
        return result

    def refuses(self, meta: dict[str, Any]) -> bool:
        """Whether a job is not deleted; ``meta`` is the job's own."""
        return False

    def then(self, meta: dict[str, Any]) -> None:
        """What is done besides; ``meta`` is the deleted job's."""


class SeesOutages(Aborts, TellingSystem):
    """Notes jobs that were ended, and whether it has been without a server since."""

    def get_job_meta(self, job_id: str) -> Any:
        """Notice an outage."""
        try:
            return self.told(super().get_job_meta(job_id))
        except NoConnection:
            noted(self, "outages").append(job_id)
            raise

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """What is told of a job."""
        return meta


class OneAtATime(Wrapper):
    """Knows which jobs are being ended."""

    def runs(self, job_id: str) -> bool:
        """Whether a job runs."""
        return bool(self.inner.get_job_meta(job_id)["status"] == "RUNNING")

    def one_at_a_time(self, method: str, job_id: str) -> Any:
        """End a job; one that runs not while another is being ended."""
        if not self.runs(job_id):
            return getattr(self.inner, method)(job_id)
        under_way = noted(self, "under way")
        if under_way and job_id not in under_way:
            return None
        under_way.append(job_id)
        try:
            return getattr(self.inner, method)(job_id)
        finally:
            under_way.remove(job_id)
