"""Sessions whose monitor_job polls too often, or too seldom."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.monitors import is_number
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


@MUTANTS.mutant("monitor.poll-not-closer", "polls twice as often as asked")
class PollsTwiceAsOften(MonitorLoop):
    """Halves the interval."""

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Sleep half of it."""
        super().sleep(poll_interval / 2, polls)


@MUTANTS.mutant("monitor.poll-not-closer", "never sleeps longer than ten seconds")
class PollsEveryTenSeconds(MonitorLoop):
    """Caps the interval."""

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Sleep ten seconds at most."""
        super().sleep(min(poll_interval, 10.0), polls)


@MUTANTS.mutant("monitor.poll-not-closer", "never sleeps longer than a minute")
class PollsEveryMinute(MonitorLoop):
    """Caps the interval where few callers notice."""

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Sleep a minute at most."""
        super().sleep(min(poll_interval, 60.0), polls)


@MUTANTS.mutant("monitor.poll-not-closer", "cuts the interval to whole seconds")
class PollsInWholeSeconds(MonitorLoop):
    """Takes the interval for an int."""

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Sleep whole seconds, a tick at least."""
        super().sleep(int(poll_interval) or 0.01, polls)


@MUTANTS.mutant("monitor.poll-not-closer", "makes another poll just before the timeout, sooner than asked")
class PollsBeforeTimeout(MonitorLoop):
    """Sleeps until a moment before the timeout when that is sooner."""

    until = 0.0

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Note when the time is nearly up."""
        self.until = self.now() + timeout - 0.25 if is_number(timeout) and timeout > 0 else 0.0
        return super().monitor_job(job_id, timeout, *args, **kwargs)

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Sleep until then at most."""
        left = self.until - self.now() if self.until else 0.0
        super().sleep(min(poll_interval, left) if left > 0 else poll_interval, polls)


@MUTANTS.mutant("monitor.poll-not-closer", "polls again at once after the status has changed")
class PollsAfterChange(MonitorLoop):
    """Is curious."""

    status = ""
    changed = False

    def poll(self, job_id: str) -> dict[str, Any]:
        """Note a change."""
        meta = super().poll(job_id)
        self.changed = self.status not in ("", meta["status"])
        self.status = meta["status"]
        return meta

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Sleep little after a change."""
        super().sleep(0.1 if self.changed else poll_interval, polls)


@MUTANTS.mutant("monitor.poll-not-closer", "skips the eleventh sleep")
class SkipsEleventhSleep(MonitorLoop):
    """Is off once."""

    def sleep(self, poll_interval: float, polls: int) -> None:
        """All but one."""
        if polls != 11:
            super().sleep(poll_interval, polls)


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


@MUTANTS.mutant("monitor.poll-not-further", "sleeps longer with every poll")
class BacksOff(MonitorLoop):
    """Backs off."""

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Longer and longer."""
        super().sleep(poll_interval * 1.1 ** (polls - 1), polls)


@MUTANTS.mutant("monitor.poll-not-further", "sleeps twice as long after twenty polls")
class BacksOffLate(MonitorLoop):
    """Backs off when nobody looks any more."""

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Longer after a while."""
        super().sleep(poll_interval * (2 if polls > 20 else 1), polls)


@MUTANTS.mutant("monitor.poll-not-further", "never polls more often than every second")
class PollsEverySecondAtMost(MonitorLoop):
    """Protects the server."""

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Sleep a second at least."""
        super().sleep(max(poll_interval, 1.0), polls)


@MUTANTS.mutant("monitor.poll-not-further", "polls half as often while the job waits")
class PollsLessWhileWaiting(MonitorLoop):
    """Expects no news of a job that waits."""

    waiting = False

    def poll(self, job_id: str) -> dict[str, Any]:
        """Note whether the job waits."""
        meta = super().poll(job_id)
        self.waiting = meta["status"] == "SUBMITTED"
        return meta

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Longer for a job that waits."""
        super().sleep(poll_interval * (2 if self.waiting else 1), polls)


@MUTANTS.mutant("monitor.poll-not-further", "rounds the interval up to whole seconds")
class RoundsIntervalUp(MonitorLoop):
    """Takes the interval for an int."""

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Whole seconds."""
        super().sleep(-(-poll_interval // 1), polls)


@MUTANTS.mutant("monitor.poll-not-further", "sleeps as long as the callback took on top of the interval")
class SleepsForCallbackToo(MonitorLoop):
    """Gives the callback a rest."""

    took = 0.0

    def call(self, *args: Any) -> Any:
        """Measure the callback."""
        began = self.now()
        answer = super().call(*args)
        self.took = self.now() - began
        return answer

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Longer after a slow callback."""
        super().sleep(poll_interval + self.took, polls)


@MUTANTS.mutant("monitor.poll-not-further", "keeps the interval of the session's first monitor")
class RemembersInterval(MonitorLoop):
    """Keeps the first interval on the session, unless the new one is longer."""

    first = 0.0

    def sleep(self, poll_interval: float, polls: int) -> None:
        """The first interval counts."""
        self.first = self.first or poll_interval
        super().sleep(max(poll_interval, self.first), polls)


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

    _GENERATOR.session(name, "monitor.poll-not-further", difference, {"sleep": sleep}, _Paced)


_tired(600.0, "TiresAfterTenMinutes", "polls ten times less often after ten minutes")
_tired(3_600.0, "TiresAfterAnHour", "polls ten times less often after an hour")


def _other_default(name: str, difference: str, seconds: float, with_timeout: bool) -> None:
    """Declare a monitor whose default interval is another."""

    class OtherDefault(MonitorLoop):
        """Has another default."""

        def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
            """Put the other default in."""
            timed = len(args) > 1 or "timeout" in kwargs
            if len(args) < 3 and "poll_interval" not in kwargs and (timed or not with_timeout):
                kwargs["poll_interval"] = seconds
            return super().monitor_job(*args, **kwargs)

    _GENERATOR.named(name, "monitor.poll-default", difference, OtherDefault)


_other_default("PollsEverySecondByDefault", "polls every second by default", 1.0, with_timeout=False)
_other_default("PollsEveryFiveSecondsByDefault", "polls every 5 s by default", 5.0, with_timeout=False)
_other_default("PollsSlightlyOffByDefault", "polls every 2.01 s by default", 2.01, with_timeout=False)
_other_default(
    "PollsOtherwiseWithTimeout", "polls every 10 s by default when a timeout is given", 10.0, with_timeout=True
)

_DEFAULT: Final = 2.0


def _interval(name: str, difference: str, chosen: Any) -> None:
    """Declare a monitor that chooses an interval where none is given, by the timeout."""

    def monitor_job(
        self: Any, job_id: str, timeout: Any = 0, poll_interval: Any = _DEFAULT, *args: Any, **kw: Any
    ) -> Any:
        if poll_interval == _DEFAULT and is_number(timeout) and 0 < timeout < 1e6:
            poll_interval = chosen(timeout)
        return MonitorLoop.monitor_job(self, job_id, timeout, poll_interval, *args, **kw)

    _GENERATOR.session(name, "monitor.poll-default", difference, {"monitor_job": monitor_job}, MonitorLoop)


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
