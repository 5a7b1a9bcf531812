"""Sessions that refuse as they should in the plainest form of a call, or to whom nobody opened the door before."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from contract_tests.mutants.toolkit.helpers import TIMEOUT, Body, Generator, camel
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import (
    AuthorizationError,
    InternalError,
    JobNotFound,
    NoConnection,
    SessionClosed,
)

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())


# --- refusals in the plainest form alone ----------------------------------------------------------------------------


def _timed_monitor(error: type[Exception]) -> Body:
    """A monitor for which an error is a timeout, where it has one."""

    def monitor_job(self: Any, job_id: Any, timeout: Any = 0, *args: Any, **kwargs: Any) -> Any:
        try:
            return Wrapper.monitor_job(self, job_id, timeout, *args, **kwargs)
        except error:
            if timeout:
                return TIMEOUT
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


for _cause, _error in (
    ("outage", NoConnection),
    ("lost", SessionClosed),
    ("misbehaving", InternalError),
    ("close.then", SessionClosed),
):
    _name = camel(_cause.replace(".", "-"))
    _GENERATE.session(
        f"TimedMonitorTimesOut{_name}",
        f"{_cause}.monitor-job",
        f"takes {_error.__name__} for the end of the time, where a monitor has a timeout",
        {"monitor_job": _timed_monitor(_error)},
    )
    for _flag in ("all", "detailed"):
        _GENERATE.session(
            f"Lists{_flag.capitalize()}Empty{_name}",
            f"{_cause}.list-jobs",
            f"lists nothing with {_flag}=True instead of raising {_error.__name__}",
            {"list_jobs": _list_with(_error, _flag)},
        )

for _clause in ("unknown.monitor-job", "malformed.monitor-job", "delete.then.monitor-job"):
    _GENERATE.session(
        f"TimedMonitorTimesOut{camel(_clause.partition('.')[0])}",
        _clause,
        "takes JobNotFound for the end of the time, where a monitor has a timeout",
        {"monitor_job": _timed_monitor(JobNotFound)},
    )


# --- what was asked for during an outage, and comes later -----------------------------------------------------------


def _queued(method: str) -> Body:
    """A method that notes what could not be sent."""

    def body(self: Any, argument: Any) -> Any:
        try:
            return getattr(Wrapper, method)(self, argument)
        except NoConnection:
            self.__dict__.setdefault("_queue", []).append(argument)
            raise

    return body


def _sending(method: str, queued: str) -> Body:
    """A method that sends first what was noted."""

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        with suppress(NoConnection, JobNotFound):
            while self.__dict__.get("_queue"):
                getattr(self.inner, queued)(self._queue[0])
                self._queue.pop(0)
        return getattr(Wrapper, method)(self, *args, **kwargs)

    return body


for _method, _later in (
    ("delete_job", "get_job_meta"),
    ("delete_job", "abort_job"),
    ("abort_job", "get_system_info"),
    ("abort_job", "monitor_job"),
    ("clone_job", "download_job_result"),
    ("clone_job", "delete_job"),
    ("submit_job", "clone_job"),
    ("submit_job", "list_jobs"),
):
    _GENERATE.session(
        f"Sends{camel(_method)}With{camel(_later)}",
        "outage.refused",
        f"notes a {_method} that met an outage, and sends it before the next {_later}",
        {_method: _queued(_method), _later: _sending(_later, _method)},
    )


# --- doors that somebody else has opened ----------------------------------------------------------------------------


def _shared(method: str) -> Body:
    """A method that gives who may not what was given to who may."""

    def body(self: Any, argument: Any) -> Any:
        known = self.system.memory.setdefault(f"known {method}", [])
        try:
            answer = getattr(Wrapper, method)(self, argument)
        except AuthorizationError:
            for given, its_answer in known:
                if given == argument:
                    return its_answer
            raise
        known.append((argument, answer))
        return answer

    return body


for _method in ("submit_job", "clone_job", "download_job_result", "abort_job"):
    _GENERATE.session(
        f"Shares{camel(_method)}",
        f"denied.{_method.replace('_', '-')}",
        f"answers {_method} as it answered somebody who may",
        {_method: _shared(_method)},
    )


@MUTANTS.mutant("denied.no-effect", "clones for a user who may not, once a user who may has cloned the job")
class ClonesOnceCloned(Wrapper):
    """Remembers by job what may be done, not by user, and sees too late who asks."""

    def clone_job(self, job_id: str) -> str:
        """Do it, then refuse."""
        cloned = self.system.memory.setdefault("cloned", [])
        try:
            clone = super().clone_job(job_id)
        except AuthorizationError:
            if job_id in cloned:
                self.system.server.connect(self.system.users[0]).clone_job(job_id)
            raise
        cloned.append(job_id)
        return clone


class _Hiding(Wrapper):
    """Hides from a session what it tried to delete, before the server has refused."""

    def _hidden(self) -> list[Any]:
        hidden: list[Any] = self.__dict__.setdefault("_gone", [])
        return hidden

    def delete_job(self, job_id: str) -> Any:
        """Note it first."""
        try:
            return super().delete_job(job_id)
        except AuthorizationError:
            self._hidden().append(job_id)
            raise


@MUTANTS.mutant("denied.no-effect", "leaves out of a user's own lists what the user was not allowed to delete")
class HidesFromLists(_Hiding):
    """Deletes it there first."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Without what was to go."""
        return [entry for entry in super().list_jobs(detailed, all) if entry["job_id"] not in self._hidden()]


@MUTANTS.mutant("denied.no-effect", "finds no job any more that the user was not allowed to delete")
class HidesMeta(_Hiding):
    """Deletes it there first."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Not of what was to go."""
        if job_id in self._hidden():
            raise JobNotFound(f"no such job: {job_id}")
        return super().get_job_meta(job_id)
