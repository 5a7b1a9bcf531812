"""Sessions whose monitor_job gets it wrong that a job is ended or a session closed, or minds other jobs."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.monitors import DONE, ENDED, TIMEOUT, Polling, RepeatedMonitor, Unwatched
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper
from flare_sim.spec import InternalError, JobNotFound, SessionClosed

MUTANTS = VariantTable()


@MUTANTS.mutant("monitor.aborted-meanwhile", "returns ENDED_BY_CB when the job was aborted")
class AbortedIsEnded(Wrapper):
    """Takes the abort for the wish to end the monitor."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Change the code."""
        began = str(self.inner.get_job_meta(job_id)["status"])
        code = super().monitor_job(job_id, *args, **kwargs)
        if code is DONE and not began.startswith("FINISHED"):
            return ENDED if self.inner.get_job_meta(job_id)["status"] == "FINISHED:ABORTED" else code
        return code


@MUTANTS.mutant("monitor.aborted-meanwhile", "raises JobNotFound when the job was aborted before it ran")
class AbortedIsNotFound(MonitorLoop):
    """Takes an abort for a deletion."""

    ran = False

    def poll(self, job_id: str) -> dict[str, Any]:
        """Raise for a job that was seen to wait and is aborted now."""
        meta = super().poll(job_id)
        if meta["status"] == "FINISHED:ABORTED" and self.waited:
            raise JobNotFound(f"no such job: {job_id}")
        self.waited = meta["status"] == "SUBMITTED"
        return meta

    waited = False


@MUTANTS.mutant("monitor.aborted-meanwhile", "goes on for ever when the job is aborted after its third poll")
class LateAbortIsMissed(MonitorLoop):
    """Waits for the end of the run that never comes."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Not for a job that was aborted late."""
        return done and (polls <= 4 or meta["status"] != "FINISHED:ABORTED")


@MUTANTS.mutant("monitor.aborted-meanwhile", "returns TIMEOUT for a job that was aborted, when there is no callback")
class AbortedIsTimeout(Unwatched):
    """Knows of no other way not to finish."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Change the code of a monitor that saw the job undone."""
        code = super().monitor_job(job_id, *args, **kwargs)
        aborted = code is DONE and self.polls > 1 and self.last["status"] == "FINISHED:ABORTED"
        self.polls = 0
        return TIMEOUT if aborted else code


@MUTANTS.mutant("monitor.deleted-meanwhile", "returns JOB_FINISHED when the job was deleted")
class DeletedIsFinished(Wrapper):
    """Takes a job that is gone for one that is done."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Swallow the error of a later poll."""
        self.inner.get_job_meta(job_id)
        try:
            return super().monitor_job(job_id, *args, **kwargs)
        except JobNotFound:
            return DONE


@MUTANTS.mutant("monitor.deleted-meanwhile", "raises SessionClosed when the job was deleted")
class DeletedIsClosed(Wrapper):
    """Has one error for everything that ends a monitor."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Change the error of a later poll."""
        self.inner.get_job_meta(job_id)
        try:
            return super().monitor_job(job_id, *args, **kwargs)
        except JobNotFound as error:
            raise SessionClosed("the job is gone") from error


@MUTANTS.mutant(
    "monitor.deleted-meanwhile", "polls once more, ten seconds later, before it believes that the job is gone"
)
class DoubtsDeletion(MonitorLoop):
    """Retries."""

    seen: frozenset[str] | set[str] = frozenset()

    def poll(self, job_id: str) -> dict[str, Any]:
        """Try again."""
        try:
            return super().poll(job_id)
        except JobNotFound:
            if job_id not in self.seen:
                raise
            self.system.server.clock.sleep(10.0)
        return super().poll(job_id)

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """An unknown job is found to be so at once."""
        self.inner.get_job_meta(job_id)
        self.seen = {job_id}
        return super().monitor_job(job_id, *args, **kwargs)


@MUTANTS.mutant(
    "monitor.deleted-meanwhile", "calls the callback once more, with the last meta, when the job was deleted"
)
class LastCallForDeleted(MonitorLoop):
    """Gives the callback a last chance."""

    last: Any = None

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Keep what a last call needs."""
        self.last = (cb, polls, job_id, meta, args, kwargs)
        return super().call(cb, polls, job_id, meta, args, kwargs)

    def poll(self, job_id: str) -> dict[str, Any]:
        """Call once more when the job is gone."""
        try:
            return super().poll(job_id)
        except JobNotFound:
            if self.last and self.last[2] == job_id:
                super().call(*self.last)
            raise


@MUTANTS.mutant("monitor.deleted-meanwhile", "hands out the last meta for ever when the job was deleted while it ran")
class DeletedRunsOn(Polling):
    """Keeps the last meta for bad times."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """Use the last meta of a job that ran."""
        if isinstance(error, JobNotFound) and self.last["status"] == "RUNNING":
            return dict(self.last)
        raise error


@MUTANTS.mutant("monitor.deleted-meanwhile", "takes a job that is gone for one that is done, when there is no callback")
class GoneIsDone(Unwatched):
    """Has nobody to tell."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """A meta of a job that is done."""
        if isinstance(error, JobNotFound):
            return {**self.last, "status": "FINISHED:COMPLETED"}
        raise error


@MUTANTS.mutant("monitor.deleted-meanwhile", "waits for a deleted job to come back, when there is no callback")
class GoneMayComeBack(Unwatched):
    """Takes it for a slow store."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """The last meta, for some polls."""
        if isinstance(error, JobNotFound) and self.polls < 40:
            return dict(self.last)
        raise error


@MUTANTS.mutant("monitor.closed-meanwhile", "goes on after the session was closed")
class MonitorsOnWhenClosed(MonitorLoop):
    """Polls by a session of its own."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Open one more session, unless this one is closed."""
        self.get_job_meta(*args[:1]) if args else None
        self.own = self.system.server.connect(self.user)
        return super().monitor_job(*args, **kwargs)

    def poll(self, job_id: str) -> dict[str, Any]:
        """By the own session."""
        return self.own.get_job_meta(job_id)


@MUTANTS.mutant("monitor.closed-meanwhile", "returns ENDED_BY_CB when the session was closed")
class ClosedIsEnded(MonitorLoop):
    """Takes the end of the session for the wish to end the monitor."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Swallow the error of a later poll."""
        self.get_job_meta(job_id)
        try:
            return super().monitor_job(job_id, *args, **kwargs)
        except SessionClosed:
            return ENDED


@MUTANTS.mutant("monitor.closed-meanwhile", "raises InternalError when the session was closed after the second poll")
class ClosedIsInternal(Polling):
    """Does not expect the end of the session in its loop."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """Another error, of later polls."""
        if isinstance(error, SessionClosed) and self.polls > 2:
            raise InternalError("the poll failed") from error
        raise error


@MUTANTS.mutant("monitor.closed-meanwhile", "polls by a session of its own, when there is no callback")
class ClosedUnseen(Unwatched):
    """Does not look whether its session is closed."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """Ask by another session."""
        if isinstance(error, SessionClosed):
            return self.system.server.connect(self.user).get_job_meta(job_id)
        raise error


@MUTANTS.mutant("monitor.this-job", "ends when any other job of the user is done")
class AnyJobEnds(MonitorLoop):
    """Looks at the list."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Any job will do."""
        return done or any(entry["status"].startswith("FINISHED") for entry in self.inner.list_jobs())


@MUTANTS.mutant("monitor.this-job", "ends when a job ends while it monitors another")
class OtherEndEnds(MonitorLoop):
    """Listens to the ends of all jobs."""

    count = 0

    def _done(self) -> int:
        return sum(entry["status"].startswith("FINISHED") for entry in self.inner.list_jobs(False, True))

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Whenever the number of done jobs grows."""
        count, before = self._done(), self.count
        self.count = count
        return done or (polls > 1 and count > before)


@MUTANTS.mutant("monitor.this-job", "ends when the original of a monitored clone is done")
class OriginalEndsClone(MonitorLoop):
    """Mixes up clone and original."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """The original's end counts, too."""
        try:
            original = self.inner.get_job_meta(meta.get("cloned_from"))
        except JobNotFound:
            return done
        return done or str(original["status"]).startswith("FINISHED")


@MUTANTS.mutant("monitor.this-job", "ends when a clone of the monitored job is done")
class CloneEndsOriginal(MonitorLoop):
    """Mixes up original and clone."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """A clone's end counts, too."""
        clones = [job for job in self.inner.list_jobs(True, True) if job.get("cloned_from") == meta["job_id"]]
        return done or any(clone["status"].startswith("FINISHED") for clone in clones)


@MUTANTS.mutant("monitor.this-job", "ends when the number of done jobs grows, when there is no callback")
class AnyEndEndsUnwatched(Unwatched):
    """Waits for a change and does not look of what."""

    before = 0

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Some job was done."""
        count = sum(entry["status"].startswith("FINISHED") for entry in self.inner.list_jobs(False, True))
        grown, self.before = polls > 1 and count > self.before, count
        return done or grown


@MUTANTS.mutant("monitor.again", "remembers that a monitor of the job timed out")
class TimedOutForGood(Wrapper):
    """Keeps the result of the first monitor of a job."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Return it again."""
        self.inner.get_job_meta(job_id)
        if job_id in self.system.memory:
            return TIMEOUT
        code = super().monitor_job(job_id, *args, **kwargs)
        if code is TIMEOUT:
            self.system.memory[job_id] = True
        return code


@MUTANTS.mutant("monitor.again", "never resets the flag that the callback returned False")
class EndedForGood(MonitorLoop):
    """Keeps the flag on the session."""

    stopped = False

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """Once False, always False."""
        self.stopped = self.stopped or not answer
        return self.stopped


@MUTANTS.mutant("monitor.again", "refuses a second monitor after a callback raised, as it takes the first for running")
class BusyAfterError(Wrapper):
    """Lets go of the job only on the regular way out."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Note the job while it is monitored."""
        busy = self.system.memory.setdefault("busy", set())
        if job_id in busy:
            raise InternalError("the job is being monitored")
        self.inner.get_job_meta(job_id)
        own = args[2] if len(args) > 2 else kwargs.get("cb")
        if callable(own):
            busy.add(job_id)
        try:
            code = super().monitor_job(job_id, *args, **kwargs)
        except (JobNotFound, SessionClosed):
            busy.discard(job_id)
            raise
        busy.discard(job_id)
        return code


@MUTANTS.mutant("monitor.again", "loses the callback from a session's fourth monitor on")
class ThreeMonitorsOnly(MonitorLoop):
    """Has room for three callbacks."""

    used = 0

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any
    ) -> Any:
        """Drop the callback when there is no room."""
        self.used += 1
        if self.used > 3 and callable(cb):
            cb = None
        return super().monitor_job(job_id, timeout, poll_interval, cb, *a, **k)


@MUTANTS.mutant("monitor.again", "counts the timeout of a job's later monitors from the beginning of the first")
class CountsFromFirst(RepeatedMonitor):
    """Keeps the deadline with the job."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """By the first beginning."""
        return super().timed_out(timeout, self.now() - self.began, polls)
