"""Sessions whose monitors get an outage wrong."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.monitors import Unwatched
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper
from flare_sim.spec import InternalError, MonitorReturnCode, NoConnection

MUTANTS = VariantTable()


class _Retrying(MonitorLoop):
    """Has a loop whose polls can be told apart."""

    polls = 0
    last: Any = None

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Begin to count."""
        self.polls, self.last = 0, None
        return super().monitor_job(job_id, *args, **kwargs)

    def poll(self, job_id: str) -> dict[str, Any]:
        """Ask what to do when a later poll fails."""
        self.polls += 1
        try:
            self.last = super().poll(job_id)
        except NoConnection as error:
            if self.last is None:
                raise
            return self.trouble(job_id, error)
        return dict(self.last)

    def trouble(self, job_id: str, error: NoConnection) -> dict[str, Any]:
        """What is done in an outage."""
        raise error


@MUTANTS.mutant("outage.monitoring", "hands out the last meta while there is no server")
class MonitorsFromMemory(_Retrying):
    """Hopes for the best."""

    def trouble(self, job_id: str, error: NoConnection) -> dict[str, Any]:
        """The last meta."""
        return dict(self.last)


@MUTANTS.mutant("outage.monitoring", "tries again once before it gives up")
class MonitorTriesAgain(_Retrying):
    """Sleeps a while and polls again, after a call of the callback with the last meta."""

    tried = False

    def trouble(self, job_id: str, error: NoConnection) -> dict[str, Any]:
        """One more poll interval."""
        if self.tried:
            raise error
        self.tried = True
        return dict(self.last)


@MUTANTS.mutant("outage.monitoring", "takes an outage after the third poll for the end of the job")
class OutageIsEnd(_Retrying):
    """Thinks that the server went when the work was done."""

    def trouble(self, job_id: str, error: NoConnection) -> dict[str, Any]:
        """A finished meta."""
        if self.polls <= 3:
            raise error
        return {**self.last, "status": "FINISHED:COMPLETED"}


@MUTANTS.mutant("outage.monitoring", "returns TIMEOUT when the server goes")
class OutageIsTimeout(Wrapper):
    """Has one code for trouble."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Turn a later NoConnection into a code."""
        self.inner.get_job_meta(job_id)
        try:
            return super().monitor_job(job_id, *args, **kwargs)
        except NoConnection:
            return MonitorReturnCode.TIMEOUT


@MUTANTS.mutant("outage.monitoring", "raises InternalError when the server goes while a job runs")
class OutageIsInternalError(_Retrying):
    """Does not expect it."""

    def trouble(self, job_id: str, error: NoConnection) -> dict[str, Any]:
        """Another error for a job that ran."""
        if self.last["status"] == "RUNNING":
            raise InternalError("the poll failed") from error
        raise error


@MUTANTS.mutant("outage.monitoring", "waits out an outage of up to an hour, silently")
class MonitorWaitsOutage(_Retrying):
    """Blocks."""

    def trouble(self, job_id: str, error: NoConnection) -> dict[str, Any]:
        """Sleep, and try once more."""
        self.system.server.clock.sleep(3600.0)
        return self.inner.get_job_meta(job_id)  # type: ignore[no-any-return]


@MUTANTS.mutant("outage.monitoring", "waits a minute for the server to come back, when there is no callback")
class SitsOutagesOut(Unwatched):
    """Has the time."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """Wait."""
        if isinstance(error, NoConnection):
            self.system.server.clock.sleep(60.0)
            return self.inner.get_job_meta(job_id)  # type: ignore[no-any-return]
        raise error
