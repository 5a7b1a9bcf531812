"""Sessions whose monitor_job gives the callback the wrong session, job id or meta."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper
from flare_sim.spec import JobNotFound

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


@MUTANTS.mutant("monitor.callback-session", "gives the callback the session it wraps")
class HandsOutInner(MonitorLoop):
    """Leaks what it wraps."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the wrapped session."""
        return cb(self.inner, job_id, dict(meta), *args, **kwargs)


@MUTANTS.mutant("monitor.callback-session", "hands the callback on as it is, to the session it wraps")
class PassesCallbackOn(Wrapper):
    """Forgets that the wrapped session will introduce itself."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Hand on."""
        return self.inner.monitor_job(*args, **kwargs)


@MUTANTS.mutant("monitor.callback-session", "gives the callback a new session of the user")
class HandsOutAnother(MonitorLoop):
    """Protects itself from the callback."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With a session like this one."""
        return cb(type(self)(self.inner, self.system, self.user), job_id, dict(meta), *args, **kwargs)


@MUTANTS.mutant("monitor.callback-session", "gives every call but the first the session it wraps")
class HandsOutInnerLater(MonitorLoop):
    """Is right the first time."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the wrapped session from the second call on."""
        return cb(self if polls == 1 else self.inner, job_id, dict(meta), *args, **kwargs)


@MUTANTS.mutant("monitor.callback-session", "gives the callback of a done job no session")
class NoSessionAtEnd(MonitorLoop):
    """Lets go of the session too early."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With None at the end."""
        return cb(None if "FINISHED" in meta["status"] else self, job_id, dict(meta), *args, **kwargs)


@MUTANTS.mutant("monitor.callback-session", "gives the callback the user's first session, also in a later one")
class HandsOutFirstSession(MonitorLoop):
    """Keeps one session a user."""

    def __init__(self, inner: Any, system: Any, user: str) -> None:
        super().__init__(inner, system, user)
        self.first = system.memory.setdefault(user, self)

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the first session."""
        return cb(self.first, job_id, dict(meta), *args, **kwargs)


@MUTANTS.mutant("monitor.callback-job-id", "gives the callback the job's name for its id")
class HandsOutName(MonitorLoop):
    """Mixes up name and id."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the name."""
        return cb(self, meta["name"], dict(meta), *args, **kwargs)


@MUTANTS.mutant("monitor.callback-job-id", "gives the callback the id in capitals")
class HandsOutCapitals(MonitorLoop):
    """Normalizes the id its own way."""

    def call(self, cb: Any, polls: int, job_id: str, *rest: Any) -> Any:
        """In capitals."""
        return super().call(cb, polls, job_id.upper(), *rest)


@MUTANTS.mutant("monitor.callback-job-id", "gives the callback the id of the job that was submitted last")
class HandsOutLastJob(MonitorLoop):
    """Looks the id up in the wrong place."""

    def call(self, cb: Any, polls: int, job_id: str, *rest: Any) -> Any:
        """The last job of the list."""
        return super().call(cb, polls, self.inner.list_jobs()[-1]["job_id"], *rest)


@MUTANTS.mutant("monitor.callback-job-id", "gives the callback the id of the original when a clone is monitored")
class HandsOutOriginal(MonitorLoop):
    """Mixes up clone and original."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """The original's."""
        return super().call(cb, polls, meta.get("cloned_from") or job_id, meta, *rest)


def _current(method: str) -> None:
    """Declare monitors that follow the session's current job, which a method changes."""

    def moves(self: Any, argument: str) -> Any:
        made = getattr(MonitorLoop, method)(self, argument)
        self.current = made if isinstance(made, str) else argument
        return made

    def monitor_job(self: Any, job_id: str, *args: Any, **kwargs: Any) -> Any:
        before, self.current = getattr(self, "current", job_id), job_id
        try:
            return MonitorLoop.monitor_job(self, job_id, *args, **kwargs)
        finally:
            self.current = before

    def own(self: Any, job_id: str) -> Any:
        return self.inner.get_job_meta(job_id)

    def current(self: Any, job_id: str) -> Any:
        return self.inner.get_job_meta(self.current)

    def told(self: Any, cb: Any, polls: int, job_id: str, *rest: Any) -> Any:
        return MonitorLoop.call(self, cb, polls, self.current, *rest)

    for what, clause, steps in (
        ("Id", "monitor.callback-job-id", {"poll": own, "call": told}),
        ("Meta", "monitor.callback-meta", {"poll": current}),
    ):
        difference = f"tells the {what.lower()} of the job that {method} in the callback was about"
        methods = {"monitor_job": monitor_job, method: moves, **steps}
        _GENERATOR.session(f"Tells{what}Of{method.title().replace('_', '')}", clause, difference, methods, MonitorLoop)


for _method in ("submit_job", "clone_job", "get_job_meta"):
    _current(_method)


@MUTANTS.mutant("monitor.callback-meta", "gives the callback the meta of the poll before")
class HandsOutOldMeta(MonitorLoop):
    """Is one poll behind."""

    before: Any = None

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """With the meta of the poll before."""
        old = self.before if polls > 1 else meta
        self.before = meta
        return super().call(cb, polls, job_id, old, *rest)


@MUTANTS.mutant("monitor.callback-meta", "gives the callback the meta of the first poll for ever")
class HandsOutFirstMeta(MonitorLoop):
    """Reads once for the callback."""

    first: Any = None

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """With the first meta."""
        self.first = meta if polls == 1 else self.first
        return super().call(cb, polls, job_id, self.first, *rest)


@MUTANTS.mutant("monitor.callback-meta", "gives the callback the status for the meta")
class HandsOutStatus(MonitorLoop):
    """Thinks that the status is all one wants."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With text."""
        return cb(self, job_id, meta["status"], *args, **kwargs)


@MUTANTS.mutant("monitor.callback-meta", "gives the callback a meta of three keys")
class HandsOutLittle(MonitorLoop):
    """Cuts the meta down."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """With a part of it."""
        return super().call(cb, polls, job_id, {key: meta[key] for key in ("job_id", "name", "status")}, *rest)


@MUTANTS.mutant("monitor.callback-meta", "gives the callback the meta of the original when a clone is monitored")
class HandsOutMetaOfOriginal(MonitorLoop):
    """Mixes up clone and original."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """The original's, if it is there."""
        try:
            told = self.inner.get_job_meta(meta.get("cloned_from"))
        except JobNotFound:
            told = meta
        return super().call(cb, polls, job_id, told, *rest)


@MUTANTS.mutant("monitor.callback-meta", "gives the callback of a second monitor the metas that the first one read")
class HandsOutCachedMeta(MonitorLoop):
    """Keeps metas by poll."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """From the first monitor of the job."""
        told = self.system.memory.setdefault((job_id, polls), meta)
        return super().call(cb, polls, job_id, told, *rest)


@MUTANTS.mutant("monitor.callback-meta-copy", "decides by the meta after the callback has changed it")
class DecidesByChangedMeta(MonitorLoop):
    """Shares the meta with the callback."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the meta itself."""
        return cb(self, job_id, meta, *args, **kwargs)

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """By what the callback left."""
        return str(meta.get("status")).startswith("FINISHED")


@MUTANTS.mutant("monitor.callback-meta-copy", "tells the status that a callback wrote into its meta")
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


@MUTANTS.mutant("monitor.callback-meta-copy", "hands the same lists and dicts inside the meta out again")
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


@MUTANTS.mutant("monitor.callback-meta-copy", "hands what a callback added to its meta to the next call")
class SharesMetaBetweenCalls(MonitorLoop):
    """Updates one dict for all calls."""

    shared: dict[str, Any]

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With one dict."""
        if polls == 1:
            self.shared = {}
        self.shared.update(meta)
        return cb(self, job_id, self.shared, *args, **kwargs)


@MUTANTS.mutant(
    "monitor.callback-meta-copy", "reads lists and dicts of a meta once in a monitor, and hands them out again"
)
class ReadsPartsOnce(MonitorLoop):
    """Takes what is nested for what never changes."""

    parts: dict[str, Any]

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With what the first poll read."""
        if polls == 1:
            self.parts = {key: value for key, value in meta.items() if isinstance(value, (list, dict))}
        return super().call(cb, polls, job_id, {**meta, **self.parts}, args, kwargs)
