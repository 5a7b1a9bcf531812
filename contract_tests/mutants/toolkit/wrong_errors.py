"""What a method does wrongly in place of raising an error, and mutants that are made of it, method by method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from contract_tests.mutants.toolkit.generator import Body, Generator, camel
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim import spec

READS: Final = ("get_job_meta", "list_jobs", "get_system_info", "download_job_result")


class Failure(NamedTuple):
    """A call that is to fail, as a mutant sees it: the session, the method, the error, the arguments."""

    session: Wrapper
    method: str
    error: Exception
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def number(self) -> int:
        """How many calls of this method have failed in the session, with this one."""
        counts: dict[str, int] = self.session.__dict__.setdefault("_failed", {})
        return counts.get(self.method, 0)

    @property
    def since(self) -> float:
        """Seconds since the first of them."""
        first: float = self.session.__dict__["_first"][self.method]
        return self.session.system.server.clock.time() - first

    @property
    def status(self) -> str:
        """The status of the job the call is about, or nothing."""
        wanted = self.args[0] if self.args else self.kwargs.get("job_id")
        return next((job.status for job in self.session.system.server.jobs if job.job_id == wanted), "")


Handle = Callable[[Failure], Any]


class Kind(NamedTuple):
    """A way to get failures wrong: a name, a difference (``{method}`` stands for the method), and what is done."""

    name: str
    difference: str
    handle: Handle
    methods: tuple[str, ...] = ()


def raises(cls: type[Exception], message: str = "that went wrong") -> Handle:
    """Raise another error."""

    def handle(failure: Failure) -> Any:
        raise cls(message) from None

    return handle


def look_alike(name: str) -> type[Exception]:
    """An exception class that shares nothing but the name with the interface's own."""
    return type(name, (Exception,), {})


def nothing(failure: Failure) -> Any:
    """Return what could pass for an empty answer."""
    empty: dict[str, Any] = {
        "get_job_meta": {},
        "list_jobs": [],
        "get_system_info": spec.SystemInfo(spec.ServerInfo("stopped", 0.0), [], []),
        "submit_job": "",
        "clone_job": "",
        "download_job_result": "",
        "monitor_job": spec.MonitorReturnCode.TIMEOUT,
    }
    return empty.get(failure.method)


def by_another_session(failure: Failure) -> Any:
    """Do it through a session that is opened for it."""
    session = SimulatedSystem.open_session(failure.session.system, failure.session.user)
    return getattr(session, failure.method)(*failure.args, **failure.kwargs)


def by_the_administrator(failure: Failure) -> Any:
    """Do it with the rights of another user."""
    session = SimulatedSystem.open_session(failure.session.system)
    return getattr(session, failure.method)(*failure.args, **failure.kwargs)


def from_memory(failure: Failure) -> Any:
    """Return what the method returned last, if it did."""
    known = failure.session.__dict__.get("_answers", {})
    if failure.method not in known:
        raise failure.error
    return known[failure.method]


def when(condition: Callable[[Failure], bool], handle: Handle) -> Handle:
    """Do it only when a condition holds, and raise what is right otherwise."""

    def maybe(failure: Failure) -> Any:
        if condition(failure):
            return handle(failure)
        raise failure.error

    return maybe


def from_second(failure: Failure) -> bool:
    """From the second failure of the method in a session on."""
    return failure.number >= 2


def from_fourth(failure: Failure) -> bool:
    """From the fourth failure of the method in a session on."""
    return failure.number >= 4


def minutes_later(failure: Failure) -> bool:
    """Once it has failed for more than a minute."""
    return failure.since > 60


def job_runs(failure: Failure) -> bool:
    """When the job runs, or there is no job and any other runs."""
    jobs = failure.session.system.server.jobs
    return failure.status == "RUNNING" or (not failure.status and any(job.status == "RUNNING" for job in jobs))


def job_is_done(failure: Failure) -> bool:
    """When the job is done, or there is no job and any other is done."""
    jobs = failure.session.system.server.jobs
    return "FINISHED" in failure.status or (not failure.status and any("FINISHED" in job.status for job in jobs))


def later_session(failure: Failure) -> bool:
    """In any session but the first of its system."""
    first = failure.session.system.memory["_first_session"]
    return failure.session is not first


def other_user(failure: Failure) -> bool:
    """For a job that another user submitted."""
    wanted = failure.args[0] if failure.args else None
    jobs = failure.session.system.server.jobs
    return any(job.job_id == wanted and job.submitter != failure.session.user for job in jobs)


class Noting(Wrapper):
    """Notes which session came first, and whether it was closed here."""

    closed = False

    def __init__(self, inner: Any, system: Any, user: str) -> None:
        super().__init__(inner, system, user)
        system.memory.setdefault("_first_session", self)

    def close(self) -> Any:
        """Note it."""
        self.closed = True
        return super().close()


Concerns = Callable[[Noting, Any], bool]
"""Whether a failure of a session, with these arguments, is one the mutant is about."""


def failing(method: str, error: type[Exception], handle: Handle, concerns: Concerns) -> Callable[..., Any]:
    """A method that handles an error its own way, and is right otherwise."""
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            answer = right(self, *args, **kwargs)
        except error as raised:
            if not concerns(self, args):
                raise
            counts = self.__dict__.setdefault("_failed", {})
            counts[method] = counts.get(method, 0) + 1
            self.__dict__.setdefault("_first", {}).setdefault(method, self.system.server.clock.time())
            failure = Failure(self, method, raised, args, kwargs)
        else:
            self.__dict__.setdefault("_answers", {})[method] = answer
            return answer
        return handle(failure)

    body.__name__ = method
    return body


def declare(
    generator: Generator,
    cause: str,
    methods: tuple[str, ...],
    kinds: tuple[Kind, ...],
    error: type[Exception],
    clause: str,
    concerns: Concerns = lambda session, args: True,
    each: int = 2,
    base: type[Noting] = Noting,
) -> None:
    """Declare mutants of a family of clauses: for every method ``each`` of the kinds, other ones for other methods."""
    for number, method in enumerate(methods):
        fitting = [kind for kind in kinds if not kind.methods or method in kind.methods]
        start = number * each
        chosen = {(start + step) % len(fitting) for step in range(min(each, len(fitting)))}
        for index in sorted(chosen):
            kind = fitting[index]
            members: Mapping[str, Any] = {method: failing(method, error, kind.handle, concerns)}
            generator.session(
                f"{camel(method)}{cause}{kind.name}",
                f"{clause}.{method.replace('_', '-')}",
                kind.difference.format(method=method),
                members,
                base,
            )


# --- errors that are wrong with a timeout, with a flag, or of deleted jobs alone -----------------------------------


def timed_monitor(error: type[Exception]) -> Body:
    """A monitor that takes an error for the end of the time, where it has a timeout."""

    def monitor_job(self: Any, job_id: Any, timeout: Any = 0, *args: Any, **kwargs: Any) -> Any:
        try:
            return Wrapper.monitor_job(self, job_id, timeout, *args, **kwargs)
        except error:
            if timeout:
                return spec.MonitorReturnCode.TIMEOUT
            raise

    return monitor_job


def _list_with(error: type[Exception], flag: str) -> Body:
    """A list that is empty instead of an error, where a flag is set."""

    def list_jobs(self: Any, detailed: Any = False, all: Any = False) -> Any:  # noqa: A002
        try:
            return Wrapper.list_jobs(self, detailed, all)
        except error:
            if (all if flag == "all" else detailed) is True:
                return []
            raise

    return list_jobs


def declare_with_timeout(generator: Generator, name: str, cause: str, error: type[Exception]) -> None:
    """Declare a session whose monitor with a timeout does not raise ``error``; it breaks ``<cause>.monitor-job``."""
    generator.session(
        f"TimedMonitorTimesOut{name}",
        f"{cause}.monitor-job",
        f"takes {error.__name__} for the end of the time, where a monitor has a timeout",
        {"monitor_job": timed_monitor(error)},
    )


def declare_with_flags(generator: Generator, name: str, cause: str, error: type[Exception]) -> None:
    """Declare sessions whose list is empty with one flag set instead of raising; they break ``<cause>.list-jobs``."""
    for flag in ("all", "detailed"):
        generator.session(
            f"Lists{flag.capitalize()}Empty{name}",
            f"{cause}.list-jobs",
            f"lists nothing with {flag}=True instead of raising {error.__name__}",
            {"list_jobs": _list_with(error, flag)},
        )


def _job_is_gone(failure: Failure) -> bool:
    """When the job was deleted: it had an id like any, and has no status."""
    wanted = failure.args[0] if failure.args else failure.kwargs.get("job_id")
    return isinstance(wanted, str) and len(wanted) == 36 and not failure.status


def key_error_when_deleted(where: str) -> tuple[Kind, ...]:
    """The one kind that looks for a deleted job in a table of its own, ``where`` another error is right."""
    handle = when(_job_is_gone, raises(KeyError, "no such key"))
    difference = f"raises KeyError for {{method}} of a job that was deleted, {where}"
    return (Kind("IsKeyErrorOfDeleted", difference, handle),)
