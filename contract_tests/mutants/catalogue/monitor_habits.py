"""Sessions whose monitor_job goes by more than its arguments: by earlier monitors, the callback's pace, the hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from contract_tests.contract.interface import METHODS
from contract_tests.mutants.toolkit.helpers import Generator, is_number
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())
_DEFAULT: Final = 2.0


# --- the default interval -------------------------------------------------------------------------------------------


def _interval(name: str, difference: str, chosen: Any) -> None:
    """Declare a monitor that chooses an interval where none is given, by the timeout."""

    def monitor_job(
        self: Any, job_id: str, timeout: Any = 0, poll_interval: Any = _DEFAULT, *args: Any, **kw: Any
    ) -> Any:
        if poll_interval == _DEFAULT and is_number(timeout) and 0 < timeout < 1e6:
            poll_interval = chosen(timeout)
        return MonitorLoop.monitor_job(self, job_id, timeout, poll_interval, *args, **kw)

    _GENERATE.session(name, "monitor.poll-default", difference, {"monitor_job": monitor_job}, MonitorLoop)


_interval("PollsOftenForShort", "polls four times within a short timeout", lambda timeout: min(_DEFAULT, timeout / 4))
_interval(
    "PollsSeldomForLong",
    "polls a hundred times in all for a long timeout",
    lambda timeout: max(_DEFAULT, timeout / 100),
)


@MUTANTS.mutant("monitor.poll-default", "takes the interval of the last monitor where none is given")
class DefaultIsLastInterval(MonitorLoop):
    """Keeps what it was given as its own default."""

    interval = _DEFAULT

    def monitor_job(self, job_id: str, timeout: Any = 0, poll_interval: Any = _DEFAULT, *args: Any, **kw: Any) -> Any:
        """Note the interval, or take the noted one."""
        if poll_interval == _DEFAULT:
            poll_interval = self.interval
        elif is_number(poll_interval) and 0 < poll_interval < 1e6:
            self.interval = poll_interval
        return super().monitor_job(job_id, timeout, poll_interval, *args, **kw)


# --- the pauses between polls ---------------------------------------------------------------------------------------


class _Paced(MonitorLoop):
    """Knows when its monitor began, and what the slowest call of the callback took."""

    began = 0.0
    slowest = 0.0

    def call(self, cb: Any, polls: int, *args: Any) -> Any:
        """Measure it."""
        before = self.now()
        if polls == 1:
            self.began, self.slowest = before, 0.0
        try:
            return super().call(cb, polls, *args)
        finally:
            self.slowest = max(self.slowest, self.now() - before)


@MUTANTS.mutant("monitor.poll-not-closer", "makes up for the polls that a slow callback delayed")
class CatchesUp(_Paced):
    """Keeps to a timetable, however late it is."""

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Until the next poll is due."""
        super().sleep(max(self.began + polls * poll_interval - self.now(), 0.001), polls)


@MUTANTS.mutant("monitor.poll-not-closer", "takes what the slowest call took off every pause")
class PausesLessForSlow(_Paced):
    """Allows for the callback, also where it was quick."""

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Less than asked."""
        super().sleep(max(poll_interval - self.slowest, 0.001), polls)


@MUTANTS.mutant("monitor.poll-not-further", "adds what the slowest call took to every pause")
class PausesMoreForSlow(_Paced):
    """Leaves the callback time, also where it was quick."""

    def sleep(self, poll_interval: float, polls: int) -> None:
        """More than asked."""
        super().sleep(poll_interval + self.slowest, polls)


def _tired(seconds: float, name: str, difference: str) -> None:
    """Declare a monitor that polls less often once it has gone on for so long."""

    def sleep(self: Any, poll_interval: float, polls: int) -> None:
        factor = 10 if self.now() - self.began > seconds else 1
        MonitorLoop.sleep(self, poll_interval * factor, polls)

    _GENERATE.session(name, "monitor.poll-not-further", difference, {"sleep": sleep}, _Paced)


_tired(600.0, "TiresAfterTenMinutes", "polls ten times less often after ten minutes")
_tired(3_600.0, "TiresAfterAnHour", "polls ten times less often after an hour")


# --- monitors within monitors ---------------------------------------------------------------------------------------


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


# --- False -----------------------------------------------------------------------------------------------------------


def _deaf(status: str, clause: str) -> None:
    """Declare a monitor that does not hear False while a job is in a status."""
    first = clause.endswith("first")

    def call(self: Any, cb: Any, polls: int, job_id: str, meta: Any, *args: Any) -> Any:
        answer = MonitorLoop.call(self, cb, polls, job_id, meta, *args)
        return answer or (meta["status"] == status and first == (polls == 1))

    when = "at first" if first else "later on"
    name = f"DeafWhile{status.capitalize()}{'AtFirst' if first else ''}"
    _GENERATE.session(name, clause, f"does not hear False while a job is {status}, {when}", {"call": call}, MonitorLoop)


for _status in ("SUBMITTED", "DISPATCHED", "RUNNING"):
    for _clause in ("monitor.callback-false-first", "monitor.callback-false-later"):
        _deaf(_status, _clause)


# --- what is handed over with a timeout alone -----------------------------------------------------------------------


@MUTANTS.mutant("arguments.monitor-job", "looks a job up in a table of its own where there is a timeout")
class LooksUpTimed(Wrapper):
    """Takes for granted that a job's id can be a key."""

    def monitor_job(self, job_id: Any, timeout: Any = 0, *args: Any, **kwargs: Any) -> Any:
        """Fail on what can't be one."""
        if is_number(timeout) and timeout > 0:
            self.__dict__.setdefault("_table", {}).get(job_id)
        return super().monitor_job(job_id, timeout, *args, **kwargs)


@MUTANTS.mutant("arguments.monitor-job", "counts in timedeltas, which raise OverflowError for what they can't hold")
class CountsInTimedeltas(MonitorLoop):
    """Finds out only when it looks whether the time is up."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Compare two of them."""
        return timeout > 0 and timedelta(seconds=elapsed) >= timedelta(seconds=timeout)


def _remembers(method: str) -> None:
    """Declare a session whose method raises what a callback raised before."""

    def call(self: Any, *args: Any) -> Any:
        try:
            return MonitorLoop.call(self, *args)
        except Exception as error:
            self.error = error
            raise

    def again(self: Any, *args: Any, **kwargs: Any) -> Any:
        error = self.__dict__.pop("error", None)
        if error is not None:
            raise error
        return getattr(MonitorLoop, method)(self, *args, **kwargs)

    _GENERATE.session(
        f"Remembers{method.title().replace('_', '')}",
        f"arguments.{method.replace('_', '-')}",
        f"raises from {method} what a callback raised before",
        {"call": call, method: again},
        MonitorLoop,
    )


for _spec in METHODS:
    if _spec.parameters:
        _remembers(_spec.name)


@MUTANTS.mutant("arguments.invalid", "takes a timeout that is written out")
class ReadsTimeout(Wrapper):
    """Makes numbers of text."""

    def monitor_job(self, job_id: Any, timeout: Any = 0, *args: Any, **kwargs: Any) -> Any:
        """Read digits."""
        if isinstance(timeout, str) and timeout.isdigit():
            timeout = int(timeout)
        return super().monitor_job(job_id, timeout, *args, **kwargs)
