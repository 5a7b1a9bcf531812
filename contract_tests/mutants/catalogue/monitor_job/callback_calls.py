"""Sessions whose monitor_job calls the callback at the wrong time, or not at all."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.monitors import RepeatedMonitor
from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop

MUTANTS = VariantTable()


@MUTANTS.mutant("monitor.callback-first", "does not call the callback after the first poll")
class NoFirstCall(MonitorLoop):
    """Thinks that the first poll is no news."""

    def call(self, cb: Any, polls: int, *rest: Any) -> Any:
        """Not the first time."""
        return True if polls == 1 else super().call(cb, polls, *rest)


@MUTANTS.mutant("monitor.callback-first", "does not call a callback that counts as false, such as an empty collection")
class CallsWhatIsTrue(MonitorLoop):
    """Tests the callback where it should ask whether there is one."""

    def call(self, cb: Any, *rest: Any) -> Any:
        """If it counts as true."""
        return super().call(cb, *rest) if cb else True


@MUTANTS.mutant("monitor.callback-first", "does not call the callback for a job that was done already")
class NoCallForDone(MonitorLoop):
    """Returns before it comes to the callback."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Not for a job that was done from the start."""
        return True if polls == 1 and "FINISHED" in meta["status"] else super().call(cb, polls, job_id, meta, *rest)


@MUTANTS.mutant("monitor.callback-first", "calls the callback only once the job is running")
class NoCallBeforeRun(MonitorLoop):
    """Spares the callback what is not interesting."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Not while the job waits."""
        return True if meta["status"] == "DISPATCHED" else super().call(cb, polls, job_id, meta, *rest)


@MUTANTS.mutant("monitor.callback-first", "sleeps between the first poll and the first call")
class SleepsBeforeFirstCall(MonitorLoop):
    """Calls late."""

    def call(self, cb: Any, polls: int, *rest: Any) -> Any:
        """Sleep, then call."""
        if polls == 1:
            self.system.server.clock.sleep(3.0)
        return super().call(cb, polls, *rest)


@MUTANTS.mutant("monitor.callback-first", "calls the callback of a job's second monitor from its second poll on")
class SecondMonitorSkipsFirst(RepeatedMonitor):
    """Has told of that meta before."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Not at once."""
        if self.number and polls == 1:
            return True
        return super().call(cb, polls, job_id, meta, args, kwargs)


@MUTANTS.mutant("monitor.callback-last", "does not call the callback after the poll that finds the job done")
class NoLastCall(MonitorLoop):
    """Returns as soon as it knows."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Not for a job that is done, unless it is the first call."""
        return True if polls > 1 and "FINISHED" in meta["status"] else super().call(cb, polls, job_id, meta, *rest)


@MUTANTS.mutant("monitor.callback-last", "does not call the callback after the poll that finds the job aborted")
class NoLastCallWhenAborted(MonitorLoop):
    """Takes the abort for the callback's own doing."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Not for a job that was aborted meanwhile."""
        aborted = polls > 1 and meta["status"] == "FINISHED:ABORTED"
        return True if aborted else super().call(cb, polls, job_id, meta, *rest)


@MUTANTS.mutant("monitor.callback-last", "does not call the callback after the poll that finds the job failed")
class NoLastCallWhenFailed(MonitorLoop):
    """Has another way out for failures."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Not for a job that failed meanwhile."""
        failed = polls > 1 and meta["status"] == "FINISHED:EXECUTION_EXCEPTION"
        return True if failed else super().call(cb, polls, job_id, meta, *rest)


@MUTANTS.mutant("monitor.callback-last", "does not call the callback after the last poll of a long run")
class NoLastCallOfLongRun(MonitorLoop):
    """Stops to call after fifty polls."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Not for the end after many polls."""
        late = polls > 50 and "FINISHED" in meta["status"]
        return True if late else super().call(cb, polls, job_id, meta, *rest)


@MUTANTS.mutant("monitor.callback-last", "tells the last call the status of the poll before")
class LastCallIsBehind(MonitorLoop):
    """Hands on what it knew before the last poll."""

    before: Any = None

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """With the meta of the poll before, at the end."""
        behind = self.before if polls > 1 and "FINISHED" in meta["status"] else meta
        self.before = meta
        return super().call(cb, polls, job_id, behind, *rest)


@MUTANTS.mutant("monitor.callback-last", "does not call the callback again for a job whose end it has told of")
class TellsEndOnce(MonitorLoop):
    """Thinks that everybody knows."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Once."""
        if meta["status"].startswith("FINISHED"):
            told = noted(self, "told")
            if job_id in told:
                return True
            told.append(job_id)
        return super().call(cb, polls, job_id, meta, args, kwargs)


@MUTANTS.mutant("monitor.callback-each", "calls the callback only when the status has changed")
class CallsOnChange(MonitorLoop):
    """Spares the callback what it knows."""

    status = ""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Only with news."""
        news = polls == 1 or meta["status"] != self.status
        self.status = meta["status"]
        return super().call(cb, polls, job_id, meta, *rest) if news else True


@MUTANTS.mutant("monitor.callback-each", "leaves out every eleventh call")
class LeavesOutEleventhCall(MonitorLoop):
    """Forgets one."""

    def call(self, cb: Any, polls: int, *rest: Any) -> Any:
        """Not the eleventh time."""
        return True if polls % 11 == 0 else super().call(cb, polls, *rest)


@MUTANTS.mutant("monitor.callback-each", "calls the callback twice after the poll that finds the job done")
class CallsTwiceAtEnd(MonitorLoop):
    """Has a call in the loop and one behind it."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Once more at the end."""
        answer = super().call(cb, polls, job_id, meta, *rest)
        if answer and "FINISHED" in meta["status"]:
            super().call(cb, polls, job_id, meta, *rest)
        return answer


@MUTANTS.mutant("monitor.callback-each", "calls the callback twice when the status has changed")
class CallsTwiceOnChange(MonitorLoop):
    """Calls for the poll, and for the news."""

    status = ""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Once more with news."""
        if polls > 1 and meta["status"] != self.status and "FINISHED" not in meta["status"]:
            super().call(cb, polls, job_id, meta, *rest)
        self.status = meta["status"]
        return super().call(cb, polls, job_id, meta, *rest)


@MUTANTS.mutant("monitor.callback-each", "calls the callback on every second poll only when there is a timeout")
class CallsHalfWithTimeout(MonitorLoop):
    """Mixes up two counters."""

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Note the timeout."""
        self.timed = timeout != 0
        return super().monitor_job(job_id, timeout, *args, **kwargs)

    def call(self, cb: Any, polls: int, *rest: Any) -> Any:
        """Not on even polls."""
        return True if self.timed and polls % 2 == 0 else super().call(cb, polls, *rest)


@MUTANTS.mutant("monitor.callback-each", "calls the callback of a session's first monitor, too, in later ones")
class CallsEarlierCallbacks(MonitorLoop):
    """Collects callbacks on the session, in a default that is shared."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Forget nothing."""
        cb = args[2] if len(args) > 2 else kwargs.get("cb")
        self.known = [*getattr(self, "known", []), cb] if callable(cb) else getattr(self, "known", [])
        return super().monitor_job(job_id, *args, **kwargs)

    def call(self, cb: Any, *rest: Any) -> Any:
        """All callbacks there were."""
        for earlier in self.known:
            if earlier is not cb:
                super().call(earlier, *rest)
        return super().call(cb, *rest)
