"""Sessions whose monitor_job has another loop for when there is no callback, and that one gets what happens wrong."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.helpers import DONE, TIMEOUT
from contract_tests.mutants.toolkit.kinds import Polling
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import InternalError, JobNotFound, NoConnection, SessionClosed

MUTANTS = VariantTable()


class _Unwatched(Polling):
    """Hands monitors with a callback on, and has its own way with those that have none."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any
    ) -> Any:
        """Two ways to monitor."""
        if cb is not None:
            return Wrapper.monitor_job(self, job_id, timeout, poll_interval, cb, *a, **k)
        return super().monitor_job(job_id, timeout, poll_interval)


@MUTANTS.mutant("monitor.deleted-meanwhile", "takes a job that is gone for one that is done, when there is no callback")
class GoneIsDone(_Unwatched):
    """Has nobody to tell."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """A meta of a job that is done."""
        if isinstance(error, JobNotFound):
            return {**self.last, "status": "FINISHED:COMPLETED"}
        raise error


@MUTANTS.mutant("monitor.deleted-meanwhile", "waits for a deleted job to come back, when there is no callback")
class GoneMayComeBack(_Unwatched):
    """Takes it for a slow store."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """The last meta, for some polls."""
        if isinstance(error, JobNotFound) and self.polls < 40:
            return dict(self.last)
        raise error


@MUTANTS.mutant("monitor.aborted-meanwhile", "returns TIMEOUT for a job that was aborted, when there is no callback")
class AbortedIsTimeout(_Unwatched):
    """Knows of no other way not to finish."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Change the code of a monitor that saw the job undone."""
        code = super().monitor_job(job_id, *args, **kwargs)
        aborted = code is DONE and self.polls > 1 and self.last["status"] == "FINISHED:ABORTED"
        self.polls = 0
        return TIMEOUT if aborted else code


@MUTANTS.mutant("monitor.closed-meanwhile", "polls by a session of its own, when there is no callback")
class ClosedUnseen(_Unwatched):
    """Does not look whether its session is closed."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """Ask by another session."""
        if isinstance(error, SessionClosed):
            return self.system.server.connect(self.user).get_job_meta(job_id)
        raise error


@MUTANTS.mutant("monitor.this-job", "ends when the number of done jobs grows, when there is no callback")
class AnyEndEndsUnwatched(_Unwatched):
    """Waits for a change and does not look of what."""

    before = 0

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Some job was done."""
        count = sum(entry["status"].startswith("FINISHED") for entry in self.inner.list_jobs(False, True))
        grown, self.before = polls > 1 and count > self.before, count
        return done or grown


@MUTANTS.mutant("outage.monitoring", "waits a minute for the server to come back, when there is no callback")
class SitsOutagesOut(_Unwatched):
    """Has the time."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """Wait."""
        if isinstance(error, NoConnection):
            self.system.server.clock.sleep(60.0)
            return self.inner.get_job_meta(job_id)  # type: ignore[no-any-return]
        raise error


@MUTANTS.mutant("lost.monitor-job", "logs in again in the middle of a monitor, when there is no callback")
class LogsInAgainUnwatched(_Unwatched):
    """Means well."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """Go on with another session."""
        if isinstance(error, SessionClosed):
            self.inner = SimulatedSystem.open_session(self.system, self.user)
            return self.inner.get_job_meta(job_id)  # type: ignore[no-any-return]
        raise error


@MUTANTS.mutant("misbehaving.monitor-job", "takes nonsense for no news, when there is no callback")
class NonsenseIsNoNews(_Unwatched):
    """Hopes for the next poll."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """The last meta."""
        if isinstance(error, InternalError):
            return dict(self.last)
        raise error
