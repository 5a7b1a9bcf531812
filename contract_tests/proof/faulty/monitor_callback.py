"""Sessions whose monitor_job calls the callback at the wrong time, with the wrong things, or not at all."""

from __future__ import annotations

from typing import Any

from contract_tests.proof.registry import VariantTable
from contract_tests.proof.wrapper import MonitorLoop, Wrapper
from flare_sim.spec import InternalError, JobNotFound, MonitorReturnCode, NoConnection

FAULTS = VariantTable()
_DONE = MonitorReturnCode.JOB_FINISHED
_ENDED = MonitorReturnCode.ENDED_BY_CB
_TIMEOUT = MonitorReturnCode.TIMEOUT


# --- when it is called ----------------------------------------------------------------------------------------------


@FAULTS.fault("monitor.callback-first", "does not call the callback after the first poll")
class NoFirstCall(MonitorLoop):
    """Thinks that the first poll is no news."""

    def call(self, cb: Any, polls: int, *rest: Any) -> Any:
        """Not the first time."""
        return True if polls == 1 else super().call(cb, polls, *rest)


@FAULTS.fault("monitor.callback-first", "does not call the callback for a job that was done already")
class NoCallForDone(MonitorLoop):
    """Returns before it comes to the callback."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Not for a job that was done from the start."""
        return True if polls == 1 and "FINISHED" in meta["status"] else super().call(cb, polls, job_id, meta, *rest)


@FAULTS.fault("monitor.callback-first", "calls the callback only once the job is running")
class NoCallBeforeRun(MonitorLoop):
    """Spares the callback what is not interesting."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Not while the job waits."""
        return True if meta["status"] == "DISPATCHED" else super().call(cb, polls, job_id, meta, *rest)


@FAULTS.fault("monitor.callback-first", "sleeps between the first poll and the first call")
class SleepsBeforeFirstCall(MonitorLoop):
    """Calls late."""

    def call(self, cb: Any, polls: int, *rest: Any) -> Any:
        """Sleep, then call."""
        if polls == 1:
            self.system.server.clock.sleep(3.0)
        return super().call(cb, polls, *rest)


@FAULTS.fault("monitor.callback-last", "does not call the callback after the poll that finds the job done")
class NoLastCall(MonitorLoop):
    """Returns as soon as it knows."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Not for a job that is done, unless it is the first call."""
        return True if polls > 1 and "FINISHED" in meta["status"] else super().call(cb, polls, job_id, meta, *rest)


@FAULTS.fault("monitor.callback-last", "does not call the callback after the poll that finds the job aborted")
class NoLastCallWhenAborted(MonitorLoop):
    """Takes the abort for the callback's own doing."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Not for a job that was aborted meanwhile."""
        aborted = polls > 1 and meta["status"] == "FINISHED:ABORTED"
        return True if aborted else super().call(cb, polls, job_id, meta, *rest)


@FAULTS.fault("monitor.callback-last", "does not call the callback after the poll that finds the job failed")
class NoLastCallWhenFailed(MonitorLoop):
    """Has another way out for failures."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Not for a job that failed meanwhile."""
        failed = polls > 1 and meta["status"] == "FINISHED:EXECUTION_EXCEPTION"
        return True if failed else super().call(cb, polls, job_id, meta, *rest)


@FAULTS.fault("monitor.callback-last", "does not call the callback after the last poll of a long run")
class NoLastCallOfLongRun(MonitorLoop):
    """Stops to call after fifty polls."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Not for the end after many polls."""
        late = polls > 50 and "FINISHED" in meta["status"]
        return True if late else super().call(cb, polls, job_id, meta, *rest)


@FAULTS.fault("monitor.callback-last", "tells the last call the status of the poll before")
class LastCallIsBehind(MonitorLoop):
    """Hands on what it knew before the last poll."""

    before: Any = None

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """With the meta of the poll before, at the end."""
        behind = self.before if polls > 1 and "FINISHED" in meta["status"] else meta
        self.before = meta
        return super().call(cb, polls, job_id, behind, *rest)


@FAULTS.fault("monitor.callback-each", "calls the callback only when the status has changed")
class CallsOnChange(MonitorLoop):
    """Spares the callback what it knows."""

    status = ""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Only with news."""
        news = polls == 1 or meta["status"] != self.status
        self.status = meta["status"]
        return super().call(cb, polls, job_id, meta, *rest) if news else True


@FAULTS.fault("monitor.callback-each", "leaves out every eleventh call")
class LeavesOutEleventhCall(MonitorLoop):
    """Forgets one."""

    def call(self, cb: Any, polls: int, *rest: Any) -> Any:
        """Not the eleventh time."""
        return True if polls % 11 == 0 else super().call(cb, polls, *rest)


@FAULTS.fault("monitor.callback-each", "calls the callback twice after the poll that finds the job done")
class CallsTwiceAtEnd(MonitorLoop):
    """Has a call in the loop and one behind it."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Once more at the end."""
        answer = super().call(cb, polls, job_id, meta, *rest)
        if answer and "FINISHED" in meta["status"]:
            super().call(cb, polls, job_id, meta, *rest)
        return answer


@FAULTS.fault("monitor.callback-each", "calls the callback twice when the status has changed")
class CallsTwiceOnChange(MonitorLoop):
    """Calls for the poll, and for the news."""

    status = ""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Once more with news."""
        if polls > 1 and meta["status"] != self.status and "FINISHED" not in meta["status"]:
            super().call(cb, polls, job_id, meta, *rest)
        self.status = meta["status"]
        return super().call(cb, polls, job_id, meta, *rest)


@FAULTS.fault("monitor.callback-each", "calls the callback on every second poll only when there is a timeout")
class CallsHalfWithTimeout(MonitorLoop):
    """Mixes up two counters."""

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Note the timeout."""
        self.timed = timeout != 0
        return super().monitor_job(job_id, timeout, *args, **kwargs)

    def call(self, cb: Any, polls: int, *rest: Any) -> Any:
        """Not on even polls."""
        return True if self.timed and polls % 2 == 0 else super().call(cb, polls, *rest)


@FAULTS.fault("monitor.callback-each", "calls the callback of a session's first monitor, too, in later ones")
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


# --- what it is handed ----------------------------------------------------------------------------------------------


@FAULTS.fault("monitor.callback-session", "gives the callback the session it wraps")
class HandsOutInner(MonitorLoop):
    """Leaks what it wraps."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the wrapped session."""
        return cb(self.inner, job_id, dict(meta), *args, **kwargs)


@FAULTS.fault("monitor.callback-session", "hands the callback on as it is, to the session it wraps")
class PassesCallbackOn(Wrapper):
    """Forgets that the wrapped session will introduce itself."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Hand on."""
        return self.inner.monitor_job(*args, **kwargs)


@FAULTS.fault("monitor.callback-session", "gives the callback a new session of the user")
class HandsOutAnother(MonitorLoop):
    """Protects itself from the callback."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With a session like this one."""
        return cb(type(self)(self.inner, self.system, self.user), job_id, dict(meta), *args, **kwargs)


@FAULTS.fault("monitor.callback-session", "gives every call but the first the session it wraps")
class HandsOutInnerLater(MonitorLoop):
    """Is right the first time."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the wrapped session from the second call on."""
        return cb(self if polls == 1 else self.inner, job_id, dict(meta), *args, **kwargs)


@FAULTS.fault("monitor.callback-session", "gives the callback of a done job no session")
class NoSessionAtEnd(MonitorLoop):
    """Lets go of the session too early."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With None at the end."""
        return cb(None if "FINISHED" in meta["status"] else self, job_id, dict(meta), *args, **kwargs)


@FAULTS.fault("monitor.callback-session", "gives the callback the user's first session, also in a later one")
class HandsOutFirstSession(MonitorLoop):
    """Keeps one session a user."""

    def __init__(self, inner: Any, system: Any, user: str) -> None:
        super().__init__(inner, system, user)
        self.first = system.memory.setdefault(user, self)

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the first session."""
        return cb(self.first, job_id, dict(meta), *args, **kwargs)


@FAULTS.fault("monitor.callback-job-id", "gives the callback the job's name for its id")
class HandsOutName(MonitorLoop):
    """Mixes up name and id."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the name."""
        return cb(self, meta["name"], dict(meta), *args, **kwargs)


@FAULTS.fault("monitor.callback-job-id", "gives the callback the id in capitals")
class HandsOutCapitals(MonitorLoop):
    """Normalizes the id its own way."""

    def call(self, cb: Any, polls: int, job_id: str, *rest: Any) -> Any:
        """In capitals."""
        return super().call(cb, polls, job_id.upper(), *rest)


@FAULTS.fault("monitor.callback-job-id", "gives the callback the id of the job that was submitted last")
class HandsOutLastJob(MonitorLoop):
    """Looks the id up in the wrong place."""

    def call(self, cb: Any, polls: int, job_id: str, *rest: Any) -> Any:
        """The last job of the list."""
        return super().call(cb, polls, self.inner.list_jobs()[-1]["job_id"], *rest)


@FAULTS.fault("monitor.callback-job-id", "gives the callback the id of the original when a clone is monitored")
class HandsOutOriginal(MonitorLoop):
    """Mixes up clone and original."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """The original's."""
        return super().call(cb, polls, meta.get("cloned_from") or job_id, meta, *rest)


@FAULTS.fault("monitor.callback-meta", "gives the callback the meta of the poll before")
class HandsOutOldMeta(MonitorLoop):
    """Is one poll behind."""

    before: Any = None

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """With the meta of the poll before."""
        old = self.before if polls > 1 else meta
        self.before = meta
        return super().call(cb, polls, job_id, old, *rest)


@FAULTS.fault("monitor.callback-meta", "gives the callback the meta of the first poll for ever")
class HandsOutFirstMeta(MonitorLoop):
    """Reads once for the callback."""

    first: Any = None

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """With the first meta."""
        self.first = meta if polls == 1 else self.first
        return super().call(cb, polls, job_id, self.first, *rest)


@FAULTS.fault("monitor.callback-meta", "gives the callback the status for the meta")
class HandsOutStatus(MonitorLoop):
    """Thinks that the status is all one wants."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With text."""
        return cb(self, job_id, meta["status"], *args, **kwargs)


@FAULTS.fault("monitor.callback-meta", "gives the callback a meta of three keys")
class HandsOutLittle(MonitorLoop):
    """Cuts the meta down."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """With a part of it."""
        return super().call(cb, polls, job_id, {key: meta[key] for key in ("job_id", "name", "status")}, *rest)


@FAULTS.fault("monitor.callback-meta", "gives the callback the meta of the original when a clone is monitored")
class HandsOutMetaOfOriginal(MonitorLoop):
    """Mixes up clone and original."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """The original's, if it is there."""
        try:
            told = self.inner.get_job_meta(meta.get("cloned_from"))
        except JobNotFound:
            told = meta
        return super().call(cb, polls, job_id, told, *rest)


@FAULTS.fault("monitor.callback-meta", "gives the callback of a second monitor the metas that the first one read")
class HandsOutCachedMeta(MonitorLoop):
    """Keeps metas by poll."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """From the first monitor of the job."""
        told = self.system.memory.setdefault((job_id, polls), meta)
        return super().call(cb, polls, job_id, told, *rest)


@FAULTS.fault("monitor.callback-meta-copy", "decides by the meta after the callback has changed it")
class DecidesByChangedMeta(MonitorLoop):
    """Shares the meta with the callback."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the meta itself."""
        return cb(self, job_id, meta, *args, **kwargs)

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """By what the callback left."""
        return str(meta.get("status")).startswith("FINISHED")


@FAULTS.fault("monitor.callback-meta-copy", "tells the status that a callback wrote into its meta")
class KeepsChangedMeta(MonitorLoop):
    """Has the session's metas from the callback's."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Keep the meta after the call."""
        answer = cb(self, job_id, meta, *args, **kwargs)
        self.system.memory[job_id] = meta
        return answer

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """With the changes that were made to it."""
        meta = super().get_job_meta(job_id)
        kept = self.system.memory.get(job_id, meta)
        return {**meta, "status": kept.get("status", meta["status"])}


@FAULTS.fault("monitor.callback-meta-copy", "hands the same lists and dicts inside the meta out again")
class SharesInnerParts(MonitorLoop):
    """Copies only the top of a meta."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """With the nested values that were handed out first."""
        meta = super().get_job_meta(job_id)
        parts = self.system.memory.setdefault(job_id, {})
        for key, value in meta.items():
            if isinstance(value, (list, dict)):
                meta[key] = parts.setdefault(key, value)
        return meta


@FAULTS.fault("monitor.callback-meta-copy", "hands what a callback added to its meta to the next call")
class SharesMetaBetweenCalls(MonitorLoop):
    """Updates one dict for all calls."""

    shared: dict[str, Any]

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With one dict."""
        if polls == 1:
            self.shared = {}
        self.shared.update(meta)
        return cb(self, job_id, self.shared, *args, **kwargs)


@FAULTS.fault("monitor.callback-args", "loses the further positional arguments")
class LosesArguments(MonitorLoop):
    """Passes no arguments on."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Without them."""
        return super().call(cb, polls, job_id, meta, (), kwargs)


@FAULTS.fault("monitor.callback-args", "hands the further arguments over as one tuple")
class PacksArguments(MonitorLoop):
    """Forgets a star."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """As one."""
        return super().call(cb, polls, job_id, meta, (args,) if args else (), kwargs)


@FAULTS.fault("monitor.callback-args", "leaves out further arguments that are false in themselves")
class LosesFalseArguments(MonitorLoop):
    """Takes 0 and None for nothing."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Without 0, None and the like."""
        return super().call(cb, polls, job_id, meta, tuple(arg for arg in args if arg), kwargs)


@FAULTS.fault("monitor.callback-args", "hands on two further arguments at most")
class TwoArgumentsAtMost(MonitorLoop):
    """Has room for two."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Two of them."""
        return super().call(cb, polls, job_id, meta, args[:2], kwargs)


@FAULTS.fault("monitor.callback-args", "hands the further arguments to the first call only")
class UsesArgumentsUp(MonitorLoop):
    """Keeps them in an iterator."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Once."""
        return super().call(cb, polls, job_id, meta, args if polls == 1 else (), kwargs)


@FAULTS.fault("monitor.callback-args", "hands the further arguments over in the reverse order")
class ReversesArguments(MonitorLoop):
    """Takes them from a stack."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Backwards."""
        return super().call(cb, polls, job_id, meta, args[::-1], kwargs)


@FAULTS.fault("monitor.callback-args", "hands over copies of the further arguments")
class CopiesArguments(MonitorLoop):
    """Keeps the callback from filling the caller's list."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Copies of lists and dicts."""
        copies = tuple(arg.copy() if isinstance(arg, (list, dict)) else arg for arg in args)
        return super().call(cb, polls, job_id, meta, copies, kwargs)


@FAULTS.fault("monitor.callback-kwargs", "loses the further named arguments")
class LosesNamed(MonitorLoop):
    """Passes no named arguments on."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Without them."""
        return super().call(cb, polls, job_id, meta, args, {})


@FAULTS.fault("monitor.callback-kwargs", "loses named arguments when there are positional ones, too")
class LosesNamedWithPositional(MonitorLoop):
    """Passes on one or the other."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """One kind."""
        return super().call(cb, polls, job_id, meta, args, {} if args else kwargs)


@FAULTS.fault("monitor.callback-kwargs", "takes named arguments out of the dict as it hands them on")
class UsesNamedUp(MonitorLoop):
    """Empties the dict with the first call."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Once."""
        handed = dict(kwargs)
        kwargs.clear()
        return super().call(cb, polls, job_id, meta, args, handed)


@FAULTS.fault("monitor.callback-kwargs", "leaves out named arguments that are None")
class LosesNone(MonitorLoop):
    """Takes None for not given."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Without None."""
        return super().call(cb, polls, job_id, meta, args, {k: v for k, v in kwargs.items() if v is not None})


@FAULTS.fault("monitor.callback-kwargs", "keeps a named argument called user for itself")
class KeepsUser(MonitorLoop):
    """Has an option of its own by that name."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Without it."""
        return super().call(cb, polls, job_id, meta, args, {k: v for k, v in kwargs.items() if k != "user"})


@FAULTS.fault("monitor.callback-kwargs", "takes a named argument called cb_kwargs for the named arguments")
class UnpacksCbKwargs(MonitorLoop):
    """Reads the signature the wrong way."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With what is in it."""
        inner = kwargs.pop("cb_kwargs", None)
        return super().call(cb, polls, job_id, meta, args, {**kwargs, **(inner if isinstance(inner, dict) else {})})


@FAULTS.fault("monitor.callback-nothing-else", "tells the callback the number of the poll, too")
class TellsPollNumber(MonitorLoop):
    """Is helpful."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With a number."""
        return super().call(cb, polls, job_id, meta, (*args, polls), kwargs)


@FAULTS.fault("monitor.callback-nothing-else", "tells the callback of the end by a named argument")
class TellsDone(MonitorLoop):
    """Is helpful at the end."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With a flag."""
        extra = {"done": True} if "FINISHED" in meta["status"] else {}
        return super().call(cb, polls, job_id, meta, args, {**kwargs, **extra})


@FAULTS.fault("monitor.callback-nothing-else", "hands the arguments of the session's last monitor on once more")
class RemembersArguments(MonitorLoop):
    """Keeps named arguments in a default that is shared."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With everything that was ever handed over."""
        known = self.__dict__.setdefault("known", {})
        known.update(kwargs)
        return super().call(cb, polls, job_id, meta, args, dict(known))


# --- what its answers do --------------------------------------------------------------------------------------------


@FAULTS.fault("monitor.callback-true", "takes True for the wish to stop")
class TrueStops(MonitorLoop):
    """Has it the wrong way round."""

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """On True."""
        return bool(answer)


@FAULTS.fault("monitor.callback-true", "ends when the callback has returned True a hundred times")
class HundredTrueStop(MonitorLoop):
    """Thinks it is enough."""

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """After a hundred."""
        return super().ends(answer, polls, done) or polls >= 100


@FAULTS.fault("monitor.callback-true", "takes the True of the last call for ENDED_BY_CB when the job is done")
class TrueAtEndIsEnded(MonitorLoop):
    """Takes any answer at the end for the end."""

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """When the job is done while it is monitored."""
        return super().ends(answer, polls, done) or (done and polls > 1)


def _false_ignored(clause: str, name: str, story: str, ignored: Any) -> None:
    """Declare a monitor that takes no notice of False on some polls."""

    class Ignores(MonitorLoop):
        """Takes no notice of some answers."""

        def ends(self, answer: Any, polls: int, done: bool) -> bool:
            """Not on those polls."""
            return super().ends(answer, polls, done) and not ignored(polls)

    Ignores.__name__ = Ignores.__qualname__ = name
    globals()[name] = FAULTS.fault(clause, story)(Ignores)


_false_ignored(
    "monitor.callback-false-first", "IgnoresFirstFalse", "ignores False from the first call", lambda polls: polls == 1
)
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


@FAULTS.fault("monitor.callback-false-first", "returns JOB_FINISHED when the first call returned False")
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


@FAULTS.fault("monitor.callback-false-first", "does not look at the callback's answer while the job waits")
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


@FAULTS.fault("monitor.callback-false-first", "does not look at the callback's answer when there is a timeout")
class TimeoutIgnoresFalse(MonitorLoop):
    """Ends by one or the other."""

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Note the timeout."""
        self.timed = timeout != 0
        return super().monitor_job(job_id, timeout, *args, **kwargs)

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """Not with a timeout."""
        return not self.timed and super().ends(answer, polls, done)


@FAULTS.fault(
    "monitor.callback-false-later", "says TIMEOUT when the callback returned False on the poll at the timeout"
)
class TimeoutBeatsFalse(MonitorLoop):
    """Looks at the time before it looks at the answer."""

    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> Any:
        """Change the code when the time is up."""
        began = self.now()
        code = super().monitor_job(job_id, timeout, *args, **kwargs)
        return _TIMEOUT if code is _ENDED and 0 < timeout <= self.now() - began else code


@FAULTS.fault("monitor.callback-false-later", "ends only when the callback returns False twice in a row")
class NeedsTwoFalse(MonitorLoop):
    """Asks again."""

    before = True

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """The second time, but for the first poll."""
        sure = polls == 1 or not self.before
        self.before = bool(answer)
        return sure and super().ends(answer, polls, done)


@FAULTS.fault("monitor.callback-false-no-more", "calls the callback once more, to say good-bye")
class CallsToSayGoodbye(MonitorLoop):
    """Tells the callback that it is over."""

    def call(self, *args: Any) -> Any:
        """Again after False."""
        answer = super().call(*args)
        if not answer:
            super().call(*args)
        return answer


@FAULTS.fault("monitor.callback-false-no-more", "looks at the callback's answer only after the next call")
class AnswerCountsNextTime(MonitorLoop):
    """Is one call behind."""

    last: Any = True

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """By the answer before, but for the first."""
        before = self.last if polls > 1 else True
        self.last = answer
        return not before


@FAULTS.fault("monitor.callback-false-no-more", "asks once more after a False of the third call or later")
class AsksAgainLater(MonitorLoop):
    """Wants to be sure when much time went by."""

    def call(self, cb: Any, polls: int, *rest: Any) -> Any:
        """Again after a late False."""
        answer = super().call(cb, polls, *rest)
        if polls >= 3 and not answer:
            super().call(cb, polls, *rest)
        return answer


@FAULTS.fault("monitor.callback-false-at-once", "sleeps once more after False")
class SleepsAfterFalse(MonitorLoop):
    """Tests the answer after the sleep."""

    def monitor_job(self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any) -> Any:
        """Sleep before the return."""
        code = super().monitor_job(job_id, timeout, poll_interval, *args, **kwargs)
        if code is _ENDED:
            self.system.server.clock.sleep(poll_interval)
        return code


@FAULTS.fault("monitor.callback-false-at-once", "waits for the end of a job that runs after False")
class WaitsAfterFalse(MonitorLoop):
    """Returns the right code, late."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Stay until the job runs no more."""
        code = super().monitor_job(job_id, *args, **kwargs)
        if code is _ENDED and self.inner.get_job_meta(job_id)["status"] == "RUNNING":
            self.inner.monitor_job(job_id, 100)
        return code


# --- what it raises -------------------------------------------------------------------------------------------------


def _error_handled(clause: str, name: str, story: str, handle: Any, *kinds: type[BaseException]) -> None:
    """Declare a monitor that handles what the callback raises."""

    class Handles(MonitorLoop):
        """Does not let errors of the callback pass."""

        def call(self, *args: Any) -> Any:
            """Handle some of them."""
            try:
                return super().call(*args)
            except kinds as error:
                return handle(error)

    Handles.__name__ = Handles.__qualname__ = name
    globals()[name] = FAULTS.fault(clause, story)(Handles)


def _wrap(error: BaseException) -> Any:
    raise InternalError(f"the callback failed: {error}") from error


def _again(error: BaseException) -> Any:
    raise type(error)(*error.args)


def _chain(error: BaseException) -> Any:
    raise error from RuntimeError("in the callback")


def _plain(error: BaseException) -> Any:
    raise RuntimeError(str(error))


_error_handled(
    "monitor.callback-error", "ErrorMeansStop", "takes an error of the callback for False", lambda _: False, Exception
)
_error_handled(
    "monitor.callback-error", "ErrorMeansTrue", "takes an error of the callback for True", lambda _: True, Exception
)
_error_handled(
    "monitor.callback-error", "WrapsError", "wraps errors of the callback in InternalError", _wrap, Exception
)
_error_handled("monitor.callback-error", "RaisesACopy", "raises a new error of the same class", _again, ValueError)
_error_handled(
    "monitor.callback-error", "SwallowsKeyError", "takes a KeyError for a meta without a key", bool, KeyError
)
_error_handled(
    "monitor.callback-error", "SwallowsTimeoutError", "takes a TimeoutError for its own", lambda _: True, TimeoutError
)
_error_handled("monitor.callback-error", "StopsOnStopIteration", "runs in a generator", _plain, StopIteration)
_error_handled(
    "monitor.callback-error", "RetriesNoConnection", "takes NoConnection for its own", lambda _: True, NoConnection
)
_error_handled(
    "monitor.callback-error", "HidesJobNotFound", "takes JobNotFound for the end", lambda _: False, JobNotFound
)
_error_handled("monitor.callback-error", "SwallowsExit", "does not let SystemExit pass", lambda _: False, SystemExit)
_error_handled("monitor.callback-error", "ChainsError", "gives the callback's error a cause", _chain, ValueError)
_error_handled(
    "monitor.callback-error", "EndsAsTimeout", "does not know InterruptedError", lambda _: True, InterruptedError
)


@FAULTS.fault("monitor.callback-error", "swallows what the callback raises about a job that is done")
class SwallowsErrorAtEnd(MonitorLoop):
    """Does not care any more."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Not at the end."""
        if "FINISHED" not in meta["status"]:
            return super().call(cb, polls, job_id, meta, *rest)
        try:
            return super().call(cb, polls, job_id, meta, *rest)
        except Exception:
            return True


@FAULTS.fault("monitor.callback-error", "swallows what the callback raises after the fifth poll")
class SwallowsLateErrors(MonitorLoop):
    """Is used to the callback by then."""

    def call(self, cb: Any, polls: int, *rest: Any) -> Any:
        """Not late."""
        try:
            return super().call(cb, polls, *rest)
        except Exception:
            if polls <= 5:
                raise
            return True


@FAULTS.fault("monitor.callback-error-ends", "calls the callback once more after an error")
class RetriesCallback(MonitorLoop):
    """Tries again."""

    def call(self, *args: Any) -> Any:
        """Twice."""
        try:
            return super().call(*args)
        except Exception as error:
            try:
                super().call(*args)
            except Exception:
                raise error from None
            raise


@FAULTS.fault("monitor.callback-error-ends", "goes on to the next poll after an error, and raises it there")
class RaisesAtNextCall(MonitorLoop):
    """Defers the error."""

    deferred: Exception | None = None

    def call(self, *args: Any) -> Any:
        """Raise what the call before raised."""
        earlier, self.deferred = self.deferred, None
        try:
            answer = super().call(*args)
        except Exception as error:
            self.deferred = error
            answer = True
        if earlier is not None:
            raise earlier
        return answer


# --- what it may do -------------------------------------------------------------------------------------------------


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


@FAULTS.fault("monitor.callback-reads", "refuses to read a job's meta in the callback")
class BusyForMeta(_Busy):
    """Takes one call at a time."""

    def poll(self, job_id: str) -> dict[str, Any]:
        """The monitor's own poll."""
        return super().get_job_meta(job_id)

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Not in the callback."""
        self.refuse()
        return super().get_job_meta(job_id)


@FAULTS.fault("monitor.callback-reads", "refuses to list jobs in the callback")
class BusyForList(_Busy):
    """Takes one call at a time."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Not in the callback."""
        self.refuse()
        return super().list_jobs(detailed, all)


@FAULTS.fault("monitor.callback-reads", "gives the meta of the monitored job for any job in the callback")
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


@FAULTS.fault("monitor.callback-reads", "ends the monitor when the callback listed jobs")
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


@FAULTS.fault("monitor.callback-aborts", "refuses to abort a job in the callback")
class BusyForAbort(_Busy):
    """Takes one call at a time."""

    def abort_job(self, job_id: str) -> Any:
        """Not in the callback."""
        self.refuse()
        return super().abort_job(job_id)


@FAULTS.fault("monitor.callback-aborts", "says ENDED_BY_CB when the callback aborted the job")
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


@FAULTS.fault("monitor.callback-aborts", "puts the abort off until the monitor is over, in a callback")
class AbortInsideIsLater(_Busy):
    """Does first things first: the job runs on as long as it is monitored."""

    def abort_job(self, job_id: str) -> Any:
        """Not in the callback."""
        return None if self.inside else super().abort_job(job_id)


@FAULTS.fault("monitor.callback-deletes", "refuses to delete a job in the callback")
class BusyForDelete(_Busy):
    """Takes one call at a time."""

    def delete_job(self, job_id: str) -> Any:
        """Not in the callback."""
        self.refuse()
        return super().delete_job(job_id)


@FAULTS.fault("monitor.callback-deletes", "says JOB_FINISHED when the callback itself deleted the job")
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


@FAULTS.fault("monitor.callback-deletes", "calls the callback once more with the last meta when it deleted the job")
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


@FAULTS.fault("monitor.callback-monitors", "refuses a monitor in the callback of another")
class BusyForMonitor(_Busy):
    """Takes one call at a time."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Not in the callback."""
        self.refuse()
        return super().monitor_job(*args, **kwargs)


@FAULTS.fault("monitor.callback-monitors", "goes on with the inner monitor's callback in the outer one")
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


@FAULTS.fault("monitor.callback-monitors", "polls the inner monitor's job in the outer one")
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


@FAULTS.fault("monitor.callback-monitors", "ends the outer monitor with the inner one")
class InnerEndsOuter(MonitorLoop):
    """Keeps the wish to stop on the session."""

    stopped = False

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Note the end by callback."""
        self.stopped = False
        code = super().monitor_job(*args, **kwargs)
        self.stopped = code is _ENDED
        return code

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """When it is noted."""
        return self.stopped or super().ends(answer, polls, done)


@FAULTS.fault("monitor.callback-monitors", "hands the inner monitor's arguments to the outer callback")
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
