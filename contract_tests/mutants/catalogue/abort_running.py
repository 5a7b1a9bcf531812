"""Sessions that abort running jobs wrongly, or more than once, or others as well."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.catalogue.abort import Aborts, Postpones, Relabels
from contract_tests.mutants.toolkit.helpers import count, noted
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import JobNotFound, SystemInfo

MUTANTS = VariantTable()


@MUTANTS.mutant("abort.running-ends", "does nothing about a job that runs")
class IgnoresRunning(Aborts):
    """Aborts only what waits."""

    def skips(self, job_id: str, status: str) -> bool:
        """Skip it."""
        return status == "RUNNING"


@MUTANTS.mutant("abort.running-ends", "stops only jobs that have run for less than half a minute")
class StopsYoungJobs(Aborts):
    """Spares jobs that are well on their way."""

    def skips(self, job_id: str, status: str) -> bool:
        """Skip an old one."""
        began = self.inner.get_job_meta(job_id)["submit_time"]
        return status == "RUNNING" and self.system.server.clock.time() - began > 30.0


@MUTANTS.mutant("abort.running-ends", "does not stop a running job that has been cloned")
class SparesOriginals(Aborts):
    """Thinks the clone needs it."""

    def clone_job(self, job_id: str) -> str:
        """Note it."""
        noted(self, "originals").append(job_id)
        return super().clone_job(job_id)

    def skips(self, job_id: str, status: str) -> bool:
        """Skip it."""
        return status == "RUNNING" and job_id in noted(self, "originals")


@MUTANTS.mutant("abort.running-ends", "says STOPPING for ever when a second session aborts")
class StoppingForEver(Relabels):
    """Waits for the first session to confirm."""

    label = "STOPPING"

    def then(self, job_id: str, status: str) -> None:
        """Mark it."""
        if status == "RUNNING" and self.system.memory["first"] is not self:
            self.relabel(job_id)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.system.memory.setdefault("first", self)


class _Stays(Aborts):
    """Forgets to free what it held."""

    def abort_job(self, job_id: str) -> Any:
        """Keep the entry."""
        entries = [job for job in self.inner.get_system_info().job_info if job.job_id == job_id]
        noted(self, "entries").extend(entries)
        return super().abort_job(job_id)

    def get_system_info(self) -> SystemInfo:
        """Tell of it."""
        info = super().get_system_info()
        info.job_info = info.job_info + self.left()
        return info

    def left(self) -> list[Any]:
        """The entries that stay."""
        return noted(self, "entries")


@MUTANTS.mutant("abort.running-leaves", "goes on telling that an aborted job is executed")
class AbortedStays(_Stays):
    """Keeps them for good."""


@MUTANTS.mutant("abort.running-leaves", "goes on telling that an aborted job is executed, if it was not alone")
class SecondAbortedStays(_Stays):
    """Frees a place only when all are free."""

    def left(self) -> list[Any]:
        """The entries, while others run."""
        return noted(self, "entries") if self.inner.get_system_info().job_info else []


@MUTANTS.mutant("abort.running-leaves", "starts an aborted job again after half a minute")
class StartsAgain(Postpones):
    """Takes the abort for a crash."""

    def concerns(self, job_id: str, status: str) -> bool:
        """Running jobs."""
        return status == "RUNNING"


# --- twice, and others ----------------------------------------------------------------------------------------------


@MUTANTS.mutant("abort.twice", "refuses the second abort of a job")
class RefusesSecondAbort(Aborts):
    """Wants to be asked once."""

    def abort_job(self, job_id: str) -> Any:
        """Refuse."""
        if count(self, f"aborts of {job_id}") > 1:
            raise JobNotFound(f"job {job_id} was aborted already")
        return super().abort_job(job_id)


@MUTANTS.mutant("abort.twice", "deletes a job that is aborted twice")
class SecondAbortDeletes(Aborts):
    """Takes the second for a request to remove it."""

    def then(self, job_id: str, status: str) -> None:
        """Delete it."""
        if status == "FINISHED:ABORTED":
            self.inner.delete_job(job_id)


@MUTANTS.mutant("abort.twice", "counts the aborts of a job in its meta")
class CountsAborts(Aborts):
    """Keeps statistics."""

    def then(self, job_id: str, status: str) -> None:
        """Count."""
        count(self, f"aborts of {job_id}")

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell the number."""
        meta = super().get_job_meta(job_id)
        aborts = self.system.memory.get(f"aborts of {meta['job_id']}", 0)
        return {**meta, "aborts": aborts} if aborts else meta


@MUTANTS.mutant("abort.twice", "fails when two sessions abort the same running job")
class TwoSessionsAbort(Aborts):
    """Keeps a lock of the session that aborted."""

    def abort_job(self, job_id: str) -> Any:
        """Refuse another session."""
        if self.system.memory.setdefault(f"lock of {job_id}", self) is not self:
            raise JobNotFound(f"job {job_id} is being aborted by another session")
        return super().abort_job(job_id)


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
