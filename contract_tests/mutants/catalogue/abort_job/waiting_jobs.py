"""Sessions that abort jobs wrongly which wait or are dispatched."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.catalogue.abort_job.done_jobs import Relabels
from contract_tests.mutants.toolkit.ending_jobs import Aborts, SeesOutages
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.monitors import puts_off
from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.toolkit.wrong_answers import Reading
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import SystemInfo

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


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


puts_off(_GENERATOR, "abort_job", "abort.waiting-ends", "SUBMITTED")


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


@MUTANTS.mutant("abort.waiting-never-runs", "only says that a waiting job is aborted, as long as another one runs")
class AbortsLaterWhenBusy(Aborts, Reading):
    """Puts it off until there is time, which never comes."""

    def skips(self, job_id: str, status: str) -> bool:
        """A job that waits while the server is busy."""
        skipped = status == "SUBMITTED" and bool(self.inner.get_system_info().job_info)
        if skipped:
            noted(self, "put off").append(job_id)
        return skipped

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Aborted, it says."""
        return {**meta, "status": "FINISHED:ABORTED"} if meta["job_id"] in noted(self, "put off") else meta


@MUTANTS.mutant("abort.waiting-never-runs", "runs a job after an outage that was aborted before it while it waited")
class RequeuedAfterOutage(SeesOutages):
    """Reads its queue from the disk again."""

    def then(self, job_id: str, status: str) -> None:
        """Keep it in the queue."""
        if status == "SUBMITTED":
            noted(self, "queued").append(job_id)

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Run what is in it."""
        again = meta["job_id"] in noted(self, "queued") and noted(self, "outages")
        return {**meta, "status": "RUNNING"} if again else meta


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
