"""Sessions whose monitor_job says TIMEOUT of a job that is done in time."""

from __future__ import annotations

from typing import Any

from contract_tests.proof.faulty.tools import DONE, TIMEOUT, is_number
from contract_tests.proof.registry import VariantTable
from contract_tests.proof.wrapper import MonitorLoop

FAULTS = VariantTable()


@FAULTS.fault("monitor.finish-before-timeout", "says TIMEOUT when the time is up by the poll that found the job done")
class TimeoutBeatsEarlyEnd(MonitorLoop):
    """Returns what it thinks at the deadline, whatever happened before."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Never early when there is a timeout."""
        return done and not self.limited

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Note whether there is a timeout."""
        self.limited = is_number(timeout) and timeout > 0
        return super().monitor_job(job_id, timeout, *args, **kwargs)


@FAULTS.fault("monitor.finish-before-timeout", "needs two polls in the time left to report the end")
class NeedsTwoPollsLeft(MonitorLoop):
    """Says TIMEOUT of a job that is done when less than three polls are left."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any) -> Any:
        """Change the code when the end came late in the time."""
        began = self.now()
        code = super().monitor_job(job_id, timeout, poll_interval, *args, **kwargs)
        late = code is DONE and 0 < timeout < self.now() - began + 3 + poll_interval and self.now() > began
        return TIMEOUT if late else code


@FAULTS.fault("monitor.finish-before-timeout", "says TIMEOUT of a job that ended in the second half of the time")
class SecondHalfIsTimeout(MonitorLoop):
    """Is impatient at the end."""

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Change the code when the end came in the second half."""
        began = self.now()
        code = super().monitor_job(job_id, timeout, *args, **kwargs)
        return TIMEOUT if code is DONE and 0 < timeout < 2 * (self.now() - began) else code


@FAULTS.fault("monitor.finish-in-last-gap", "tests for the timeout before the last poll")
class TimeoutBeforeLastPoll(MonitorLoop):
    """Does not look again after the last sleep."""

    class _Late(Exception):
        pass

    began = 0.0
    allowed = 0.0

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Turn the end of the time into the code."""
        self.began, self.allowed = self.now(), timeout
        try:
            return super().monitor_job(job_id, timeout, *args, **kwargs)
        except self._Late:
            return TIMEOUT

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Look at the clock after the sleep."""
        super().sleep(poll_interval, polls)
        if 0 < self.allowed <= self.now() - self.began:
            raise self._Late


@FAULTS.fault("monitor.finish-in-last-gap", "prefers TIMEOUT to JOB_FINISHED when both hold")
class PrefersTimeout(MonitorLoop):
    """Tests for the timeout first, after the poll."""

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Change the code when the time is up."""
        began = self.now()
        code = super().monitor_job(job_id, timeout, *args, **kwargs)
        return TIMEOUT if code is DONE and 0 < timeout <= self.now() - began else code
