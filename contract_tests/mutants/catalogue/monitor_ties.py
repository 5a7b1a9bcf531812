"""Sessions in which a monitor puts off what is done in its callback, or is tied to what is no matter to it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from contract_tests.contract.interface import SERVER_METHODS
from contract_tests.mutants.toolkit.helpers import Generator, camel, noted
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop
from flare_sim.spec import InternalError, NoConnection, SessionClosed

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())


class _Puts(MonitorLoop):
    """Puts things off until its monitors are over."""

    depth = 0

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Do afterwards what was put off."""
        self.depth += 1
        try:
            return super().monitor_job(*args, **kwargs)
        finally:
            self.depth -= 1
            for act in self.__dict__.pop("_put_off", ()) if not self.depth else ():
                with suppress(Exception):  # too late to tell anybody
                    act()

    def put_off(self, act: Any) -> None:
        """Until the end of the monitor."""
        self.__dict__.setdefault("_put_off", []).append(act)


def _puts_off(method: str, clause: str, state: str = "") -> None:
    """Declare a session that puts a call in the callback off, for jobs in a status or for all."""

    def later(self: Any, job_id: str) -> Any:
        meta = self.inner.get_job_meta(job_id)
        act = getattr(self.inner, method)
        if self.depth and meta["status"].startswith(state):
            return self.put_off(lambda: act(job_id))
        return act(job_id)

    difference = (
        f"puts {method} of a job{f' that is {state}' if state else ''} in a callback off until the monitor is over"
    )
    _GENERATE.session(f"PutsOff{camel(method)}{state.title()}", clause, difference, {method: later}, _Puts)


_puts_off("abort_job", "abort.running-ends", "RUNNING")
_puts_off("abort_job", "abort.waiting-ends", "SUBMITTED")
_puts_off("delete_job", "delete.list")


def _closed_late(method: str) -> None:
    """Declare a session that answers a method until the callback that closed it is over."""

    def call(self: Any, *args: Any) -> Any:
        self.depth = getattr(self, "depth", 0) + 1
        try:
            return MonitorLoop.call(self, *args)
        finally:
            self.depth -= 1

    def answer(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(MonitorLoop, method)(self, *args, **kwargs)
        except SessionClosed:
            if not getattr(self, "depth", 0):
                raise
            return getattr(self.system.open_session(self.user).inner, method)(*args, **kwargs)

    name, clause = f"Closed{camel(method)}AnswersInCallback", f"close.then.{method.replace('_', '-')}"
    difference = f"answers {method} in the callback that closed it"
    _GENERATE.session(name, clause, difference, {"call": call, method: answer}, MonitorLoop)


for _method in SERVER_METHODS:
    _closed_late(_method)


@MUTANTS.mutant("close.other-sessions", "ends the monitors of the user's other sessions")
class ClosesAllMonitors(MonitorLoop):
    """Has one thing that polls for all sessions of a user."""

    seen = 0

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Note how many sessions were closed before."""
        self.seen = len(noted(self, self.user))
        return super().monitor_job(*args, **kwargs)

    def poll(self, job_id: str) -> dict[str, Any]:
        """Unless one was closed since."""
        if len(noted(self, self.user)) > self.seen:
            raise SessionClosed("the session is closed")
        return super().poll(job_id)

    def close(self) -> Any:
        """Note it."""
        noted(self, self.user).append(self)
        return super().close()


def _takes_along(act: str) -> None:
    """Declare a session that does something to the jobs it monitors when it is closed."""

    def monitor_job(self: Any, job_id: str, *args: Any, **kwargs: Any) -> Any:
        watched = self.__dict__.setdefault("_watched", [])
        watched.append(job_id)
        try:
            return MonitorLoop.monitor_job(self, job_id, *args, **kwargs)
        finally:
            watched.pop()

    def close(self: Any) -> Any:
        for job_id in self.__dict__.get("_watched", ()):
            with suppress(Exception):
                getattr(self.inner, f"{act}_job")(job_id)
        return MonitorLoop.close(self)

    methods = {"monitor_job": monitor_job, "close": close}
    _GENERATE.session(
        f"Closing{act.title()}sMonitored",
        "close.jobs",
        f"{act}s the job it monitors when it is closed",
        methods,
        MonitorLoop,
    )


_takes_along("abort")
_takes_along("delete")


def _breaks(clause: str, met: type[Exception], name: str, cause: str) -> None:
    """Declare a session that monitors nothing any more when it met trouble between two polls."""

    def monitor_job(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.__dict__.get("_broken"):
            self.inner.list_jobs()
            raise met("the monitor is in a bad state")
        self.polls = 0
        return MonitorLoop.monitor_job(self, *args, **kwargs)

    def poll(self: Any, job_id: str) -> Any:
        try:
            meta = MonitorLoop.poll(self, job_id)
        except met:
            self._broken = self.polls > 0
            raise
        self.polls += 1
        return meta

    difference = f"monitors nothing any more when {cause} between two polls"
    _GENERATE.session(name, clause, difference, {"monitor_job": monitor_job, "poll": poll}, MonitorLoop)


_breaks("misbehaving.recovery", InternalError, "MisbehavingBreaksMonitor", "the server misbehaved")
_breaks("outage.recovery", NoConnection, "OutageBreaksMonitor", "the server went away")
