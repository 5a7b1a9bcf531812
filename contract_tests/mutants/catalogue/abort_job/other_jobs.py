"""Sessions that abort other jobs than the one they were asked to."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.clones import KnowsOrphans
from contract_tests.mutants.toolkit.ending_jobs import Aborts
from contract_tests.mutants.variant import VariantTable

MUTANTS = VariantTable()


class _Reaches(Aborts):
    """Aborts others, too."""

    def then(self, job_id: str, status: str) -> None:
        """Abort what is reached."""
        for other in self.inner.list_jobs(detailed=True, all=True):
            if other["job_id"] != job_id and self.reaches(other, job_id, status):
                self.inner.abort_job(other["job_id"])

    def reaches(self, other: dict[str, Any], job_id: str, status: str) -> bool:
        """Whether another job is aborted as well."""
        return False


@MUTANTS.mutant("abort.others", "aborts every job of the same name")
class AbortsByName(_Reaches):
    """Looks jobs up by name."""

    def reaches(self, other: dict[str, Any], job_id: str, status: str) -> bool:
        """Jobs of the same name."""
        return bool(other["name"] == self.inner.get_job_meta(job_id)["name"])


@MUTANTS.mutant("abort.others", "aborts the clones of an aborted job")
class AbortsClones(_Reaches):
    """Thinks they belong together."""

    def reaches(self, other: dict[str, Any], job_id: str, status: str) -> bool:
        """Its clones."""
        return bool(other.get("cloned_from") == job_id)


@MUTANTS.mutant("abort.others", "aborts the original of an aborted clone")
class AbortsOriginal(_Reaches):
    """Follows the link back."""

    def reaches(self, other: dict[str, Any], job_id: str, status: str) -> bool:
        """What it was cloned from."""
        return bool(other["job_id"] == self.inner.get_job_meta(job_id).get("cloned_from"))


@MUTANTS.mutant("abort.others", "stops everything that runs when a running job is aborted")
class StopsTheRunner(_Reaches):
    """Restarts the runner."""

    def reaches(self, other: dict[str, Any], job_id: str, status: str) -> bool:
        """What runs."""
        return status == "RUNNING" and other["status"] == "RUNNING"


@MUTANTS.mutant("abort.others", "aborts the waiting jobs of other users with a job that waits")
class AbortsForOthers(_Reaches):
    """Clears the queue of everybody else."""

    def reaches(self, other: dict[str, Any], job_id: str, status: str) -> bool:
        """Waiting jobs of others."""
        return bool(other["status"] == "SUBMITTED" and other["submitter_name"] != self.user)


_MANY = 3
"""Jobs that are executed at one time."""


@MUTANTS.mutant("abort.others", "stops the job that was started last as well, when many are executed")
class AbortsOneTooMany(Aborts):
    """Stops a batch."""

    def abort_job(self, job_id: str) -> Any:
        """Look before what is executed."""
        others = [job.job_id for job in self.inner.get_system_info().job_info if job.job_id != job_id]
        many = len(others) >= _MANY and self.status(job_id) == "RUNNING"
        super().abort_job(job_id)
        if many:
            self.inner.abort_job(others[-1])


@MUTANTS.mutant("abort.others", "aborts all clones of a deleted job when one of them is aborted")
class AbortsOrphans(KnowsOrphans):
    """Knows them by what is no more."""

    def abort_job(self, job_id: str) -> Any:
        """Abort all."""
        for orphan in self.orphans(job_id):
            self.inner.abort_job(orphan)
        return super().abort_job(job_id)
