"""Sessions whose monitor_job says TIMEOUT of a job that is done in time, or too soon for what the timeout holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.monitors import DONE, TIMEOUT, is_number
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop
from flare_sim.spec import InvalidArgumentError

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


@MUTANTS.mutant("monitor.no-timeout", "takes 0.0 for a time that is over at once")
class FloatZeroIsOver(MonitorLoop):
    """Asks whether the timeout is the number that it was told stands for none, by its type as well."""

    def timed_out(self, timeout: Any, elapsed: float, polls: int) -> bool:
        """Whether the time is up, in floats."""
        return timeout <= elapsed if isinstance(timeout, float) else super().timed_out(timeout, elapsed, polls)


def _refused(number: Any) -> Any:
    raise InvalidArgumentError(f"{number} is of the wrong type")


class _OtherType(MonitorLoop):
    """Takes numbers of one type for something else: intervals that are whole, or timeouts that are floats."""

    interval: Callable[[Any], Any] = staticmethod(lambda number: number)
    timeout: Callable[[Any], Any] = staticmethod(lambda number: number)

    def monitor_job(
        self, job_id: str, timeout: Any = 0, poll_interval: Any = 2.0, cb: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        """With what it takes them for."""
        if type(poll_interval) is int and poll_interval > 0:
            poll_interval = self.interval(poll_interval)
        if type(timeout) is float and timeout > 0:
            timeout = self.timeout(timeout)
        return super().monitor_job(job_id, timeout, poll_interval, cb, *args, **kwargs)


for _name, _clause, _difference, _what, _change in (
    ("WholeIntervalHalved", "poll-not-closer", "halves a whole interval", "interval", lambda number: number / 2),
    ("WholeIntervalDoubled", "poll-not-further", "doubles a whole interval", "interval", lambda number: number * 2),
    ("WholeIntervalRefused", "timeout", "refuses an interval that is a whole number", "interval", _refused),
    ("FloatTimeoutLost", "timeout", "never times out where the timeout is a float", "timeout", lambda number: 0),
    ("FloatTimeoutEarly", "timeout-not-early", "halves a float timeout", "timeout", lambda number: number / 2),
    ("FloatTimeoutLate", "timeout-not-late", "doubles a float timeout", "timeout", lambda number: number * 2),
):
    _GENERATOR.session(_name, f"monitor.{_clause}", _difference, {_what: staticmethod(_change)}, _OtherType)


def _holds(name: str, difference: str, held: int, ticks: int, signed: bool) -> None:
    """Declare a monitor that keeps its timeout as a whole number of ticks below ``held``."""

    def timed_out(self: Any, timeout: float, elapsed: float, polls: int) -> bool:
        if not 0 < timeout < 1e18:
            return False
        kept = int(timeout * ticks) % held
        return (kept - held if signed and kept >= held // 2 else kept) <= elapsed * ticks

    _GENERATOR.session(name, "monitor.timeout-not-early", difference, {"timed_out": timed_out}, MonitorLoop)


_holds("SignedMilliseconds", "keeps the timeout as milliseconds in 32 bits, one of them a sign", 2**32, 1_000, True)
_holds("UnsignedMilliseconds", "keeps the timeout as milliseconds in 32 bits", 2**32, 1_000, False)
_holds("SignedSeconds", "keeps the timeout as seconds in 32 bits, one of them a sign", 2**32, 1, True)
_holds("UnsignedSeconds", "keeps the timeout as seconds in 32 bits", 2**32, 1, False)


@MUTANTS.mutant("monitor.finish-before-timeout", "says TIMEOUT when the time is up by the poll that found the job done")
class TimeoutBeatsEarlyEnd(MonitorLoop):
    """Returns what it thinks at the deadline, whatever happened before."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Never early when there is a timeout."""
        return done and not self.limited

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Note whether there is a timeout."""
        self.limited = is_number(timeout) and timeout > 0
        return super().monitor_job(job_id, timeout, *args, **kwargs)


@MUTANTS.mutant("monitor.finish-before-timeout", "needs two polls in the time left to report the end")
class NeedsTwoPollsLeft(MonitorLoop):
    """Says TIMEOUT of a job that is done when less than three polls are left."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any) -> Any:
        """Change the code when the end came late in the time."""
        began = self.now()
        code = super().monitor_job(job_id, timeout, poll_interval, *args, **kwargs)
        late = code is DONE and 0 < timeout < self.now() - began + 3 + poll_interval and self.now() > began
        return TIMEOUT if late else code


@MUTANTS.mutant("monitor.finish-before-timeout", "says TIMEOUT of a job that ended in the second half of the time")
class SecondHalfIsTimeout(MonitorLoop):
    """Is impatient at the end."""

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Change the code when the end came in the second half."""
        began = self.now()
        code = super().monitor_job(job_id, timeout, *args, **kwargs)
        return TIMEOUT if code is DONE and 0 < timeout < 2 * (self.now() - began) else code


@MUTANTS.mutant("monitor.finish-before-timeout", "looks at the clock after the callback, then at the status")
class SlowCallbackIsTimeout(MonitorLoop):
    """Says TIMEOUT of a job that it found done in time, when the callback took the rest of it."""

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Change the code when the time is up by now, though it was not by the last poll."""
        began = self.now()
        code = super().monitor_job(job_id, timeout, *args, **kwargs)
        up = is_number(timeout) and 0 < timeout <= self.now() - began
        return TIMEOUT if code is DONE and up and self.polled - began < timeout else code

    def poll(self, job_id: str) -> dict[str, Any]:
        """Note when."""
        meta = super().poll(job_id)
        self.polled = self.now()
        return meta


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


@MUTANTS.mutant("monitor.finish-in-last-gap", "tests for the timeout before the last poll")
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


@MUTANTS.mutant("monitor.finish-in-last-gap", "prefers TIMEOUT to JOB_FINISHED when both hold")
class PrefersTimeout(MonitorLoop):
    """Tests for the timeout first, after the poll."""

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Change the code when the time is up."""
        began = self.now()
        code = super().monitor_job(job_id, timeout, *args, **kwargs)
        return TIMEOUT if code is DONE and 0 < timeout <= self.now() - began else code
