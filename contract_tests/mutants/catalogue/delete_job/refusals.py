"""Sessions that refuse to delete, or whose delete_job returns something."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.ending_jobs import Deletes
from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import InternalError, JobNotFound

MUTANTS = VariantTable()


@MUTANTS.mutant("delete.returns-none", "returns True")
class DeleteReturnsTrue(Deletes):
    """Confirms."""

    def delete_job(self, job_id: str) -> Any:
        """Return a bool."""
        super().delete_job(job_id)
        return True


@MUTANTS.mutant("delete.returns-none", "returns the meta of a deleted job that had failed")
class ReturnsMetaOfFailed(Deletes):
    """Hands out a last look."""

    def delete_job(self, job_id: str) -> Any:
        """Return the meta."""
        meta = self.meta(job_id)
        super().delete_job(job_id)
        return meta if meta["status"].endswith("EXCEPTION") else None


@MUTANTS.mutant("delete.returns-none", "returns how many of a job's clones are left")
class ReturnsClonesLeft(Deletes):
    """Counts what is related."""

    def delete_job(self, job_id: str) -> Any:
        """Return a number if there are any."""
        super().delete_job(job_id)
        return sum(job.get("cloned_from") == job_id for job in self.inner.list_jobs(True, True)) or None


@MUTANTS.mutant("delete.waiting", "refuses to delete a job that waits")
class RefusesWaiting(Deletes):
    """Wants it to be aborted first."""

    def refuses(self, meta: dict[str, Any]) -> bool:
        """Refuse it."""
        return bool(meta["status"] == "SUBMITTED")


@MUTANTS.mutant("delete.waiting", "refuses to delete a job that waits and has a clone")
class RefusesWaitingOriginal(Deletes):
    """Thinks the clone needs it."""

    def clone_job(self, job_id: str) -> str:
        """Note it."""
        noted(self, "originals").append(job_id)
        return super().clone_job(job_id)

    def refuses(self, meta: dict[str, Any]) -> bool:
        """Refuse it."""
        return meta["status"] == "SUBMITTED" and meta["job_id"] in noted(self, "originals")


@MUTANTS.mutant("delete.waiting", "only hides a job that waits from the list")
class HidesWaiting(Deletes):
    """Deletes lazily, once the job is done."""

    def delete_job(self, job_id: str) -> Any:
        """Hide it."""
        if self.meta(job_id)["status"] == "SUBMITTED":
            noted(self, "hidden").append(job_id)
            return None
        return super().delete_job(job_id)

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Leave out what is hidden."""
        jobs = super().list_jobs(detailed, all)
        return [job for job in jobs if job["job_id"] not in noted(self, "hidden")]


@MUTANTS.mutant("delete.running", "refuses to delete a job that runs, as servers of NVFLARE 2.3 do")
class RefusesRunning(Deletes):
    """Wants a job to be done before it is deleted."""

    def refuses(self, meta: dict[str, Any]) -> bool:
        """Refuse a running job."""
        return bool(meta["status"] == "RUNNING")


@MUTANTS.mutant("delete.running", "refuses to delete a job that runs beside another")
class RefusesRunningBeside(Deletes):
    """Can't tell them apart."""

    def refuses(self, meta: dict[str, Any]) -> bool:
        """Refuse one of two."""
        return meta["status"] == "RUNNING" and len(self.inner.get_system_info().job_info) > 1


@MUTANTS.mutant("delete.running", "refuses to delete a running job of a closed session")
class RefusesRunningOfOthers(Deletes):
    """Waits for the session that submitted it."""

    def submit_job(self, job_definition_path: str) -> str:
        """Note the job."""
        job_id = super().submit_job(job_definition_path)
        self.system.memory[job_id] = self
        return job_id

    def close(self) -> Any:
        """Note it."""
        self.is_over = True
        return super().close()

    def refuses(self, meta: dict[str, Any]) -> bool:
        """Refuse it."""
        return meta["status"] == "RUNNING" and hasattr(self.system.memory.get(meta["job_id"]), "is_over")


@MUTANTS.mutant("delete.running", "refuses to delete a running job that somebody monitors")
class RefusesMonitored(Deletes):
    """Thinks the monitor needs it."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Note it meanwhile."""
        watched = noted(self, "watched")
        watched.append(job_id)
        try:
            return super().monitor_job(job_id, *args, **kwargs)
        finally:
            watched.remove(job_id)

    def refuses(self, meta: dict[str, Any]) -> bool:
        """A watched one."""
        return meta["status"] == "RUNNING" and meta["job_id"] in noted(self, "watched")


@MUTANTS.mutant("delete.dispatched", "refuses to delete a job that is dispatched")
class RefusesDispatched(Deletes):
    """Waits for it to run."""

    def refuses(self, meta: dict[str, Any]) -> bool:
        """Refuse it."""
        return bool(meta["status"] == "DISPATCHED")


@MUTANTS.mutant("delete.dispatched", "fails to delete a clone that is dispatched")
class FailsDispatchedClone(Deletes):
    """Has no name for its workspace yet."""

    def delete_job(self, job_id: str) -> Any:
        """Fail for a clone."""
        meta = self.meta(job_id)
        if meta["status"] == "DISPATCHED" and "cloned_from" in meta:
            raise InternalError(f"no workspace of {job_id}")
        return super().delete_job(job_id)


@MUTANTS.mutant("delete.done", "refuses to delete a job that was given up")
class RefusesGivenUp(Deletes):
    """Knows only statuses of jobs that ran."""

    def refuses(self, meta: dict[str, Any]) -> bool:
        """Refuse it."""
        return bool(meta["status"] == "FINISHED:CAN_NOT_SCHEDULE")


@MUTANTS.mutant("delete.done", "refuses to delete a job that was killed")
class RefusesKilled(Deletes):
    """Keeps it for inspection."""

    def refuses(self, meta: dict[str, Any]) -> bool:
        """Refuse it."""
        return bool(meta["status"] == "FINISHED:ABNORMAL")


@MUTANTS.mutant("delete.done", "refuses to delete a completed job whose result was downloaded")
class RefusesFetched(Deletes):
    """Thinks the result is still in use."""

    def download_job_result(self, job_id: str) -> str:
        """Note it."""
        noted(self, "fetched").append(job_id)
        return super().download_job_result(job_id)

    def refuses(self, meta: dict[str, Any]) -> bool:
        """Refuse it."""
        return meta["job_id"] in noted(self, "fetched")


@MUTANTS.mutant("delete.done", "does not find the eleventh job that is done")
class LosesEleventhDone(Deletes):
    """Reads a page of ten."""

    def delete_job(self, job_id: str) -> Any:
        """Look in the first ten."""
        place = [job["job_id"] for job in self.inner.list_jobs(False, True)].index(job_id)
        if place >= 10 and self.meta(job_id)["status"].startswith("FINISHED"):
            raise JobNotFound(f"no such job: {job_id}")
        return super().delete_job(job_id)


@MUTANTS.mutant("delete.done", "refuses to delete a job whose result another session has downloaded")
class RefusesFetchedElsewhere(Deletes):
    """Thinks that session reads it still."""

    def download_job_result(self, job_id: str) -> str:
        """Note who has it."""
        path = super().download_job_result(job_id)
        self.system.memory["fetched by", job_id] = self
        return path

    def refuses(self, meta: dict[str, Any]) -> bool:
        """Another's."""
        return self.system.memory.get(("fetched by", meta["job_id"]), self) is not self


@MUTANTS.mutant("delete.done", "can't delete a clone that could not be run, for want of its workspace")
class FailedCloneStays(Deletes):
    """Removes the workspace first."""

    def delete_job(self, job_id: str) -> Any:
        """Look for the workspace."""
        meta = self.meta(job_id)
        if meta["status"] == "FINISHED:FAILED_TO_RUN" and "cloned_from" in meta:
            raise InternalError("there is no workspace")
        return super().delete_job(job_id)
