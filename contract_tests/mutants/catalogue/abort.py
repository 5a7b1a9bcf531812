"""Sessions that abort wrongly what is done, waits or starts."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.helpers import count, noted
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import JobNotDone, JobNotFound, SystemInfo

MUTANTS = VariantTable()


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


# --- the answer -----------------------------------------------------------------------------------------------------


@MUTANTS.mutant("abort.returns-none", "returns the server's message")
class AbortTells(Aborts):
    """Hands on what the server says."""

    def abort_job(self, job_id: str) -> Any:
        """Return text."""
        super().abort_job(job_id)
        return f"job {job_id} was aborted"


@MUTANTS.mutant("abort.returns-none", "returns False for a job that was done already")
class FalseWhenDone(Aborts):
    """Tells whether there was anything to do."""

    def abort_job(self, job_id: str) -> Any:
        """Return a bool for a job that is done."""
        status = self.status(job_id)
        super().abort_job(job_id)
        return False if status.startswith("FINISHED") else None


@MUTANTS.mutant("abort.returns-none", "raises JobNotDone for a job that failed")
class RaisesWhenFailed(Aborts):
    """Wants a job that can still be aborted."""

    def abort_job(self, job_id: str) -> Any:
        """Refuse a failed job."""
        if self.status(job_id) == "FINISHED:EXECUTION_EXCEPTION":
            raise JobNotDone(f"job {job_id} is over")
        return super().abort_job(job_id)


@MUTANTS.mutant("abort.returns-none", "returns the meta when a clone that runs is aborted")
class CloneAbortReturnsMeta(Aborts):
    """Has two code paths."""

    def abort_job(self, job_id: str) -> Any:
        """Return a meta."""
        running = self.status(job_id) == "RUNNING"
        super().abort_job(job_id)
        return self.inner.get_job_meta(job_id) if running and self.is_clone(job_id) else None


# --- jobs that are done ---------------------------------------------------------------------------------------------


class Relabels(Aborts):
    """Tells another status for some aborted jobs."""

    label = "FINISHED:ABORTED"

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """The meta, with the other status."""
        meta = super().get_job_meta(job_id)
        return {**meta, "status": self.label} if meta["job_id"] in noted(self, "relabelled") else meta

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """The list, with the other status."""
        jobs = super().list_jobs(detailed, all)
        return [{**j, "status": self.label} if j["job_id"] in noted(self, "relabelled") else j for j in jobs]

    def relabel(self, job_id: str) -> None:
        """Tell the other status from now on."""
        noted(self, "relabelled").append(job_id)


@MUTANTS.mutant("abort.done-no-effect", "marks a completed job as aborted")
class CompletedBecomesAborted(Relabels):
    """Does not look at the status first."""

    def then(self, job_id: str, status: str) -> None:
        """Mark it."""
        if status == "FINISHED:COMPLETED":
            self.relabel(job_id)


@MUTANTS.mutant("abort.done-no-effect", "marks a job that was killed as aborted, when it is aborted the third time")
class ThirdAbortMarksKilled(Relabels):
    """Gives in."""

    def then(self, job_id: str, status: str) -> None:
        """Mark it the third time."""
        if status == "FINISHED:ABNORMAL" and count(self, f"aborts of {job_id}") == 3:
            self.relabel(job_id)


@MUTANTS.mutant("abort.done-no-effect", "runs a job that was given up once more when it is aborted")
class AbortRevivesGivenUp(Relabels):
    """Puts it back into the queue."""

    label = "SUBMITTED"

    def then(self, job_id: str, status: str) -> None:
        """Put it back."""
        if status == "FINISHED:CAN_NOT_SCHEDULE":
            self.relabel(job_id)


@MUTANTS.mutant("abort.done-no-effect", "refuses to abort a completed job")
class RefusesCompleted(Aborts):
    """Wants something to abort."""

    def abort_job(self, job_id: str) -> Any:
        """Refuse."""
        if self.status(job_id) == "FINISHED:COMPLETED":
            raise JobNotFound(f"no such job is running: {job_id}")
        return super().abort_job(job_id)


@MUTANTS.mutant("abort.done-no-effect", "deletes a failed job that is aborted")
class AbortDeletesFailed(Aborts):
    """Cleans up."""

    def then(self, job_id: str, status: str) -> None:
        """Delete it."""
        if status == "FINISHED:EXECUTION_EXCEPTION":
            self.inner.delete_job(job_id)


@MUTANTS.mutant("abort.done-no-effect", "loses the result of a job that is aborted after its end")
class AbortLosesResult(Aborts):
    """Removes the workspace."""

    def then(self, job_id: str, status: str) -> None:
        """Note that it is gone."""
        if status.startswith("FINISHED"):
            noted(self, "lost").append(job_id)

    def download_job_result(self, job_id: str) -> str:
        """Refuse a lost one."""
        if job_id in noted(self, "lost"):
            raise JobNotFound(f"no result of {job_id}")
        return super().download_job_result(job_id)


@MUTANTS.mutant("abort.done-no-effect", "submits a completed clone once more when it is aborted")
class AbortResubmitsClone(Aborts):
    """Mixes up abort and restart."""

    def then(self, job_id: str, status: str) -> None:
        """Clone a completed clone."""
        if status == "FINISHED:COMPLETED" and self.is_clone(job_id):
            self.inner.clone_job(job_id)


# --- jobs that wait or start ----------------------------------------------------------------------------------------


@MUTANTS.mutant("abort.waiting-ends", "does nothing about a job that waits")
class IgnoresWaiting(Aborts):
    """Aborts only what runs."""

    def skips(self, job_id: str, status: str) -> bool:
        """Skip a job that waits."""
        return status == "SUBMITTED"


@MUTANTS.mutant("abort.waiting-ends", "does nothing about a clone that waits")
class IgnoresWaitingClone(Aborts):
    """Looks for it in the wrong queue."""

    def skips(self, job_id: str, status: str) -> bool:
        """Skip a clone that waits."""
        return status == "SUBMITTED" and self.is_clone(job_id)


@MUTANTS.mutant("abort.waiting-ends", "finds waiting jobs among the first ten only")
class TenWaiting(Aborts):
    """Reads a page of the queue."""

    def skips(self, job_id: str, status: str) -> bool:
        """Skip the eleventh and later jobs."""
        return job_id not in [job["job_id"] for job in self.inner.list_jobs(all=True)[:10]]


@MUTANTS.mutant("abort.waiting-ends", "ends only waiting jobs that the same session submitted")
class OwnWaitingOnly(Aborts):
    """Keeps a queue per session."""

    def submit_job(self, job_definition_path: str) -> str:
        """Note the job."""
        job_id = super().submit_job(job_definition_path)
        self.mine = {*getattr(self, "mine", ()), job_id}
        return job_id

    def skips(self, job_id: str, status: str) -> bool:
        """Skip waiting jobs of other sessions."""
        return status == "SUBMITTED" and not self.is_clone(job_id) and job_id not in getattr(self, "mine", ())


class Postpones(Aborts):
    """Ends some jobs for show: they run all the same. The inner job is a clone of the aborted one."""

    def then(self, job_id: str, status: str) -> None:
        """Let the job run under its old id, in secret."""
        if self.concerns(job_id, status):
            self.system.memory.setdefault("secret", {})[job_id] = self.inner.clone_job(job_id)

    def concerns(self, job_id: str, status: str) -> bool:
        """Whether a job runs all the same."""
        return False

    def get_system_info(self) -> SystemInfo:
        """Tell of jobs under their old ids."""
        info = super().get_system_info()
        ids = {secret: job_id for job_id, secret in self.system.memory.get("secret", {}).items()}
        for job in info.job_info:
            job.job_id = ids.get(job.job_id, job.job_id)
        return info


@MUTANTS.mutant("abort.waiting-never-runs", "executes an aborted job all the same")
class RunsAborted(Postpones):
    """Leaves it in the queue."""

    def concerns(self, job_id: str, status: str) -> bool:
        """Every job that waits."""
        return status == "SUBMITTED"


@MUTANTS.mutant("abort.waiting-never-runs", "executes a clone that was aborted while it waited")
class RunsAbortedClone(Postpones):
    """Takes only originals out of the queue."""

    def concerns(self, job_id: str, status: str) -> bool:
        """Clones that wait."""
        return status == "SUBMITTED" and self.is_clone(job_id)


@MUTANTS.mutant("abort.waiting-never-runs", "executes a waiting job that was aborted twice")
class SecondAbortRevives(Postpones):
    """Toggles."""

    def concerns(self, job_id: str, status: str) -> bool:
        """The second time."""
        return status == "FINISHED:ABORTED" and count(self, f"again {job_id}") == 1


@MUTANTS.mutant("abort.waiting-never-runs", "executes the eleventh job that is aborted in the queue")
class RunsEleventhAborted(Postpones):
    """Has room for ten marks."""

    def concerns(self, job_id: str, status: str) -> bool:
        """The eleventh."""
        return status == "SUBMITTED" and count(self, "aborted") == 11


@MUTANTS.mutant("abort.dispatched-sticks", "does nothing about a job that is dispatched")
class IgnoresDispatched(Aborts):
    """Has no way to stop it yet."""

    def skips(self, job_id: str, status: str) -> bool:
        """Skip it."""
        return status == "DISPATCHED"


@MUTANTS.mutant("abort.dispatched-sticks", "executes a job that was aborted while it was dispatched")
class RunsAbortedDispatched(Postpones):
    """Lets the start go on."""

    def concerns(self, job_id: str, status: str) -> bool:
        """Dispatched jobs."""
        return status == "DISPATCHED"


@MUTANTS.mutant("abort.dispatched-sticks", "overwrites the abort of a dispatched job with RUNNING a while later")
class StartOverwritesAbort(Relabels):
    """Writes the status of a start that was under way."""

    label = "RUNNING"

    def then(self, job_id: str, status: str) -> None:
        """Note when."""
        if status == "DISPATCHED":
            self.system.memory["when"] = self.system.server.clock.time(), job_id

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """RUNNING, from a minute on."""
        when, job = self.system.memory.get("when", (None, ""))
        if when is not None and self.system.server.clock.time() > when + 60.0:
            self.relabel(job)
        return super().get_job_meta(job_id)


@MUTANTS.mutant("abort.dispatched-sticks", "does not stop the start of a job of a closed session")
class IgnoresDispatchedOfClosed(Aborts):
    """Needs the session that submitted the job."""

    def submit_job(self, job_definition_path: str) -> str:
        """Note whose it is."""
        job_id = super().submit_job(job_definition_path)
        self.system.memory[job_id] = self
        return job_id

    def close(self) -> Any:
        """Note it."""
        self.is_over = True
        return super().close()

    def skips(self, job_id: str, status: str) -> bool:
        """Skip it."""
        return status == "DISPATCHED" and bool(getattr(self.system.memory.get(job_id), "is_over", False))
