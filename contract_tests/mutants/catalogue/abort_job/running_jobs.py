"""Sessions that abort running jobs wrongly, or not when they are aborted twice."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.catalogue.abort_job.done_jobs import Relabels
from contract_tests.mutants.catalogue.abort_job.waiting_jobs import Postpones
from contract_tests.mutants.toolkit.ending_jobs import Aborts, OneAtATime
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.monitors import puts_off
from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.toolkit.wrong_answers import Reading
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import JobNotFound, SystemInfo

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


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


@MUTANTS.mutant("abort.running-ends", "drops the abort of a running job while it waits for another one to stop")
class OneAbortAtATime(OneAtATime):
    """Has room for one."""

    def abort_job(self, job_id: str) -> Any:
        """Abort one."""
        return self.one_at_a_time("abort_job", job_id)


puts_off(_GENERATOR, "abort_job", "abort.running-ends", "RUNNING")


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


@MUTANTS.mutant("abort.twice", "kills a run, which then is ABNORMAL, when it is aborted again before it has stopped")
class SecondAbortKills(Reading):
    """Takes the second for impatience."""

    def abort_job(self, job_id: str) -> Any:
        """Note aborts that wait."""
        under_way = noted(self, "under way")
        if job_id in under_way:
            noted(self, "killed").append(job_id)
        under_way.append(job_id)
        try:
            return super().abort_job(job_id)
        finally:
            under_way.remove(job_id)

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Killed."""
        killed = meta["job_id"] in noted(self, "killed") and meta["status"] == "FINISHED:ABORTED"
        return {**meta, "status": "FINISHED:ABNORMAL"} if killed else meta
