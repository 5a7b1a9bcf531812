"""Sessions that are right as long as little goes on beside a call: other jobs, other sessions, earlier calls."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from contract_tests.mutants.catalogue.abort import Aborts
from contract_tests.mutants.catalogue.delete import Deletes
from contract_tests.mutants.catalogue.system_info import Told
from contract_tests.mutants.toolkit.helpers import is_number, noted
from contract_tests.mutants.toolkit.kinds import Cloning, Reading
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper
from flare_sim.spec import JobNotDone, JobNotFound, NoConnection, SystemInfo

MUTANTS = VariantTable()

_MANY = 3
"""Jobs that are executed at one time."""


# --- many jobs are executed -----------------------------------------------------------------------------------------


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


@MUTANTS.mutant("system.no-effect", "stops the oldest of many jobs when it is asked what is executed")
class LookStopsOldest(Told):
    """Has room for few."""

    def changed(self, info: SystemInfo) -> Any:
        """Stop one."""
        if len(info.job_info) > _MANY:
            self.inner.abort_job(info.job_info[0].job_id)
        return info


# --- other sessions and calls ---------------------------------------------------------------------------------------


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


@MUTANTS.mutant("delete.list", "lists a job that another user deleted to its submitter, once more")
class ListsOnceMore(Deletes):
    """Refreshes the other user's list at the next look, for the look after."""

    def delete_job(self, job_id: str) -> Any:
        """Keep the entry."""
        meta = self.meta(job_id)
        entry = next(job for job in self.inner.list_jobs(False, True) if job["job_id"] == meta["job_id"])
        super().delete_job(job_id)
        if meta["submitter_name"] != self.user:
            noted(self, meta["submitter_name"]).append(entry)

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With what is kept."""
        stale = noted(self, self.user)
        found = super().list_jobs(detailed, all) + stale
        stale.clear()
        return found


@MUTANTS.mutant("close.again", "can't be closed again when it has deleted a job")
class CloseAfterDeletionRaises(Wrapper):
    """Closes a connection that a deletion leaves without its last answer."""

    deleted = closed = False

    def delete_job(self, job_id: str) -> Any:
        """Note it."""
        super().delete_job(job_id)
        self.deleted = True

    def close(self) -> Any:
        """Once."""
        if self.closed and self.deleted:
            raise AttributeError("'NoneType' object has no attribute 'close'")
        self.closed = True
        return super().close()


@MUTANTS.mutant("malformed.no-effect", "deletes the job whose id it is given with a blank, and says that there is none")
class DeletesBeforeItReads(Wrapper):
    """Hands the trimmed id to the server, and looks for the answer under the one it was given."""

    def delete_job(self, job_id: str) -> Any:
        """Trim."""
        given: Any = job_id
        if isinstance(given, str) and job_id != job_id.strip():
            with suppress(JobNotFound, JobNotDone):
                super().delete_job(job_id.strip())
            raise JobNotFound(f"no such job: {job_id!r}")
        return super().delete_job(job_id)


@MUTANTS.mutant("life.no-step-back", "tells SUBMITTED at the first look of a session that has seen an outage")
class BeginsAnewAfterOutage(Wrapper):
    """Has lost what it knew, and takes a job for a new one until it has asked."""

    missed = False

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Look."""
        try:
            meta = super().get_job_meta(job_id)
        except NoConnection:
            self.missed = True
            raise
        began, self.missed = self.missed, False
        return {**meta, "status": "SUBMITTED"} if began and meta["status"] in ("DISPATCHED", "RUNNING") else meta


# --- monitors -------------------------------------------------------------------------------------------------------


@MUTANTS.mutant("monitor.finish-before-timeout", "waits for the timeout when the job was aborted")
class AbortedRunsOutTime(MonitorLoop):
    """Has a deadline, and takes an abort for a pause."""

    limited = False

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Note whether there is a timeout."""
        self.limited = is_number(timeout) and timeout > 0
        return super().monitor_job(job_id, timeout, *args, **kwargs)

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Not yet, if it was aborted meanwhile."""
        return done and not (self.limited and polls > 1 and meta["status"] == "FINISHED:ABORTED")


class _Repeats(MonitorLoop):
    """Knows which monitor of a job it is, and when the first one began."""

    began: float = 0.0
    number = 0

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Count."""
        known = self.__dict__.setdefault("known", {})
        self.number, self.began = known.get(job_id, (0, self.now()))
        known[job_id] = (self.number + 1, self.began)
        return super().monitor_job(job_id, *args, **kwargs)


@MUTANTS.mutant("monitor.callback-first", "calls the callback of a job's second monitor from its second poll on")
class SecondMonitorSkipsFirst(_Repeats):
    """Has told of that meta before."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Not at once."""
        if self.number and polls == 1:
            return True
        return super().call(cb, polls, job_id, meta, args, kwargs)


@MUTANTS.mutant("monitor.again", "counts the timeout of a job's later monitors from the beginning of the first")
class CountsFromFirst(_Repeats):
    """Keeps the deadline with the job."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """By the first beginning."""
        return super().timed_out(timeout, self.now() - self.began, polls)


@MUTANTS.mutant("monitor.callback-last", "does not call the callback again for a job whose end it has told of")
class TellsEndOnce(MonitorLoop):
    """Thinks that everybody knows."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Once."""
        if meta["status"].startswith("FINISHED"):
            told = noted(self, "told")
            if job_id in told:
                return True
            told.append(job_id)
        return super().call(cb, polls, job_id, meta, args, kwargs)


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
