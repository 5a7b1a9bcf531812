"""Sessions whose monitor_job counts the time wrongly that it is given."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.monitors import DONE, ENDED, TIMEOUT, Recoding, is_number
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper
from flare_sim.spec import MonitorReturnCode

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


@MUTANTS.mutant("monitor.no-timeout", "takes a timeout of 0 for no time at all")
class ZeroIsNoTime(MonitorLoop):
    """Does not treat 0 as special."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Tell a 0 that was handed over from the default."""
        self.zero = "timeout" in kwargs or len(args) > 1
        return super().monitor_job(*args, **kwargs)

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Time out at once."""
        return (timeout > 0 or self.zero) and elapsed >= timeout


def _capped(clause: str, name: str, cap: float, explicit: bool) -> None:
    """Declare a monitor that without a timeout gives up after ``cap`` seconds."""

    class Capped(MonitorLoop):
        """Gives up after a time of its own."""

        def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
            """Note whether the timeout was given."""
            self.given = "timeout" in kwargs or len(args) > 1
            return super().monitor_job(*args, **kwargs)

        def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
            """End after the cap."""
            return super().timed_out(timeout or (cap if self.given is explicit else 0), elapsed, polls)

    how = "with a timeout of 0" if explicit else "without a timeout"
    _GENERATOR.named(name, clause, f"gives up after {cap:g} s {how}", Capped)


_capped("monitor.no-timeout", "ZeroIsAMinute", 60.0, explicit=True)
_capped("monitor.no-timeout", "ZeroIsAnHour", 3600.0, explicit=True)
_capped("monitor.no-timeout", "ZeroIsADay", 86_400.0, explicit=True)


@MUTANTS.mutant("monitor.no-timeout", "without a callback gives up after a thousand seconds")
class SilentGivesUp(MonitorLoop):
    """Does not want to block for ever."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any
    ) -> Any:
        """Put a timeout in place of 0, if one was given."""
        return super().monitor_job(job_id, 1000 if timeout == 0 and cb is None else timeout, poll_interval, cb, *a, **k)


@MUTANTS.mutant("monitor.no-timeout", "uses the timeout of the session's last monitor when it is 0")
class RemembersTimeout(MonitorLoop):
    """Keeps the timeout on the session."""

    last = 0.0

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Use the last timeout that was set."""
        self.last = timeout or self.last
        return super().timed_out(self.last, elapsed, polls)


_capped("monitor.timeout-default", "DefaultIsTenSeconds", 10.0, explicit=False)
_capped("monitor.timeout-default", "DefaultIsADay", 86_400.0, explicit=False)


@MUTANTS.mutant("monitor.timeout", "never times out")
class NeverTimesOut(MonitorLoop):
    """Ignores the timeout."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Never."""
        return False


@MUTANTS.mutant("monitor.timeout", "times out with JOB_FINISHED")
class TimeoutIsFinished(Recoding):
    """Has one code for every end."""

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Change the code."""
        return DONE if code is TIMEOUT else code


@MUTANTS.mutant("monitor.timeout", "raises TimeoutError when the time is up")
class TimeoutIsRaised(Recoding):
    """Uses Python's way to say it."""

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Raise instead of return."""
        if code is TIMEOUT:
            raise TimeoutError("the job is not done")
        return code


@MUTANTS.mutant("monitor.timeout", "returns ENDED_BY_CB when the time is up and there is a callback")
class TimeoutWithCallbackIsEnded(Wrapper):
    """Mixes two ends."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any
    ) -> Any:
        """Change the code when there is a callback."""
        code = super().monitor_job(job_id, timeout, poll_interval, cb, *a, **k)
        return ENDED if code is TIMEOUT and cb is not None else code


@MUTANTS.mutant("monitor.timeout", "does not time out while the job waits to be scheduled")
class TimeoutNotWhileWaiting(MonitorLoop):
    """Counts only once the job has started."""

    status = ""

    def poll(self, job_id: str) -> dict[str, Any]:
        """Keep the status."""
        meta = super().poll(job_id)
        self.status = meta["status"]
        return meta

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Only when the job runs."""
        return self.status == "RUNNING" and super().timed_out(timeout, elapsed, polls)


@MUTANTS.mutant("monitor.timeout", "ignores a timeout of an hour and more")
class LongTimeoutsIgnored(MonitorLoop):
    """Takes a long timeout for none."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Only short ones."""
        return timeout < 3600 and super().timed_out(timeout, elapsed, polls)


@MUTANTS.mutant("monitor.timeout", "takes a timeout of 1 for no timeout, as it tests for more than 1")
class OneIsNone(MonitorLoop):
    """Is off by one about what no timeout is."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Only above 1."""
        return timeout > 1 and super().timed_out(timeout, elapsed, polls)


@MUTANTS.mutant("monitor.timeout", "does not time out in the second monitor of a session")
class OnlyFirstMonitorTimesOut(MonitorLoop):
    """Never resets a flag."""

    used = False

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Once only."""
        if self.used or not super().timed_out(timeout, elapsed, polls):
            return False
        self.used = True
        return True


@MUTANTS.mutant("monitor.timeout", "goes by the timeout of the last monitor that was begun")
class TimesOutLikeLastMonitor(MonitorLoop):
    """Keeps the timeout on the session, and forgets it at the end."""

    limit: Any = 0

    def monitor_job(self, job_id: str, timeout: Any = 0, *args: Any, **kwargs: Any) -> Any:
        """Note it."""
        self.limit = timeout
        try:
            return super().monitor_job(job_id, timeout, *args, **kwargs)
        finally:
            self.limit = 0

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """By what was noted."""
        return super().timed_out(self.limit, elapsed, polls)


@MUTANTS.mutant("monitor.timeout", "has no timeout any more when the callback has monitored a job without one")
class InnerTimeoutStays(MonitorLoop):
    """Keeps the timeout on the session, for good."""

    limit: Any = 0

    def monitor_job(self, job_id: str, timeout: Any = 0, *args: Any, **kwargs: Any) -> Any:
        """Note it."""
        self.limit = timeout
        return super().monitor_job(job_id, timeout, *args, **kwargs)

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """By what was noted last."""
        return super().timed_out(self.limit, elapsed, polls)


@MUTANTS.mutant("monitor.timeout-not-early", "takes the timeout for a tenth of what it is")
class TimeoutTenTimesEarly(MonitorLoop):
    """Has the unit wrong."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Far too early."""
        return super().timed_out(timeout / 10, elapsed, polls)


class _KnowsInterval(MonitorLoop):
    """Counts the time in polls, too."""

    interval = 0.0

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any) -> Any:
        """Keep the interval."""
        self.interval = poll_interval
        return super().monitor_job(job_id, timeout, poll_interval, *args, **kwargs)


@MUTANTS.mutant("monitor.timeout-not-early", "times out when the next poll would come after the timeout")
class TimesOutBeforeLastSleep(_KnowsInterval):
    """Sees that the next poll would be too late, and returns already."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """As soon as the next poll would be too late."""
        return timeout > 0 and elapsed + self.interval > timeout


@MUTANTS.mutant("monitor.timeout-not-early", "counts polls instead of seconds")
class TimeoutInPolls(MonitorLoop):
    """Takes the timeout for a number of polls."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """By the number of polls."""
        return 0 < timeout <= polls


@MUTANTS.mutant("monitor.timeout-not-early", "allows an hour at most")
class TimeoutAtMostAnHour(MonitorLoop):
    """Caps the timeout."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """After an hour at the latest."""
        return super().timed_out(min(timeout, 3600), elapsed, polls)


@MUTANTS.mutant("monitor.timeout-not-early", "measures in whole seconds of the clock, so that it may be early")
class TimeoutFromWholeSeconds(MonitorLoop):
    """Cuts the fraction off the time it began."""

    def now(self) -> float:
        """Whole seconds."""
        return float(int(super().now()))


@MUTANTS.mutant("monitor.timeout-not-early", "adds the callback's time to the time that has passed")
class CallbackCountsTwice(MonitorLoop):
    """Counts the time in the callback twice."""

    inside = 0.0

    def call(self, cb: Any, polls: int, *rest: Any) -> Any:
        """Measure the callback."""
        if polls == 1:
            self.inside = 0.0
        began = self.now()
        answer = super().call(cb, polls, *rest)
        self.inside += self.now() - began
        return answer

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Too early after a slow callback."""
        return super().timed_out(timeout, elapsed + self.inside, polls)


@MUTANTS.mutant("monitor.timeout-not-early", "starts the second monitor of a session with the time of the first")
class SecondMonitorStartsEarly(MonitorLoop):
    """Never forgets when it began."""

    first: float | None = None

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Measure from the session's first monitor."""
        began = self.now() - elapsed
        self.first = began if self.first is None else self.first
        return super().timed_out(timeout, self.now() - self.first, polls)


@MUTANTS.mutant("monitor.timeout-not-late", "times out a poll late")
class TimesOutAPollLate(MonitorLoop):
    """Tests for the timeout before it sleeps, with the time of the poll before."""

    before = 0.0

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """With the time of the poll before, twice removed."""
        if polls == 1:
            self.before = 0.0
        late = super().timed_out(timeout, self.before, polls)
        self.before = elapsed
        return late


@MUTANTS.mutant("monitor.timeout-not-late", "adds two poll intervals to the timeout")
class TimeoutTwoPollsLonger(_KnowsInterval):
    """Is generous."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Two polls more."""
        return super().timed_out(timeout and timeout + 2 * self.interval, elapsed, polls)


@MUTANTS.mutant("monitor.timeout-not-late", "does not count the callback's time")
class CallbackTimeNotCounted(MonitorLoop):
    """Adds up its own sleeps instead of looking at the clock."""

    slept = 0.0

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Add up."""
        self.slept = poll_interval * polls
        super().sleep(poll_interval, polls)

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """By its own sleeps."""
        return super().timed_out(timeout, 0.0 if polls == 1 else self.slept, polls)


@MUTANTS.mutant("monitor.timeout-not-late", "starts to count again at every change of the job's status")
class TimeoutStartsOver(MonitorLoop):
    """Takes the timeout for a time without news."""

    status = ""
    since = 0.0

    def poll(self, job_id: str) -> dict[str, Any]:
        """Note changes."""
        meta = super().poll(job_id)
        if meta["status"] != self.status:
            self.status, self.since = meta["status"], self.now()
        return meta

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Since the last change."""
        return super().timed_out(timeout, min(elapsed, self.now() - self.since), polls)


@MUTANTS.mutant("monitor.timeout-not-late", "takes a timeout under a minute for a minute when there is no callback")
class SilentWaitsAMinute(MonitorLoop):
    """Has a least timeout."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any
    ) -> Any:
        """Raise the timeout."""
        if cb is None and is_number(timeout) and 0 < timeout < 60:
            timeout = 60
        return super().monitor_job(job_id, timeout, poll_interval, cb, *a, **k)


@MUTANTS.mutant("monitor.timeout-not-late", "begins to count anew when the callback monitors a job")
class CountsFromLastMonitor(MonitorLoop):
    """Keeps the beginning of a monitor on the session."""

    began = 0.0

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Note the beginning."""
        self.began = self.now()
        return super().monitor_job(*args, **kwargs)

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """By the beginning of the last monitor."""
        return super().timed_out(timeout, self.now() - self.began, polls)
