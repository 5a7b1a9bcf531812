"""Sessions whose abort_job returns something, or does something to jobs that are done."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.clones import Cloning, also_to, clones_in
from contract_tests.mutants.toolkit.ending_jobs import Aborts
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.toolkit.results import Emptying
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import JobNotDone, JobNotFound

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


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


@MUTANTS.mutant("abort.done-no-effect", "throws away what a job left when it is aborted once it is done")
class LateAbortEmpties(Emptying):
    """Cleans up after aborts."""

    def abort_job(self, job_id: str) -> Any:
        """Empty what is done."""
        if self.inner.get_job_meta(job_id)["status"].startswith("FINISHED"):
            self.empty(job_id)
        return super().abort_job(job_id)


_GENERATOR.session(
    "AbortsWaitingClones",
    "abort.done-no-effect",
    "aborts the clones that wait of a job that is done",
    {"abort_job": also_to("abort_job", clones_in("SUBMITTED"), done=True)},
    Cloning,
)
