"""Sessions whose monitor_job does not do what the callback's answer says."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.monitors import ENDED, TIMEOUT
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


@MUTANTS.mutant("monitor.callback-true", "takes True for the wish to stop")
class TrueStops(MonitorLoop):
    """Has it the wrong way round."""

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """On True."""
        return bool(answer)


@MUTANTS.mutant("monitor.callback-true", "ends when the callback has returned True a hundred times")
class HundredTrueStop(MonitorLoop):
    """Thinks it is enough."""

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """After a hundred."""
        return super().ends(answer, polls, done) or polls >= 100


@MUTANTS.mutant("monitor.callback-true", "takes the True of the last call for ENDED_BY_CB when the job is done")
class TrueAtEndIsEnded(MonitorLoop):
    """Takes any answer at the end for the end."""

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """When the job is done while it is monitored."""
        return super().ends(answer, polls, done) or (done and polls > 1)


def _false_ignored(clause: str, name: str, difference: str, ignored: Any) -> None:
    """Declare a monitor that takes no notice of False on some polls."""

    class Ignores(MonitorLoop):
        """Takes no notice of some answers."""

        def ends(self, answer: Any, polls: int, done: bool) -> bool:
            """Not on those polls."""
            return super().ends(answer, polls, done) and not ignored(polls)

    _GENERATOR.named(name, clause, difference, Ignores)


_false_ignored(
    "monitor.callback-false-first", "IgnoresFirstFalse", "ignores False from the first call", lambda polls: polls == 1
)


@MUTANTS.mutant("monitor.callback-false-first", "returns JOB_FINISHED when the first call returned False")
class FirstFalseIsFinished(MonitorLoop):
    """Has one code for every end."""

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """By the other way out."""
        self.stopped = polls == 1 and not answer
        return not self.stopped and super().ends(answer, polls, done)

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Done, it says."""
        return done or self.stopped

    stopped = False


@MUTANTS.mutant("monitor.callback-false-first", "does not look at the callback's answer while the job waits")
class WaitingIgnoresFalse(MonitorLoop):
    """Wants the job to start at least."""

    waiting = False

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Note whether the job waits."""
        self.waiting = meta["status"] == "SUBMITTED"
        return super().call(cb, polls, job_id, meta, *rest)

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """Not while it waits."""
        return not self.waiting and super().ends(answer, polls, done)


@MUTANTS.mutant("monitor.callback-false-first", "does not look at the callback's answer when there is a timeout")
class TimeoutIgnoresFalse(MonitorLoop):
    """Ends by one or the other."""

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Note the timeout."""
        self.timed = timeout != 0
        return super().monitor_job(job_id, timeout, *args, **kwargs)

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """Not with a timeout."""
        return not self.timed and super().ends(answer, polls, done)


def _deaf(status: str, clause: str) -> None:
    """Declare a monitor that does not hear False while a job is in a status."""
    first = clause.endswith("first")

    def call(self: Any, cb: Any, polls: int, job_id: str, meta: Any, *args: Any) -> Any:
        answer = MonitorLoop.call(self, cb, polls, job_id, meta, *args)
        return answer or (meta["status"] == status and first == (polls == 1))

    difference = f"does not hear False while a job is {status}, {'at first' if first else 'later on'}"
    name = f"DeafWhile{status.capitalize()}{'AtFirst' if first else ''}"
    _GENERATOR.session(name, clause, difference, {"call": call}, MonitorLoop)


for _status in ("SUBMITTED", "DISPATCHED", "RUNNING"):
    for _clause in ("monitor.callback-false-first", "monitor.callback-false-later"):
        _deaf(_status, _clause)

_false_ignored(
    "monitor.callback-false-later", "IgnoresLaterFalse", "ignores False from any call but the first", lambda n: n > 1
)
_false_ignored(
    "monitor.callback-false-later", "IgnoresEleventhFalse", "ignores False from the eleventh call", lambda n: n == 11
)
_false_ignored(
    "monitor.callback-false-later", "IgnoresLateFalse", "ignores False from the hundredth call on", lambda n: n >= 100
)
_false_ignored(
    "monitor.callback-false-later", "IgnoresSecondFalse", "ignores False from the second call", lambda n: n == 2
)


@MUTANTS.mutant(
    "monitor.callback-false-later", "says TIMEOUT when the callback returned False on the poll at the timeout"
)
class TimeoutBeatsFalse(MonitorLoop):
    """Looks at the time before it looks at the answer."""

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Change the code when the time is up."""
        began = self.now()
        code = super().monitor_job(job_id, timeout, *args, **kwargs)
        return TIMEOUT if code is ENDED and 0 < timeout <= self.now() - began else code


@MUTANTS.mutant("monitor.callback-false-later", "ends only when the callback returns False twice in a row")
class NeedsTwoFalse(MonitorLoop):
    """Asks again."""

    before = True

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """The second time, but for the first poll."""
        sure = polls == 1 or not self.before
        self.before = bool(answer)
        return sure and super().ends(answer, polls, done)


@MUTANTS.mutant("monitor.callback-false-no-more", "calls the callback once more, to say good-bye")
class CallsToSayGoodbye(MonitorLoop):
    """Tells the callback that it is over."""

    def call(self, *args: Any) -> Any:
        """Again after False."""
        answer = super().call(*args)
        if not answer:
            super().call(*args)
        return answer


@MUTANTS.mutant("monitor.callback-false-no-more", "looks at the callback's answer only after the next call")
class AnswerCountsNextTime(MonitorLoop):
    """Is one call behind."""

    last: Any = True

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """By the answer before, but for the first."""
        before = self.last if polls > 1 else True
        self.last = answer
        return not before


@MUTANTS.mutant("monitor.callback-false-no-more", "asks once more after a False of the third call or later")
class AsksAgainLater(MonitorLoop):
    """Wants to be sure when much time went by."""

    def call(self, cb: Any, polls: int, *rest: Any) -> Any:
        """Again after a late False."""
        answer = super().call(cb, polls, *rest)
        if polls >= 3 and not answer:
            super().call(cb, polls, *rest)
        return answer


@MUTANTS.mutant("monitor.callback-false-at-once", "sleeps once more after False")
class SleepsAfterFalse(MonitorLoop):
    """Tests the answer after the sleep."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any) -> Any:
        """Sleep before the return."""
        code = super().monitor_job(job_id, timeout, poll_interval, *args, **kwargs)
        if code is ENDED:
            self.system.server.clock.sleep(poll_interval)
        return code


@MUTANTS.mutant("monitor.callback-false-at-once", "waits for the end of a job that runs after False")
class WaitsAfterFalse(MonitorLoop):
    """Returns the right code, late."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Stay until the job runs no more."""
        code = super().monitor_job(job_id, *args, **kwargs)
        if code is ENDED and self.inner.get_job_meta(job_id)["status"] == "RUNNING":
            self.inner.monitor_job(job_id, 100)
        return code


@MUTANTS.mutant("monitor.callback-false-at-once", "polls a last time after False, which nobody sees unless it raises")
class PollsAfterFalse(MonitorLoop):
    """Wants to know how the job is."""

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """After another poll."""
        if not answer:
            self.poll(self.job)
        return super().ends(answer, polls, done)

    def poll(self, job_id: str) -> dict[str, Any]:
        """Note the job."""
        self.job = job_id
        return super().poll(job_id)
