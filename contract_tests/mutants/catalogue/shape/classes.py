"""Interface modules with the wrong return codes or exceptions, or whose classes of the system info are wrong."""

from __future__ import annotations

import enum
import time
from types import ModuleType
from typing import Any, Final

from contract_tests.contract.interface import EXCEPTIONS
from contract_tests.mutants.variant import Difference, Faults, mutants
from contract_tests.mutants.wrapper import WrappedSystem
from flare_sim import spec

_CODES: Final = "MonitorReturnCode"


def _speaks(**changes: Any) -> Difference:
    """A system whose interface module has some names bound to something else; None takes a name away."""
    module = ModuleType("flare_sim.spec")
    names = {name: value for name, value in vars(spec).items() if not name.startswith("__")} | changes
    module.__dict__.update({name: value for name, value in names.items() if value is not None or name not in changes})
    return type("Speaks", (WrappedSystem,), {"spec": module})


def _codes(**numbers: int) -> Difference:
    return _speaks(MonitorReturnCode=enum.IntEnum(_CODES, numbers))


def _class(name: str, init: Any = None, text: Any = None) -> Difference:
    """A system in whose interface module a class keeps or prints something else."""
    base = getattr(spec, name)
    changes = {"__init__": init or base.__init__, "__str__": text or base.__str__}
    return _speaks(**{name: type(name, (base,), changes)})


def _server(keeps: Any = None, prints: Any = None) -> Difference:
    return _class("ServerInfo", keeps, prints)


def _client(keeps: Any = None, prints: Any = None) -> Difference:
    return _class("ClientInfo", keeps, prints)


def _job(keeps: Any = None, prints: Any = None) -> Difference:
    return _class("JobInfo", keeps, prints)


def _system(keeps: Any = None, prints: Any = None) -> Difference:
    return _class("SystemInfo", keeps, prints)


def _keeps_under_another_name(self: Any, name: str, last_connect_time: Any) -> None:
    self.name = name
    self.last_connected = last_connect_time


_KEEPS_SERVER: Final[Any] = spec.ServerInfo.__init__
_KEEPS_CLIENT: Final[Any] = spec.ClientInfo.__init__
_KEEPS_JOB: Final[Any] = spec.JobInfo.__init__
_KEEPS_SYSTEM: Final[Any] = spec.SystemInfo.__init__


def _local(seconds: float) -> str:
    return time.asctime(time.localtime(seconds))


_FAULTS: Final[Faults] = {
    "shape.return-codes": {
        "counts its return codes from one": _codes(JOB_FINISHED=1, TIMEOUT=2, ENDED_BY_CB=3),
        "has return codes that are no numbers": _speaks(
            MonitorReturnCode=enum.Enum(_CODES, {"JOB_FINISHED": 0, "TIMEOUT": 1, "ENDED_BY_CB": 2})
        ),
        "has two return codes swapped": _codes(JOB_FINISHED=0, ENDED_BY_CB=1, TIMEOUT=2),
        "has no code for a monitor ended by its callback": _codes(JOB_FINISHED=0, TIMEOUT=1),
        "has a plain class of numbers for its return codes": _speaks(
            MonitorReturnCode=type(_CODES, (), {"JOB_FINISHED": 0, "TIMEOUT": 1, "ENDED_BY_CB": 2})
        ),
        "has no return codes": _speaks(MonitorReturnCode=None),
    },
    "shape.exceptions": {
        **{
            f"has a {name} that except Exception does not catch": _speaks(**{name: type(name, (BaseException,), {})})
            for name in EXCEPTIONS
        },
        "has no JobNotDone": _speaks(JobNotDone=None),
        "has one class under two names, JobNotDone and JobNotFound": _speaks(JobNotDone=spec.JobNotFound),
        "has something that is no class for InternalError": _speaks(InternalError=RuntimeError.__call__),
    },
    "shape.server-info": {
        "keeps the start time to the second": _server(
            lambda self, status, start_time: _KEEPS_SERVER(self, status, round(start_time))
        ),
        "prints the server's start time as a number": _server(
            prints=lambda self: f"status: {self.status}, start_time: {self.start_time}"
        ),
        "prints the server's start time in Greenwich time, not local time": _server(
            prints=lambda self: f"status: {self.status}, start_time: {time.asctime(time.gmtime(self.start_time))}"
        ),
        "takes the time before the status": _server(
            lambda self, start_time, status: _KEEPS_SERVER(self, status, start_time)
        ),
        "calls every server started": _server(
            lambda self, status, start_time: _KEEPS_SERVER(self, "started", start_time)
        ),
    },
    "shape.client-info": {
        "prints no more than a name's beginning": _client(
            prints=lambda self: str(
                spec.ClientInfo(f"{self.name[:12]}..." if self.name[12:] else self.name, self.last_connect_time)
            )
        ),
        "keeps a time to the minute": _client(
            lambda self, name, last_connect_time: _KEEPS_CLIENT(self, name, last_connect_time - last_connect_time % 60)
        ),
        "keeps a client's time under another name": _client(
            _keeps_under_another_name, lambda self: f"{self.name}(last_connect_time: {_local(self.last_connected)})"
        ),
        "prints a client's time in another form": _client(
            prints=lambda self: (
                f"{self.name}(last_connect_time: "
                f"{time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(self.last_connect_time))})"
            )
        ),
        "prints a client's name in quotes": _client(
            prints=lambda self: f"{self.name!r}(last_connect_time: {_local(self.last_connect_time)})"
        ),
        "keeps a client's name in small letters": _client(
            lambda self, name, last_connect_time: _KEEPS_CLIENT(self, name.lower(), last_connect_time)
        ),
    },
    "shape.job-info": {
        "cuts off what a column does not hold": _job(
            prints=lambda self: f"JobInfo:\n  job_id: {self.job_id:.36}\n  app_name: {self.app_name:.16}"
        ),
        "prints a job without its app": _job(prints=lambda self: f"JobInfo:\n  job_id: {self.job_id}"),
        "takes the app before the job": _job(lambda self, app_name, job_id: _KEEPS_JOB(self, job_id, app_name)),
    },
    "shape.system-info": {
        "prints the first client only": _system(
            prints=lambda self: str(spec.SystemInfo(self.server_info, self.client_info[:1], self.job_info))
        ),
        "prints ten jobs at most": _system(
            prints=lambda self: str(spec.SystemInfo(self.server_info, self.client_info, self.job_info[:10]))
        ),
        "prints no more than its class": _system(prints=object.__str__),
        "keeps its clients as its jobs": _system(
            lambda self, server_info, client_info, job_info: _KEEPS_SYSTEM(self, server_info, client_info, client_info)
        ),
        "can't be printed without clients": _system(
            prints=lambda self: f"{self.client_info[0]}" and spec.SystemInfo.__str__(self)
        ),
    },
}

MUTANTS: Final = mutants(__name__, _FAULTS)
