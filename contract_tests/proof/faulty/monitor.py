"""Sessions whose monitor_job returns the wrong thing, or at the wrong time."""

from __future__ import annotations

import enum
from typing import Any

from contract_tests.proof.registry import VariantTable
from contract_tests.proof.wrapper import MonitorLoop, Wrapper
from flare_sim.spec import InternalError, JobNotFound, MonitorReturnCode, NoConnection, SessionClosed

FAULTS = VariantTable()
_DONE = MonitorReturnCode.JOB_FINISHED
_TIMEOUT = MonitorReturnCode.TIMEOUT
_ENDED = MonitorReturnCode.ENDED_BY_CB


# --- the return code ------------------------------------------------------------------------------------------------


@FAULTS.fault("monitor.returns-code", "returns the name of the code")
class ReturnsCodeName(Wrapper):
    """Gives text."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Return the code's name."""
        return super().monitor_job(*args, **kwargs).name


@FAULTS.fault("monitor.returns-code", "returns the code as a plain number")
class ReturnsPlainNumber(Wrapper):
    """Gives an int that is no MonitorReturnCode."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Return the code's number."""
        return int(super().monitor_job(*args, **kwargs))


@FAULTS.fault("monitor.returns-code", "returns whether the job is done")
class ReturnsBool(Wrapper):
    """Gives True or False."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Return a bool."""
        return super().monitor_job(*args, **kwargs) is _DONE


@FAULTS.fault("monitor.returns-code", "returns None when the callback ends the monitor")
class ReturnsNoneWhenEnded(Wrapper):
    """Forgets a return statement on one way out."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Return nothing on one way out."""
        code = super().monitor_job(*args, **kwargs)
        return None if code is _ENDED else code


@FAULTS.fault("monitor.returns-code", "returns a plain number when the callback ends the monitor")
class ReturnsNumberWhenEnded(Wrapper):
    """Mixes codes and numbers."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Return a plain 2 on one way out."""
        code = super().monitor_job(*args, **kwargs)
        return 2 if code is _ENDED else code


@FAULTS.fault("monitor.returns-code", "returns True instead of the code TIMEOUT")
class ReturnsTrueOnTimeout(Wrapper):
    """True is the int 1, as TIMEOUT is."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Return True on a timeout."""
        code = super().monitor_job(*args, **kwargs)
        return True if code is _TIMEOUT else code


_OwnCodes = enum.IntEnum("_OwnCodes", {"JOB_FINISHED": 0, "TIMEOUT": 1, "ENDED_BY_CB": 2})


@FAULTS.fault("monitor.returns-code", "returns a code of an enumeration of its own")
class ReturnsOwnEnumeration(Wrapper):
    """Its code is never the interface's, though it looks the same."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Return a look-alike."""
        return _OwnCodes(int(super().monitor_job(*args, **kwargs)))


# --- the end of the job ---------------------------------------------------------------------------------------------


@FAULTS.fault("monitor.finished", "takes only FINISHED:COMPLETED for the end of a job")
class OnlyCompletedIsDone(MonitorLoop):
    """Waits on for jobs that failed or were aborted."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Know one final status."""
        return bool(meta["status"] == "FINISHED:COMPLETED")


@FAULTS.fault("monitor.finished", "does not know that a job that can't be scheduled is done")
class GivenUpIsNotDone(MonitorLoop):
    """Has a list of final statuses that lacks one."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Leave out a final status."""
        return done and meta["status"] != "FINISHED:CAN_NOT_SCHEDULE"


@FAULTS.fault("monitor.finished", "does not know that a job that failed to be deployed is done")
class NotDeployedIsNotDone(MonitorLoop):
    """Has a list of final statuses that lacks one."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Leave out a final status."""
        return done and meta["status"] != "FINISHED:FAILED_TO_RUN"


@FAULTS.fault("monitor.finished", "returns TIMEOUT for a job that was killed, as it takes ABNORMAL for an error")
class AbnormalIsTimeout(Wrapper):
    """Has no code for a job that ended badly."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Change the code for one way to end."""
        code = super().monitor_job(job_id, *args, **kwargs)
        if code is _DONE and self.inner.get_job_meta(job_id)["status"] == "FINISHED:ABNORMAL":
            return _TIMEOUT
        return code


@FAULTS.fault("monitor.finished", "raises InternalError for a job that failed")
class FailedJobRaises(Wrapper):
    """Takes the failure of a job for its own."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Raise for a job that failed."""
        code = super().monitor_job(job_id, *args, **kwargs)
        if code is _DONE and self.inner.get_job_meta(job_id)["status"] == "FINISHED:EXECUTION_EXCEPTION":
            raise InternalError("the job failed")
        return code


@FAULTS.fault("monitor.finished", "returns TIMEOUT for a job that was done before the monitor began")
class AlreadyDoneIsTimeout(MonitorLoop):
    """Wants to have seen the end itself."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Change the code for a job that was done already."""
        done = str(self.get_job_meta(job_id)["status"]).startswith("FINISHED")
        code = super().monitor_job(job_id, *args, **kwargs)
        return _TIMEOUT if done and code is _DONE else code


@FAULTS.fault("monitor.finished", "returns ENDED_BY_CB for a job that is done, when there is a callback")
class FinishedWithCallbackIsEnded(Wrapper):
    """Takes the last call of the callback for its end."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any):  # type: ignore[no-untyped-def]
        """Change the code when there is a callback."""
        code = super().monitor_job(job_id, timeout, poll_interval, cb, *a, **k)
        return _ENDED if code is _DONE and cb is not None else code


@FAULTS.fault("monitor.finished", "returns TIMEOUT for the eleventh job of the server when it is done")
class EleventhJobNeverFinishes(Wrapper):
    """Keeps final statuses for ten jobs."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Change the code for the eleventh job."""
        code = super().monitor_job(job_id, *args, **kwargs)
        ids = [entry["job_id"] for entry in self.inner.list_jobs(False, True)]
        return _TIMEOUT if code is _DONE and ids[10:11] == [job_id] else code


@FAULTS.fault("monitor.finished", "returns TIMEOUT for a done job in a user's second session")
class SecondSessionNeverFinishes(Wrapper):
    """Gets its answers through the first session of the user only."""

    def __init__(self, inner: Any, system: Any, user: str) -> None:
        super().__init__(inner, system, user)
        self.number = system.memory[user] = system.memory.get(user, 0) + 1

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Change the code in later sessions."""
        code = super().monitor_job(*args, **kwargs)
        return _TIMEOUT if code is _DONE and self.number > 1 else code


@FAULTS.fault("monitor.finished", "returns TIMEOUT for a done clone whose original was deleted")
class OrphanedCloneNeverFinishes(Wrapper):
    """Looks at the original, too."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Change the code for a clone without its original."""
        code = super().monitor_job(job_id, *args, **kwargs)
        original = self.inner.get_job_meta(job_id).get("cloned_from") if code is _DONE else None
        if original is not None:
            try:
                self.inner.get_job_meta(original)
            except JobNotFound:
                return _TIMEOUT
        return code


@FAULTS.fault("monitor.finished", "returns TIMEOUT for a done job of another user")
class JobsOfOthersNeverFinish(Wrapper):
    """Looks for the job in the list of its user's own."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Change the code for other users' jobs."""
        code = super().monitor_job(job_id, *args, **kwargs)
        mine = code is not _DONE or job_id in [entry["job_id"] for entry in self.inner.list_jobs()]
        return code if mine else _TIMEOUT


@FAULTS.fault("monitor.waits", "returns JOB_FINISHED at once when there is no callback")
class DoesNotWaitWithoutCallback(MonitorLoop):
    """Polls once."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any):  # type: ignore[no-untyped-def]
        """Look once when nobody watches."""
        if cb is None:
            self.get_job_meta(job_id)
            return _DONE
        return super().monitor_job(job_id, timeout, poll_interval, cb, *a, **k)


@FAULTS.fault("monitor.waits", "takes RUNNING for the end of a job")
class RunningIsDone(MonitorLoop):
    """Waits for the job to start."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End when the job runs."""
        return done or meta["status"] == "RUNNING"


@FAULTS.fault("monitor.waits", "takes DISPATCHED for the end of a job")
class DispatchedIsDone(MonitorLoop):
    """Compares with the statuses it knows to be undone, and lacks one."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End when the job is dispatched."""
        return done or meta["status"] == "DISPATCHED"


@FAULTS.fault("monitor.waits", "gives up after thirty polls, with JOB_FINISHED")
class ThirtyPollsAreEnough(MonitorLoop):
    """Has a limit of its own."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End after thirty polls."""
        return done or polls >= 30


@FAULTS.fault("monitor.waits", "takes the end of any job of the same name for the end of this one")
class NamesakeIsDone(MonitorLoop):
    """Finds jobs by name."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End when a job of this name is done."""
        jobs = self.inner.list_jobs(True, True)
        return done or any(job["name"] == meta["name"] and job["status"].startswith("FINISHED") for job in jobs)


@FAULTS.fault("monitor.waits", "returns JOB_FINISHED when an abort of the job was asked for, before it has stopped")
class AskedToAbortIsDone(MonitorLoop):
    """Takes the wish for the deed: here a running job that was cloned counts as done."""

    def clone_job(self, job_id: str) -> str:
        """Remember the job."""
        self.system.memory.setdefault("cloned", set()).add(job_id)
        return super().clone_job(job_id)

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End for a job that was cloned."""
        return done or meta["job_id"] in self.system.memory.get("cloned", ())


@FAULTS.fault("monitor.at-once", "sleeps before the first poll")
class SleepsFirst(MonitorLoop):
    """Has the loop the wrong way round."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any) -> Any:
        """Sleep, then poll."""
        if isinstance(poll_interval, (int, float)) and 0 < poll_interval < 1e9:
            self.system.clock.sleep(poll_interval)
        return super().monitor_job(job_id, timeout, poll_interval, *args, **kwargs)


@FAULTS.fault("monitor.at-once", "sleeps once more after the poll that found the job done")
class SleepsLast(MonitorLoop):
    """Sleeps before it looks at what it read."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any) -> Any:
        """Sleep before the return."""
        code = super().monitor_job(job_id, timeout, poll_interval, *args, **kwargs)
        if code is _DONE:
            self.system.clock.sleep(poll_interval)
        return code


@FAULTS.fault("monitor.at-once", "wants to see the job done twice before it believes it")
class PollsDoneTwice(MonitorLoop):
    """Ends a poll late when the job was done from the start."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End with the second poll at the earliest."""
        return done and polls > 1


@FAULTS.fault("monitor.at-once", "sleeps before the return for a job that was aborted")
class LingersOnAborted(MonitorLoop):
    """Waits for the abort to settle."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any) -> Any:
        """Sleep before the return, for one way to end."""
        code = super().monitor_job(job_id, timeout, poll_interval, *args, **kwargs)
        if code is _DONE and self.inner.get_job_meta(job_id)["status"] == "FINISHED:ABORTED":
            self.system.clock.sleep(poll_interval)
        return code


@FAULTS.fault("monitor.promptly", "notices the end a poll late")
class NoticesEndLate(MonitorLoop):
    """Compares the status with the one of the poll before."""

    was_done = False

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End on the second look at the end."""
        late, self.was_done = self.was_done, done
        return done and (late or polls == 1)


@FAULTS.fault("monitor.promptly", "tests for the end on every third poll only, after the tenth")
class LooksLessOften(MonitorLoop):
    """Saves work when a job takes long."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End on some polls only."""
        return done and (polls <= 10 or polls % 3 == 0)


@FAULTS.fault("monitor.promptly", "waits for the end a poll longer when there is no callback")
class SilentNoticesLate(MonitorLoop):
    """Has another loop for the silent monitor."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any):  # type: ignore[no-untyped-def]
        """Sleep before the return of a monitor without callback that had to wait."""
        began = self.now()
        code = super().monitor_job(job_id, timeout, poll_interval, cb, *a, **k)
        if cb is None and code is _DONE and self.now() - began >= poll_interval:
            self.system.clock.sleep(2 * poll_interval)
        return code


# --- timeouts -------------------------------------------------------------------------------------------------------


@FAULTS.fault("monitor.no-timeout", "takes a timeout of 0 for no time at all")
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

    Capped.__name__ = Capped.__qualname__ = name
    how = "with a timeout of 0" if explicit else "without a timeout"
    globals()[name] = FAULTS.fault(clause, f"gives up after {cap:g} s {how}")(Capped)


_capped("monitor.no-timeout", "ZeroIsAMinute", 60.0, explicit=True)
_capped("monitor.no-timeout", "ZeroIsAnHour", 3600.0, explicit=True)
_capped("monitor.no-timeout", "ZeroIsADay", 86_400.0, explicit=True)
_capped("monitor.timeout-default", "DefaultIsTenSeconds", 10.0, explicit=False)
_capped("monitor.timeout-default", "DefaultIsADay", 86_400.0, explicit=False)


@FAULTS.fault("monitor.no-timeout", "without a callback gives up after a thousand seconds")
class SilentGivesUp(MonitorLoop):
    """Does not want to block for ever."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any):  # type: ignore[no-untyped-def]
        """Put a timeout in place of 0, if one was given."""
        return super().monitor_job(job_id, 1000 if timeout == 0 and cb is None else timeout, poll_interval, cb, *a, **k)


@FAULTS.fault("monitor.no-timeout", "uses the timeout of the session's last monitor when it is 0")
class RemembersTimeout(MonitorLoop):
    """Keeps the timeout on the session."""

    last = 0.0

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Use the last timeout that was set."""
        self.last = timeout or self.last
        return super().timed_out(self.last, elapsed, polls)


@FAULTS.fault("monitor.timeout", "never times out")
class NeverTimesOut(MonitorLoop):
    """Ignores the timeout."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Never."""
        return False


@FAULTS.fault("monitor.timeout", "times out with JOB_FINISHED")
class TimeoutIsFinished(Wrapper):
    """Has one code for every end."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Change the code."""
        code = super().monitor_job(*args, **kwargs)
        return _DONE if code is _TIMEOUT else code


@FAULTS.fault("monitor.timeout", "raises TimeoutError when the time is up")
class TimeoutIsRaised(Wrapper):
    """Uses Python's way to say it."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Raise instead of return."""
        code = super().monitor_job(*args, **kwargs)
        if code is _TIMEOUT:
            raise TimeoutError("the job is not done")
        return code


@FAULTS.fault("monitor.timeout", "returns ENDED_BY_CB when the time is up and there is a callback")
class TimeoutWithCallbackIsEnded(Wrapper):
    """Mixes two ends."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any):  # type: ignore[no-untyped-def]
        """Change the code when there is a callback."""
        code = super().monitor_job(job_id, timeout, poll_interval, cb, *a, **k)
        return _ENDED if code is _TIMEOUT and cb is not None else code


@FAULTS.fault("monitor.timeout", "does not time out while the job waits to be scheduled")
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


@FAULTS.fault("monitor.timeout", "ignores a timeout of an hour and more")
class LongTimeoutsIgnored(MonitorLoop):
    """Takes a long timeout for none."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Only short ones."""
        return timeout < 3600 and super().timed_out(timeout, elapsed, polls)


@FAULTS.fault("monitor.timeout", "takes a timeout of 1 for no timeout, as it tests for more than 1")
class OneIsNone(MonitorLoop):
    """Is off by one about what no timeout is."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Only above 1."""
        return timeout > 1 and super().timed_out(timeout, elapsed, polls)


@FAULTS.fault("monitor.timeout", "does not time out in the second monitor of a session")
class OnlyFirstMonitorTimesOut(MonitorLoop):
    """Never resets a flag."""

    used = False

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Once only."""
        if self.used or not super().timed_out(timeout, elapsed, polls):
            return False
        self.used = True
        return True


@FAULTS.fault("monitor.timeout-not-early", "takes the timeout for a tenth of what it is")
class TimeoutTenTimesEarly(MonitorLoop):
    """Has the unit wrong."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Far too early."""
        return super().timed_out(timeout / 10, elapsed, polls)


@FAULTS.fault("monitor.timeout-not-early", "times out when the next poll would come after the timeout")
class TimesOutBeforeLastSleep(MonitorLoop):
    """Sees that the next poll would be too late, and returns already."""

    interval = 0.0

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any) -> Any:
        """Keep the interval."""
        self.interval = poll_interval
        return super().monitor_job(job_id, timeout, poll_interval, *args, **kwargs)

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """As soon as the next poll would be too late."""
        return timeout > 0 and elapsed + self.interval > timeout


@FAULTS.fault("monitor.timeout-not-early", "counts polls instead of seconds")
class TimeoutInPolls(MonitorLoop):
    """Takes the timeout for a number of polls."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """By the number of polls."""
        return 0 < timeout <= polls


@FAULTS.fault("monitor.timeout-not-early", "allows an hour at most")
class TimeoutAtMostAnHour(MonitorLoop):
    """Caps the timeout."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """After an hour at the latest."""
        return super().timed_out(min(timeout, 3600), elapsed, polls)


@FAULTS.fault("monitor.timeout-not-early", "measures in whole seconds of the clock, so that it may be early")
class TimeoutFromWholeSeconds(MonitorLoop):
    """Cuts the fraction off the time it began."""

    def now(self) -> float:
        """Whole seconds."""
        return float(int(super().now()))


@FAULTS.fault("monitor.timeout-not-early", "adds the callback's time to the time that has passed")
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


@FAULTS.fault("monitor.timeout-not-early", "starts the second monitor of a session with the time of the first")
class SecondMonitorStartsEarly(MonitorLoop):
    """Never forgets when it began."""

    first: float | None = None

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Measure from the session's first monitor."""
        began = self.now() - elapsed
        self.first = began if self.first is None else self.first
        return super().timed_out(timeout, self.now() - self.first, polls)


@FAULTS.fault("monitor.timeout-not-late", "times out a poll late")
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


@FAULTS.fault("monitor.timeout-not-late", "adds two poll intervals to the timeout")
class TimeoutTwoPollsLonger(MonitorLoop):
    """Is generous."""

    interval = 0.0

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any) -> Any:
        """Keep the interval."""
        self.interval = poll_interval
        return super().monitor_job(job_id, timeout, poll_interval, *args, **kwargs)

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Two polls more."""
        return super().timed_out(timeout and timeout + 2 * self.interval, elapsed, polls)


@FAULTS.fault("monitor.timeout-not-late", "does not count the callback's time")
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


@FAULTS.fault("monitor.timeout-not-late", "starts to count again at every change of the job's status")
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


@FAULTS.fault("monitor.timeout-not-late", "takes a timeout under a minute for a minute when there is no callback")
class SilentWaitsAMinute(MonitorLoop):
    """Has a least timeout."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any):  # type: ignore[no-untyped-def]
        """Raise the timeout."""
        if isinstance(timeout, int) and 0 < timeout < 60 and cb is None:
            timeout = 60
        return super().monitor_job(job_id, timeout, poll_interval, cb, *a, **k)


@FAULTS.fault("monitor.finish-before-timeout", "says TIMEOUT when the time is up by the poll that found the job done")
class TimeoutBeatsEarlyEnd(MonitorLoop):
    """Returns what it thinks at the deadline, whatever happened before."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Never early when there is a timeout."""
        return done and not self.limited

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Note whether there is a timeout."""
        self.limited = isinstance(timeout, (int, float)) and timeout > 0
        return super().monitor_job(job_id, timeout, *args, **kwargs)


@FAULTS.fault("monitor.finish-before-timeout", "needs two polls in the time left to report the end")
class NeedsTwoPollsLeft(MonitorLoop):
    """Says TIMEOUT of a job that is done when less than three polls are left."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any) -> Any:
        """Change the code when the end came late in the time."""
        began = self.now()
        code = super().monitor_job(job_id, timeout, poll_interval, *args, **kwargs)
        late = code is _DONE and 0 < timeout < self.now() - began + 3 + poll_interval and self.now() > began
        return _TIMEOUT if late else code


@FAULTS.fault("monitor.finish-before-timeout", "says TIMEOUT of a job that ended in the second half of the time")
class SecondHalfIsTimeout(MonitorLoop):
    """Is impatient at the end."""

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Change the code when the end came in the second half."""
        began = self.now()
        code = super().monitor_job(job_id, timeout, *args, **kwargs)
        return _TIMEOUT if code is _DONE and 0 < timeout < 2 * (self.now() - began) else code


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
            return _TIMEOUT

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
        return _TIMEOUT if code is _DONE and 0 < timeout <= self.now() - began else code
