"""Sessions whose monitor_job does something to jobs."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from contract_tests.mutants.toolkit.clones import Cloning
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.monitors import DONE, ENDED, TIMEOUT, Recoding
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.wrong_answers import marking
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop
from flare_sim.spec import JobNotFound, MonitorReturnCode

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


class _After(Recoding):
    """Does something after a monitor that ended with `code`."""

    code = TIMEOUT

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Do it, and leave the code."""
        if code is self.code:
            self.then(job_id)
        return code

    def then(self, job_id: str) -> None:
        """What is done."""


@MUTANTS.mutant("monitor.timeout-no-effect", "aborts a job whose monitor timed out")
class AbortsOnTimeout(_After):
    """Takes the monitor's timeout for the job's."""

    def then(self, job_id: str) -> None:
        """Abort."""
        self.inner.abort_job(job_id)


@MUTANTS.mutant("monitor.timeout-no-effect", "deletes a job that still waits when its monitor times out")
class DeletesWaitingOnTimeout(_After):
    """Tidies up."""

    def then(self, job_id: str) -> None:
        """Delete a job that waits."""
        if self.inner.get_job_meta(job_id)["status"] == "SUBMITTED":
            self.inner.delete_job(job_id)


@MUTANTS.mutant("monitor.timeout-no-effect", "aborts the job when a second monitor of it times out")
class AbortsOnSecondTimeout(_After):
    """Loses patience."""

    def then(self, job_id: str) -> None:
        """Abort the second time."""
        if count(self, job_id) == 2:
            self.inner.abort_job(job_id)


@MUTANTS.mutant("monitor.timeout-no-effect", "submits the job once more when its monitor times out")
class ResubmitsOnTimeout(_After):
    """Tries again."""

    def then(self, job_id: str) -> None:
        """Clone."""
        self.inner.clone_job(job_id)


@MUTANTS.mutant("monitor.timeout-no-effect", "closes the session when a monitor times out")
class ClosesOnTimeout(_After):
    """Logs out."""

    def then(self, job_id: str) -> None:
        """Abort every job that waits, by the way out."""
        for entry in self.inner.list_jobs():
            if entry["status"] == "SUBMITTED" and entry["job_id"] != job_id:
                self.inner.abort_job(entry["job_id"])


@MUTANTS.mutant("monitor.callback-end-no-effect", "aborts a job whose callback returned False")
class AbortsOnFalse(_After):
    """Takes the end of the monitor for the end of the job."""

    code = ENDED

    def then(self, job_id: str) -> None:
        """Abort."""
        self.inner.abort_job(job_id)


@MUTANTS.mutant("monitor.callback-end-no-effect", "deletes a waiting job whose callback returned False")
class DeletesWaitingOnFalse(_After):
    """Takes it for a cancellation."""

    code = ENDED

    def then(self, job_id: str) -> None:
        """Delete a job that waits."""
        if self.inner.get_job_meta(job_id)["status"] == "SUBMITTED":
            self.inner.delete_job(job_id)


@MUTANTS.mutant("monitor.callback-end-no-effect", "aborts the job when its callback returned False at once")
class AbortsOnFirstFalse(MonitorLoop):
    """Takes an early False for a veto."""

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """Abort if it is the first call."""
        if not answer and polls == 1:
            self.inner.abort_job(self.job)
        return super().ends(answer, polls, done)

    def poll(self, job_id: str) -> dict[str, Any]:
        """Note the job."""
        self.job = job_id
        return super().poll(job_id)


def _on_error(act: str) -> None:
    """Declare a monitor that does something to a job whose callback raised."""

    def call(self: Any, cb: Any, polls: int, job_id: str, *rest: Any) -> Any:
        try:
            return MonitorLoop.call(self, cb, polls, job_id, *rest)
        except Exception:
            getattr(self.inner, f"{act}_job")(job_id)
            raise

    difference = f"{act}s a job whose callback raised"
    _GENERATOR.session(
        f"{act.title()}sOnError", "monitor.callback-end-no-effect", difference, {"call": call}, MonitorLoop
    )


_on_error("abort")
_on_error("delete")


@MUTANTS.mutant("monitor.no-effect", "deletes a job when its monitor has seen the end")
class DeletesWhenDone(_After):
    """Tidies up."""

    code = DONE

    def then(self, job_id: str) -> None:
        """Delete."""
        self.inner.delete_job(job_id)


@MUTANTS.mutant("monitor.no-effect", "submits a job again when it failed")
class ResubmitsFailed(_After):
    """Tries again."""

    code = DONE

    def then(self, job_id: str) -> None:
        """Clone a job that failed."""
        if self.inner.get_job_meta(job_id)["status"] == "FINISHED:EXECUTION_EXCEPTION":
            self.inner.clone_job(job_id)


@MUTANTS.mutant("monitor.no-effect", "aborts the other jobs that wait when the monitored one is done")
class AbortsOthersWhenDone(_After):
    """Thinks it is alone."""

    code = DONE

    def then(self, job_id: str) -> None:
        """Abort what waits."""
        for entry in self.inner.list_jobs():
            if entry["status"] == "SUBMITTED":
                self.inner.abort_job(entry["job_id"])


@MUTANTS.mutant("monitor.no-effect", "deletes jobs of other users that wait when the monitored one is done")
class DeletesOthersJobsWhenDone(_After):
    """Thinks its user is alone."""

    code = DONE

    def then(self, job_id: str) -> None:
        """Delete what others have waiting."""
        mine = [entry["job_id"] for entry in self.inner.list_jobs()]
        for entry in self.inner.list_jobs(False, True):
            if entry["job_id"] not in mine and entry["status"] == "SUBMITTED":
                self.inner.delete_job(entry["job_id"])


@MUTANTS.mutant("monitor.no-effect", "notes in the job's meta that it was monitored")
class MarksMonitored(_After):
    """Adds to what the session tells of the job."""

    code = DONE

    def then(self, job_id: str) -> None:
        """Note it."""
        self.system.memory[job_id] = True

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell it."""
        meta = super().get_job_meta(job_id)
        return {**meta, "status": "FINISHED:MONITORED"} if job_id in self.system.memory else meta


@MUTANTS.mutant("monitor.no-effect", "deletes the original of a clone that it monitors to the end, if that is done")
class ClearsOriginal(MonitorLoop, Cloning):
    """Thinks the clone replaces it."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Delete it."""
        original = self.origins.get(meta["job_id"])
        if done and polls > 1 and original is not None:
            with suppress(JobNotFound):
                if self.inner.get_job_meta(original)["status"].startswith("FINISHED"):
                    self.inner.delete_job(original)
        return done


marking(_GENERATOR, "monitor", "monitor_job")
