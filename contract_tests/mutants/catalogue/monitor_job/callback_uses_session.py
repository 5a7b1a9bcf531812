"""Sessions that can't be used in a callback of monitor_job."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.monitors import ENDED
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop
from flare_sim.spec import InternalError

MUTANTS = VariantTable()


class _Busy(MonitorLoop):
    """Knows whether a callback is under way."""

    inside = False

    def call(self, *args: Any) -> Any:
        """Note it."""
        self.inside = True
        try:
            return super().call(*args)
        finally:
            self.inside = False

    def refuse(self) -> None:
        """Raise in the callback."""
        if self.inside:
            raise InternalError("the session is busy")


@MUTANTS.mutant("monitor.callback-reads", "refuses to read a job's meta in the callback")
class BusyForMeta(_Busy):
    """Takes one call at a time."""

    def poll(self, job_id: str) -> dict[str, Any]:
        """The monitor's own poll."""
        return super().get_job_meta(job_id)

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Not in the callback."""
        self.refuse()
        return super().get_job_meta(job_id)


@MUTANTS.mutant("monitor.callback-reads", "refuses to list jobs in the callback")
class BusyForList(_Busy):
    """Takes one call at a time."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Not in the callback."""
        self.refuse()
        return super().list_jobs(detailed, all)


@MUTANTS.mutant("monitor.callback-reads", "gives the meta of the monitored job for any job in the callback")
class OneMetaInside(_Busy):
    """Has one job in mind."""

    job = ""

    def poll(self, job_id: str) -> dict[str, Any]:
        """Note the job."""
        self.job = job_id
        return super().get_job_meta(job_id)

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Of that job, in the callback."""
        return super().get_job_meta(self.job if self.inside else job_id)


@MUTANTS.mutant("monitor.callback-reads", "ends the monitor when the callback listed jobs")
class ListEndsMonitor(_Busy):
    """Is confused by another call."""

    confused = False

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Note it."""
        self.confused = self.inside
        return super().list_jobs(detailed, all)

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """When it is noted."""
        return self.confused or super().ends(answer, polls, done)


@MUTANTS.mutant("monitor.callback-aborts", "refuses to abort a job in the callback")
class BusyForAbort(_Busy):
    """Takes one call at a time."""

    def abort_job(self, job_id: str) -> Any:
        """Not in the callback."""
        self.refuse()
        return super().abort_job(job_id)


@MUTANTS.mutant("monitor.callback-aborts", "says ENDED_BY_CB when the callback aborted the job")
class AbortInsideIsEnded(_Busy):
    """Takes the callback's abort for its wish to stop."""

    aborted = False

    def abort_job(self, job_id: str) -> Any:
        """Note it."""
        self.aborted = self.inside
        return super().abort_job(job_id)

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """When it is noted."""
        return self.aborted or super().ends(answer, polls, done)


@MUTANTS.mutant("monitor.callback-aborts", "puts the abort off until the monitor is over, in a callback")
class AbortInsideIsLater(_Busy):
    """Does first things first: the job runs on as long as it is monitored."""

    def abort_job(self, job_id: str) -> Any:
        """Not in the callback."""
        return None if self.inside else super().abort_job(job_id)


@MUTANTS.mutant("monitor.callback-deletes", "refuses to delete a job in the callback")
class BusyForDelete(_Busy):
    """Takes one call at a time."""

    def delete_job(self, job_id: str) -> Any:
        """Not in the callback."""
        self.refuse()
        return super().delete_job(job_id)


@MUTANTS.mutant("monitor.callback-deletes", "says JOB_FINISHED when the callback itself deleted the job")
class DeleteInsideIsFinished(_Busy):
    """Thinks that the callback knows what it did."""

    deleted = False

    def delete_job(self, job_id: str) -> Any:
        """Note it."""
        self.deleted = self.inside
        return super().delete_job(job_id)

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """When it is noted."""
        return done or self.deleted


@MUTANTS.mutant("monitor.callback-deletes", "calls the callback once more with the last meta when it deleted the job")
class DeleteInsideCallsAgain(_Busy):
    """Serves the next poll from memory when the job has gone in the callback."""

    last: Any = None
    deleted = False

    def delete_job(self, job_id: str) -> Any:
        """Note it."""
        self.deleted = self.inside
        return super().delete_job(job_id)

    def poll(self, job_id: str) -> dict[str, Any]:
        """Once from memory."""
        if self.deleted and self.last is not None:
            self.deleted = False
            return dict(self.last)
        self.last = super().poll(job_id)
        return dict(self.last)


@MUTANTS.mutant("monitor.callback-monitors", "refuses a monitor in the callback of another")
class BusyForMonitor(_Busy):
    """Takes one call at a time."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Not in the callback."""
        self.refuse()
        return super().monitor_job(*args, **kwargs)


@MUTANTS.mutant("monitor.callback-monitors", "goes on with the inner monitor's callback in the outer one")
class OneCallbackOnly(MonitorLoop):
    """Keeps the callback on the session."""

    current: Any = None

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any
    ) -> Any:
        """Keep the callback."""
        self.current = cb
        return super().monitor_job(job_id, timeout, poll_interval, cb, *a, **k)

    def call(self, cb: Any, *rest: Any) -> Any:
        """The callback that is kept."""
        return super().call(self.current, *rest)


@MUTANTS.mutant("monitor.callback-monitors", "polls the inner monitor's job in the outer one")
class OneJobOnly(MonitorLoop):
    """Keeps the job on the session."""

    current = ""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Keep the job."""
        self.current = job_id
        return super().monitor_job(job_id, *args, **kwargs)

    def poll(self, job_id: str) -> dict[str, Any]:
        """The job that is kept."""
        return super().poll(self.current)


@MUTANTS.mutant("monitor.callback-monitors", "ends the outer monitor with the inner one")
class InnerEndsOuter(MonitorLoop):
    """Keeps the wish to stop on the session."""

    stopped = False

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Note the end by callback."""
        self.stopped = False
        code = super().monitor_job(*args, **kwargs)
        self.stopped = code is ENDED
        return code

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """When it is noted."""
        return self.stopped or super().ends(answer, polls, done)


@MUTANTS.mutant("monitor.callback-monitors", "hands the inner monitor's arguments to the outer callback")
class OneSetOfArguments(MonitorLoop):
    """Keeps further arguments on the session."""

    extra: Any = ()

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any
    ) -> Any:
        """Keep them."""
        self.extra = (a, k)
        return super().monitor_job(job_id, timeout, poll_interval, cb, *a, **k)

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Those that are kept."""
        return super().call(cb, polls, job_id, meta, *self.extra)
