"""Sessions whose monitor_job returns the wrong thing, or at the wrong time."""

from __future__ import annotations

import enum
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.monitors import DONE, ENDED, TIMEOUT, Recoding, is_number
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.occasions import (
    OF_CALLS_ABOUT_A_JOB,
    wrong_on,
)
from contract_tests.mutants.toolkit.thread_bound import bound_to_threads
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper
from flare_sim.spec import InternalError, JobNotFound, MonitorReturnCode

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


@MUTANTS.mutant("monitor.returns-code", "returns the name of the code")
class ReturnsCodeName(Recoding):
    """Gives text."""

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Return the code's name."""
        return code.name


@MUTANTS.mutant("monitor.returns-code", "returns the code as a plain number")
class ReturnsPlainNumber(Recoding):
    """Gives an int that is no MonitorReturnCode."""

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Return the code's number."""
        return int(code)


@MUTANTS.mutant("monitor.returns-code", "returns whether the job is done")
class ReturnsBool(Recoding):
    """Gives True or False."""

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Return a bool."""
        return code is DONE


@MUTANTS.mutant("monitor.returns-code", "returns None when the callback ends the monitor")
class ReturnsNoneWhenEnded(Recoding):
    """Forgets a return statement on one way out."""

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Return nothing on one way out."""
        return None if code is ENDED else code


@MUTANTS.mutant("monitor.returns-code", "returns a plain number when the callback ends the monitor")
class ReturnsNumberWhenEnded(Recoding):
    """Mixes codes and numbers."""

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Return a plain 2 on one way out."""
        return 2 if code is ENDED else code


@MUTANTS.mutant("monitor.returns-code", "returns True instead of the code TIMEOUT")
class ReturnsTrueOnTimeout(Recoding):
    """True is the int 1, as TIMEOUT is."""

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Return True on a timeout."""
        return True if code is TIMEOUT else code


_OwnCodes = enum.IntEnum("_OwnCodes", {"JOB_FINISHED": 0, "TIMEOUT": 1, "ENDED_BY_CB": 2})


@MUTANTS.mutant("monitor.returns-code", "returns a code of an enumeration of its own")
class ReturnsOwnEnumeration(Recoding):
    """Its code is never the interface's, though it looks the same."""

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Return a look-alike."""
        return _OwnCodes(int(code))


wrong_on(
    OF_CALLS_ABOUT_A_JOB,
    _GENERATOR,
    "MonitorJobOtherType",
    "monitor.returns-code",
    "returns a code as a number",
    "monitor_job",
    int,
)


@MUTANTS.mutant("monitor.finished", "takes only FINISHED:COMPLETED for the end of a job")
class OnlyCompletedIsDone(MonitorLoop):
    """Waits on for jobs that failed or were aborted."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Know one final status."""
        return bool(meta["status"] == "FINISHED:COMPLETED")


@MUTANTS.mutant("monitor.finished", "does not know that a job that can't be scheduled is done")
class GivenUpIsNotDone(MonitorLoop):
    """Has a list of final statuses that lacks one."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Leave out a final status."""
        return done and meta["status"] != "FINISHED:CAN_NOT_SCHEDULE"


@MUTANTS.mutant("monitor.finished", "does not know that a job that failed to be deployed is done")
class NotDeployedIsNotDone(MonitorLoop):
    """Has a list of final statuses that lacks one."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Leave out a final status."""
        return done and meta["status"] != "FINISHED:FAILED_TO_RUN"


@MUTANTS.mutant("monitor.finished", "returns TIMEOUT for a job that was killed, as it takes ABNORMAL for an error")
class AbnormalIsTimeout(Recoding):
    """Has no code for a job that ended badly."""

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Change the code for one way to end."""
        if code is DONE and self.inner.get_job_meta(job_id)["status"] == "FINISHED:ABNORMAL":
            return TIMEOUT
        return code


@MUTANTS.mutant("monitor.finished", "raises InternalError for a job that failed")
class FailedJobRaises(Recoding):
    """Takes the failure of a job for its own."""

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Raise for a job that failed."""
        if code is DONE and self.inner.get_job_meta(job_id)["status"] == "FINISHED:EXECUTION_EXCEPTION":
            raise InternalError("the job failed")
        return code


@MUTANTS.mutant("monitor.finished", "returns TIMEOUT for a job that was done before the monitor began")
class AlreadyDoneIsTimeout(MonitorLoop):
    """Wants to have seen the end itself."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Change the code for a job that was done already."""
        done = str(self.get_job_meta(job_id)["status"]).startswith("FINISHED")
        code = super().monitor_job(job_id, *args, **kwargs)
        return TIMEOUT if done and code is DONE else code


@MUTANTS.mutant("monitor.finished", "returns ENDED_BY_CB for a job that is done, when there is a callback")
class FinishedWithCallbackIsEnded(Wrapper):
    """Takes the last call of the callback for its end."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any
    ) -> Any:
        """Change the code when there is a callback."""
        code = super().monitor_job(job_id, timeout, poll_interval, cb, *a, **k)
        return ENDED if code is DONE and cb is not None else code


@MUTANTS.mutant("monitor.finished", "returns TIMEOUT for the eleventh job of the server when it is done")
class EleventhJobNeverFinishes(Recoding):
    """Keeps final statuses for ten jobs."""

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Change the code for the eleventh job."""
        ids = [entry["job_id"] for entry in self.inner.list_jobs(False, True)]
        return TIMEOUT if code is DONE and ids[10:11] == [job_id] else code


@MUTANTS.mutant("monitor.finished", "returns TIMEOUT for a done job in a user's second session")
class SecondSessionNeverFinishes(Recoding):
    """Gets its answers through the first session of the user only."""

    def __init__(self, inner: Any, system: Any, user: str) -> None:
        super().__init__(inner, system, user)
        self.number = count(self, user)

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Change the code in later sessions."""
        return TIMEOUT if code is DONE and self.number > 1 else code


@MUTANTS.mutant("monitor.finished", "returns TIMEOUT for a done clone whose original was deleted")
class OrphanedCloneNeverFinishes(Recoding):
    """Looks at the original, too."""

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Change the code for a clone without its original."""
        original = self.inner.get_job_meta(job_id).get("cloned_from") if code is DONE else None
        if original is not None:
            try:
                self.inner.get_job_meta(original)
            except JobNotFound:
                return TIMEOUT
        return code


@MUTANTS.mutant("monitor.finished", "returns TIMEOUT for a done job of another user")
class JobsOfOthersNeverFinish(Recoding):
    """Looks for the job in the list of its user's own."""

    def recoded(self, code: MonitorReturnCode, job_id: str) -> Any:
        """Change the code for other users' jobs."""
        mine = code is not DONE or job_id in [entry["job_id"] for entry in self.inner.list_jobs()]
        return code if mine else TIMEOUT


@MUTANTS.mutant("monitor.waits", "returns JOB_FINISHED at once when there is no callback")
class DoesNotWaitWithoutCallback(MonitorLoop):
    """Polls once."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any
    ) -> Any:
        """Look once when nobody watches."""
        if cb is None:
            self.get_job_meta(job_id)
            return DONE
        return super().monitor_job(job_id, timeout, poll_interval, cb, *a, **k)


@MUTANTS.mutant("monitor.waits", "takes RUNNING for the end of a job")
class RunningIsDone(MonitorLoop):
    """Waits for the job to start."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End when the job runs."""
        return done or meta["status"] == "RUNNING"


@MUTANTS.mutant("monitor.waits", "takes DISPATCHED for the end of a job")
class DispatchedIsDone(MonitorLoop):
    """Compares with the statuses it knows to be undone, and lacks one."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End when the job is dispatched."""
        return done or meta["status"] == "DISPATCHED"


@MUTANTS.mutant("monitor.waits", "gives up after thirty polls, with JOB_FINISHED")
class ThirtyPollsAreEnough(MonitorLoop):
    """Has a limit of its own."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End after thirty polls."""
        return done or polls >= 30


@MUTANTS.mutant("monitor.waits", "takes the end of any job of the same name for the end of this one")
class NamesakeIsDone(MonitorLoop):
    """Finds jobs by name."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End when a job of this name is done."""
        jobs = self.inner.list_jobs(True, True)
        return done or any(job["name"] == meta["name"] and job["status"].startswith("FINISHED") for job in jobs)


@MUTANTS.mutant("monitor.waits", "returns JOB_FINISHED when an abort of the job was asked for, before it has stopped")
class AskedToAbortIsDone(MonitorLoop):
    """Takes the wish for the deed: here a running job that was cloned counts as done."""

    def clone_job(self, job_id: str) -> str:
        """Remember the job."""
        self.system.memory.setdefault("cloned", set()).add(job_id)
        return super().clone_job(job_id)

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End for a job that was cloned."""
        return done or meta["job_id"] in self.system.memory.get("cloned", ())


@MUTANTS.mutant("monitor.at-once", "sleeps before the first poll")
class SleepsFirst(MonitorLoop):
    """Has the loop the wrong way round."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any) -> Any:
        """Sleep, then poll."""
        if is_number(poll_interval) and 0 < poll_interval < 1e9:
            self.system.server.clock.sleep(poll_interval)
        return super().monitor_job(job_id, timeout, poll_interval, *args, **kwargs)


@MUTANTS.mutant("monitor.at-once", "sleeps once more after the poll that found the job done")
class SleepsLast(MonitorLoop):
    """Sleeps before it looks at what it read."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any) -> Any:
        """Sleep before the return."""
        code = super().monitor_job(job_id, timeout, poll_interval, *args, **kwargs)
        if code is DONE:
            self.system.server.clock.sleep(poll_interval)
        return code


@MUTANTS.mutant("monitor.at-once", "wants to see the job done twice before it believes it")
class PollsDoneTwice(MonitorLoop):
    """Ends a poll late when the job was done from the start."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End with the second poll at the earliest."""
        return done and polls > 1


@MUTANTS.mutant("monitor.at-once", "sleeps before the return for a job that was aborted")
class LingersOnAborted(MonitorLoop):
    """Waits for the abort to settle."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any) -> Any:
        """Sleep before the return, for one way to end."""
        code = super().monitor_job(job_id, timeout, poll_interval, *args, **kwargs)
        if code is DONE and self.inner.get_job_meta(job_id)["status"] == "FINISHED:ABORTED":
            self.system.server.clock.sleep(poll_interval)
        return code


@MUTANTS.mutant("monitor.promptly", "notices the end a poll late")
class NoticesEndLate(MonitorLoop):
    """Compares the status with the one of the poll before."""

    was_done = False

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End on the second look at the end."""
        late, self.was_done = self.was_done, done
        return done and (late or polls == 1)


@MUTANTS.mutant("monitor.promptly", "tests for the end on every third poll only, after the tenth")
class LooksLessOften(MonitorLoop):
    """Saves work when a job takes long."""

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """End on some polls only."""
        return done and (polls <= 10 or polls % 3 == 0)


@MUTANTS.mutant("monitor.promptly", "waits for the end a poll longer when there is no callback")
class SilentNoticesLate(MonitorLoop):
    """Has another loop for the silent monitor."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any
    ) -> Any:
        """Sleep before the return of a monitor without callback that had to wait."""
        began = self.now()
        code = super().monitor_job(job_id, timeout, poll_interval, cb, *a, **k)
        if cb is None and code is DONE and self.now() - began >= poll_interval:
            self.system.server.clock.sleep(2 * poll_interval)
        return code


bound_to_threads(_GENERATOR, "monitor.returns-code", "monitor_job")
