"""Base classes of sessions that monitor wrongly."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator, camel
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper
from flare_sim import spec
from flare_sim.spec import InternalError, JobNotFound, NoConnection, SessionClosed

DONE: Final = spec.MonitorReturnCode.JOB_FINISHED
TIMEOUT: Final = spec.MonitorReturnCode.TIMEOUT
ENDED: Final = spec.MonitorReturnCode.ENDED_BY_CB


def is_number(thing: Any) -> bool:
    """Whether it can be a timeout or an interval."""
    return isinstance(thing, (int, float))


class Recoding(Wrapper):
    """Changes what monitor_job returns."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Monitor, then change the code."""
        return self.recoded(super().monitor_job(job_id, *args, **kwargs), job_id)

    def recoded(self, code: spec.MonitorReturnCode, job_id: str) -> Any:
        """What to return."""
        return code


class Polling(MonitorLoop):
    """Counts the polls of a monitor, and has a way of its own with what goes wrong later than at the first.

    Attributes:
        polls: how many there have been, with the one under way.
        last: the meta of the last one that went well.
    """

    polls = 0
    last: Any = None

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Begin to count."""
        self.polls = 0
        return super().monitor_job(*args, **kwargs)

    def poll(self, job_id: str) -> dict[str, Any]:
        """Hand errors of later polls over."""
        self.polls += 1
        try:
            self.last = super().poll(job_id)
        except (JobNotFound, SessionClosed, NoConnection, InternalError) as error:
            if self.polls == 1:
                raise
            return self.trouble(job_id, error)
        return dict(self.last)

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """What is done about it: the meta to go on with."""
        raise error


class Unwatched(Polling):
    """Hands monitors with a callback on, and has its own way with those that have none."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *a: Any, **k: Any
    ) -> Any:
        """Two ways to monitor."""
        if cb is not None:
            return Wrapper.monitor_job(self, job_id, timeout, poll_interval, cb, *a, **k)
        return super().monitor_job(job_id, timeout, poll_interval)


class PutsOff(MonitorLoop):
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


class RepeatedMonitor(MonitorLoop):
    """Knows which monitor of a job it is, and when the first one began."""

    began: float = 0.0
    number = 0

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Count."""
        known = self.__dict__.setdefault("known", {})
        self.number, self.began = known.get(job_id, (0, self.now()))
        known[job_id] = (self.number + 1, self.began)
        return super().monitor_job(job_id, *args, **kwargs)


def puts_off(generator: Generator, method: str, clause: str, state: str = "") -> None:
    """Declare a session that puts a call in the callback off, for jobs in a status or for all."""

    def later(self: Any, job_id: str) -> Any:
        meta = self.inner.get_job_meta(job_id)
        act = getattr(self.inner, method)
        if self.depth and meta["status"].startswith(state):
            return self.put_off(lambda: act(job_id))
        return act(job_id)

    which = f" that is {state}" if state else ""
    difference = f"puts {method} of a job{which} in a callback off until the monitor is over"
    generator.session(f"PutsOff{camel(method)}{state.title()}", clause, difference, {method: later}, PutsOff)


def breaks_monitors(generator: Generator, clause: str, met: type[Exception], name: str, cause: str) -> None:
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
    generator.session(name, clause, difference, {"monitor_job": monitor_job, "poll": poll}, MonitorLoop)
