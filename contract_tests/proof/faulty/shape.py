"""Sessions and interface modules that look wrong before anything is asked of them."""

# mypy: disable-error-code="override"
# Narrowed signatures are what many of these faults are about.

from __future__ import annotations

import enum
import functools
import time
from collections.abc import Callable
from typing import Any, Final

from contract_tests.interface import EXCEPTIONS, JOB_METHODS, METHODS
from contract_tests.proof.faulty.tools import Generator, camel, count
from contract_tests.proof.registry import VariantTable
from contract_tests.proof.wrapper import WrappedSystem, Wrapper
from flare_sim import spec
from flare_sim.spec import MonitorReturnCode

FAULTS = VariantTable()
_GENERATE: Final = Generator(FAULTS, globals())
_NAMES: Final = tuple(method.name for method in METHODS)


# --- methods --------------------------------------------------------------------------------------------------------


for _name in _NAMES:
    _GENERATE.session(f"Without{camel(_name)}", "shape.methods", f"has no {_name}", {_name: None})


@FAULTS.fault("shape.methods", "has a text where a method should be, but only in the second session opened")
class SecondSessionLacksClose(WrappedSystem):
    """Sets sessions up by hand, and wrongly from the second one on."""

    def open_session(self, user: str | None = None) -> Any:
        """Overwrite a method of a later session."""
        session = super().open_session(user)
        if count(session, "opened") > 1:
            session.close = "close"
        return session


# --- signatures -----------------------------------------------------------------------------------------------------


def _renamed(name: str) -> Callable[..., Any]:
    def method(self: Wrapper, job: str) -> Any:
        return getattr(self.inner, name)(job)

    return method


def _nameless(name: str) -> Callable[..., Any]:
    def method(self: Wrapper, *args: Any) -> Any:
        return getattr(self.inner, name)(*args)

    return method


def _by_name_only(name: str) -> Callable[..., Any]:
    def method(self: Wrapper, **kwargs: Any) -> Any:
        return getattr(self.inner, name)(**kwargs)

    return method


def _demanding(name: str) -> Callable[..., Any]:
    def method(self: Wrapper, job_id: str, reason: str) -> Any:
        return getattr(self.inner, name)(job_id)

    return method


def _decorated(name: str) -> Callable[..., Any]:
    @functools.wraps(getattr(Wrapper, name))
    def method(self: Wrapper, *args: Any, **kwargs: Any) -> Any:
        return getattr(self.inner, name)(*args)

    return method


_NARROWED: Final[dict[str, tuple[Callable[[str], Callable[..., Any]], str]]] = {
    "Renames": (_renamed, "calls its first parameter otherwise in {}"),
    "Positional": (_nameless, "takes arguments by position only in {}"),
    "ByName": (_by_name_only, "takes arguments by name only in {}"),
    "Demanding": (_demanding, "wants one more argument in {}"),
    "Decorated": (_decorated, "has a decorator that loses named arguments around {}"),
}

for _name in (*(name for name in JOB_METHODS if name != "monitor_job"), "submit_job"):
    for _kind, (_make, _story) in _NARROWED.items():
        _GENERATE.session(
            f"{_kind}{camel(_name)}",
            f"shape.signature.{_name.replace('_', '-')}",
            _story.format(_name),
            {_name: _make(_name)},
        )


@FAULTS.fault("shape.signature.list-jobs", "knows no all, as servers of NVFLARE 2.3")
class ListsWithoutAll(Wrapper):
    """Dropped a parameter."""

    def list_jobs(self, detailed: bool = False) -> Any:
        """Lack all."""
        return self.inner.list_jobs(detailed)


@FAULTS.fault("shape.signature.list-jobs", "has its two parameters the other way round")
class ListsSwapped(Wrapper):
    """Breaks callers that pass flags by position."""

    def list_jobs(self, all: bool = False, detailed: bool = False) -> Any:  # noqa: A002
        """Swap the flags."""
        return self.inner.list_jobs(detailed, all)


@FAULTS.fault("shape.signature.list-jobs", "takes flags by name only")
class ListsByName(Wrapper):
    """Breaks callers that pass flags by position."""

    def list_jobs(self, *, detailed: bool = False, all: bool = False) -> Any:  # noqa: A002
        """Refuse flags by position."""
        return self.inner.list_jobs(detailed, all)


@FAULTS.fault("shape.signature.list-jobs", "is detailed unless told otherwise")
class ListsDetailedByDefault(Wrapper):
    """Has another default."""

    def list_jobs(self, detailed: bool = True, all: bool = False) -> Any:  # noqa: A002
        """Default to detailed."""
        return self.inner.list_jobs(detailed, all)


@FAULTS.fault("shape.signature.list-jobs", "has flags without defaults")
class ListsDemanding(Wrapper):
    """Breaks callers that pass nothing."""

    def list_jobs(self, detailed: bool, all: bool) -> Any:  # noqa: A002
        """Demand the flags."""
        return self.inner.list_jobs(detailed, all)


@FAULTS.fault("shape.signature.list-jobs", "has a decorator that can't pass detailed by position and all by name")
class ListsMixedUp(Wrapper):
    """Looks right, and fails when called in one of the ways that its signature allows."""

    @functools.wraps(Wrapper.list_jobs)
    def list_jobs(self, *args: Any, **kwargs: Any) -> Any:
        """Put named arguments in front of the others."""
        return self.inner.list_jobs(*kwargs.values(), **dict(zip(("detailed", "all"), args, strict=False)))


@FAULTS.fault("shape.signature.get-system-info", "wants to be told what to look at")
class InfoDemanding(Wrapper):
    """Has a required parameter."""

    def get_system_info(self, target: str) -> Any:
        """Demand a target."""
        return self.inner.get_system_info()


@FAULTS.fault("shape.signature.close", "wants to be told whether to force it")
class CloseDemanding(Wrapper):
    """Has a required parameter."""

    def close(self, force: bool) -> Any:
        """Demand a flag."""
        return self.inner.close()


@FAULTS.fault("shape.signature.monitor-job", "passes no positional arguments on to the callback")
class MonitorsWithoutArgs(Wrapper):
    """Dropped *cb_args."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, **cb_kwargs: Any
    ) -> MonitorReturnCode:
        """Take no further arguments by position."""
        return super().monitor_job(job_id, timeout, poll_interval, cb, **cb_kwargs)


@FAULTS.fault("shape.signature.monitor-job", "passes no named arguments on to the callback")
class MonitorsWithoutKwargs(Wrapper):
    """Dropped **cb_kwargs."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *cb_args: Any
    ) -> MonitorReturnCode:
        """Take no further arguments by name."""
        return super().monitor_job(job_id, timeout, poll_interval, cb, *cb_args)


@FAULTS.fault("shape.signature.monitor-job", "calls poll_interval interval")
class MonitorsByInterval(Wrapper):
    """Renamed a parameter; the old name ends in the callback's arguments, so no call is refused by it."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, interval: float = 2.0, cb: Any = None, *args: Any, **kwargs: Any
    ) -> MonitorReturnCode:
        """Rename a parameter."""
        return super().monitor_job(job_id, timeout, interval, cb, *args, **kwargs)


@FAULTS.fault("shape.signature.monitor-job", "takes the callback before the times")
class MonitorsCallbackFirst(Wrapper):
    """Reordered parameters."""

    def monitor_job(
        self, job_id: str, cb: Any = None, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any
    ) -> MonitorReturnCode:
        """Reorder parameters."""
        return super().monitor_job(job_id, timeout, poll_interval, cb, *args, **kwargs)


@FAULTS.fault("shape.signature.monitor-job", "has a timeout of a minute unless told otherwise")
class MonitorsForAMinute(Wrapper):
    """Has another default."""

    def monitor_job(
        self, job_id: str, timeout: int = 60, poll_interval: float = 2.0, cb: Any = None, *args: Any, **kwargs: Any
    ) -> MonitorReturnCode:
        """Default to another timeout."""
        return super().monitor_job(job_id, timeout, poll_interval, cb, *args, **kwargs)


@FAULTS.fault("shape.signature.monitor-job", "can't take the callback by name")
class MonitorsCallbackByPosition(Wrapper):
    """Looks right, and passes named arguments on wrongly."""

    @functools.wraps(Wrapper.monitor_job)
    def monitor_job(self, *args: Any, **kwargs: Any) -> MonitorReturnCode:
        """Lose one of the names."""
        if "cb" in kwargs:
            return super().monitor_job(*args, kwargs.pop("cb"), **kwargs)
        return super().monitor_job(*args, **kwargs)


# --- the classes of the interface -----------------------------------------------------------------------------------

_codes = functools.partial(_GENERATE.spec, clause="shape.return-codes")
_codes(
    name="CodesFromOne",
    story="counts its return codes from one",
    MonitorReturnCode=enum.IntEnum("MonitorReturnCode", ["JOB_FINISHED", "TIMEOUT", "ENDED_BY_CB"]),
)
_codes(
    name="CodesNoNumbers",
    story="has return codes that are no numbers",
    MonitorReturnCode=enum.Enum("MonitorReturnCode", {"JOB_FINISHED": 0, "TIMEOUT": 1, "ENDED_BY_CB": 2}),
)
_codes(
    name="CodesSwapped",
    story="has two return codes swapped",
    MonitorReturnCode=enum.IntEnum("MonitorReturnCode", {"JOB_FINISHED": 0, "ENDED_BY_CB": 1, "TIMEOUT": 2}),
)
_codes(
    name="CodesLackOne",
    story="has no code for a monitor ended by its callback",
    MonitorReturnCode=enum.IntEnum("MonitorReturnCode", {"JOB_FINISHED": 0, "TIMEOUT": 1}),
)
_codes(
    name="CodesPlainClass",
    story="has a plain class of numbers for its return codes",
    MonitorReturnCode=type("MonitorReturnCode", (), {"JOB_FINISHED": 0, "TIMEOUT": 1, "ENDED_BY_CB": 2}),
)
_codes(name="CodesMissing", story="has no return codes", MonitorReturnCode=None)

for _name in EXCEPTIONS:
    _GENERATE.spec(
        f"{_name}IsNoException",
        "shape.exceptions",
        f"has a {_name} that except Exception does not catch",
        **{_name: type(_name, (BaseException,), {})},
    )
_GENERATE.spec("NoJobNotDone", "shape.exceptions", "has no JobNotDone", JobNotDone=None)
_GENERATE.spec(
    "NotDoneIsNotFound",
    "shape.exceptions",
    "has one class under two names, JobNotDone and JobNotFound",
    JobNotDone=spec.JobNotFound,
)
_GENERATE.spec(
    "InternalErrorIsNoClass",
    "shape.exceptions",
    "has something that is no class for InternalError",
    InternalError=RuntimeError.__call__,
)


class _NumberServer(spec.ServerInfo):
    def __str__(self) -> str:
        return f"status: {self.status}, start_time: {self.start_time}"


class _GreenwichServer(spec.ServerInfo):
    def __str__(self) -> str:
        return f"status: {self.status}, start_time: {time.asctime(time.gmtime(self.start_time))}"


class _SwappedServer(spec.ServerInfo):
    def __init__(self, start_time: Any, status: Any) -> None:
        super().__init__(status, start_time)


class _AlwaysStarted(spec.ServerInfo):
    def __init__(self, status: Any, start_time: Any) -> None:
        super().__init__("started", start_time)


_GENERATE.spec(
    "ServerTimeAsNumber",
    "shape.server-info",
    "prints the server's start time as a number",
    ServerInfo=_NumberServer,
)
_GENERATE.spec(
    "ServerTimeInGreenwich",
    "shape.server-info",
    "prints the server's start time in Greenwich time, not local time",
    ServerInfo=_GreenwichServer,
)
_GENERATE.spec("ServerInfoSwapped", "shape.server-info", "takes the time before the status", ServerInfo=_SwappedServer)
_GENERATE.spec("ServerAlwaysStarted", "shape.server-info", "calls every server started", ServerInfo=_AlwaysStarted)


class _RenamedClient(spec.ClientInfo):
    def __init__(self, name: str, last_connect_time: Any) -> None:
        self.name = name
        self.last_connected = last_connect_time

    def __str__(self) -> str:
        return f"{self.name}(last_connect_time: {time.asctime(time.localtime(self.last_connected))})"


class _IsoClient(spec.ClientInfo):
    def __str__(self) -> str:
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.last_connect_time))
        return f"{self.name}(last_connect_time: {moment})"


class _QuotedClient(spec.ClientInfo):
    def __str__(self) -> str:
        return f"{self.name!r}(last_connect_time: {time.asctime(time.localtime(self.last_connect_time))})"


class _LowerClient(spec.ClientInfo):
    def __init__(self, name: str, last_connect_time: Any) -> None:
        super().__init__(name.lower(), last_connect_time)


_GENERATE.spec(
    "ClientTimeRenamed", "shape.client-info", "keeps a client's time under another name", ClientInfo=_RenamedClient
)
_GENERATE.spec("ClientTimeIso", "shape.client-info", "prints a client's time in another form", ClientInfo=_IsoClient)
_GENERATE.spec("ClientQuoted", "shape.client-info", "prints a client's name in quotes", ClientInfo=_QuotedClient)
_GENERATE.spec("ClientLowered", "shape.client-info", "keeps a client's name in small letters", ClientInfo=_LowerClient)


class _ShortJob(spec.JobInfo):
    def __str__(self) -> str:
        return f"JobInfo:\n  job_id: {self.job_id}"


class _SwappedJob(spec.JobInfo):
    def __init__(self, app_name: str, job_id: str) -> None:
        super().__init__(job_id, app_name)


_GENERATE.spec("JobWithoutApp", "shape.job-info", "prints a job without its app", JobInfo=_ShortJob)
_GENERATE.spec("JobInfoSwapped", "shape.job-info", "takes the app before the job", JobInfo=_SwappedJob)


class _FirstClientSystem(spec.SystemInfo):
    def __str__(self) -> str:
        return str(spec.SystemInfo(self.server_info, self.client_info[:1], self.job_info))


class _TenJobsSystem(spec.SystemInfo):
    def __str__(self) -> str:
        return str(spec.SystemInfo(self.server_info, self.client_info, self.job_info[:10]))


class _NeedsClientSystem(spec.SystemInfo):
    def __str__(self) -> str:
        return f"{self.client_info[0]}" and super().__str__()


class _SilentSystem(spec.SystemInfo):
    __str__ = object.__str__


class _TupleSystem(spec.SystemInfo):
    def __init__(self, server_info: Any, client_info: Any, job_info: Any) -> None:
        super().__init__(server_info, client_info, client_info)


_GENERATE.spec("PrintsOneClient", "shape.system-info", "prints the first client only", SystemInfo=_FirstClientSystem)
_GENERATE.spec("PrintsTenJobs", "shape.system-info", "prints ten jobs at most", SystemInfo=_TenJobsSystem)
_GENERATE.spec("SystemPrintsNothing", "shape.system-info", "prints no more than its class", SystemInfo=_SilentSystem)
_GENERATE.spec("KeepsClientsTwice", "shape.system-info", "keeps its clients as its jobs", SystemInfo=_TupleSystem)
_GENERATE.spec(
    "PrintNeedsClients", "shape.system-info", "can't be printed without clients", SystemInfo=_NeedsClientSystem
)
