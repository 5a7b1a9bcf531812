"""Sessions that end other sessions, or do something to jobs, when they are closed."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.toolkit.results import Emptying
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import JobNotFound, SessionClosed

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


def _siblings(session: Wrapper) -> list[Wrapper]:
    known: list[Wrapper] = session.system.memory.setdefault("sessions", [])
    return known


class _Known(Wrapper):
    """Is known to the other sessions of its system."""

    def __init__(self, inner: Any, system: Any, user: str) -> None:
        super().__init__(inner, system, user)
        _siblings(self).append(self)


@MUTANTS.mutant("close.other-sessions", "closes all sessions of the user")
class ClosesSessionsOfUser(_Known):
    """Logs the user out."""

    def close(self) -> Any:
        """All that are the user's."""
        for other in _siblings(self):
            if other.user == self.user:
                other.inner.close()
        return super().close()


@MUTANTS.mutant("close.other-sessions", "closes the sessions of other users")
class ClosesSessionsOfOthers(_Known):
    """Ends too much, but spares its own user's."""

    def close(self) -> Any:
        """All that are not the user's."""
        for other in _siblings(self):
            if other.user != self.user:
                other.inner.close()
        return super().close()


@MUTANTS.mutant("close.other-sessions", "closes the session that was opened before it")
class ClosesEarlierSession(_Known):
    """Is off by one."""

    def close(self) -> Any:
        """The one before, too."""
        index = _siblings(self).index(self)
        if index:
            _siblings(self)[index - 1].inner.close()
        return super().close()


@MUTANTS.mutant("close.other-sessions", "lets a user have no session any more that is opened after a close")
class NoSessionAfterClose(_Known):
    """Marks the user, not the session."""

    def __init__(self, inner: Any, system: Any, user: str) -> None:
        super().__init__(inner, system, user)
        if user in system.memory.get("gone", ()):
            inner.close()

    def close(self) -> Any:
        """Mark the user."""
        self.system.memory.setdefault("gone", set()).add(self.user)
        return super().close()


@MUTANTS.mutant("close.other-sessions", "cuts the other sessions off from submitting")
class OthersCannotSubmit(_Known):
    """Takes the upload channel with it."""

    def submit_job(self, job_definition_path: str) -> str:
        """Only as long as nobody has left."""
        if self.system.memory.get("left"):
            raise SessionClosed("the upload channel is closed")
        return super().submit_job(job_definition_path)

    def close(self) -> Any:
        """Leave."""
        self.system.memory["left"] = True
        return super().close()


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


class _OnClose(Wrapper):
    """Does something to jobs when it is closed."""

    def close(self) -> Any:
        """Do it by the way."""
        session = SimulatedSystem.open_session(self.system, self.user)
        for job in session.list_jobs():
            self.touch(session, job["job_id"], job["status"])
        return super().close()

    def touch(self, session: Any, job: str, status: str) -> None:
        """What is done to a job of the user's."""


@MUTANTS.mutant("close.jobs", "aborts the user's jobs when it is closed")
class CloseAbortsJobs(_OnClose):
    """Takes the jobs with it."""

    def touch(self, session: Any, job: str, status: str) -> None:
        """Abort."""
        session.abort_job(job)


@MUTANTS.mutant("close.jobs", "deletes jobs that wait when it is closed")
class CloseDeletesWaiting(_OnClose):
    """Empties the queue."""

    def touch(self, session: Any, job: str, status: str) -> None:
        """Delete what waits."""
        if status == "SUBMITTED":
            session.delete_job(job)


@MUTANTS.mutant("close.jobs", "deletes jobs that are done when it is closed")
class CloseDeletesDone(_OnClose):
    """Tidies up."""

    def touch(self, session: Any, job: str, status: str) -> None:
        """Delete what is done."""
        if status.startswith("FINISHED"):
            session.delete_job(job)


@MUTANTS.mutant("close.jobs", "aborts jobs that are dispatched when it is closed")
class CloseAbortsDispatched(_OnClose):
    """Is careful with all but one status."""

    def touch(self, session: Any, job: str, status: str) -> None:
        """Abort what is dispatched."""
        if status == "DISPATCHED":
            session.abort_job(job)


@MUTANTS.mutant("close.jobs", "aborts running jobs when the user's last session is closed")
class LastCloseAbortsRunning(_OnClose):
    """Keeps jobs alive as long as somebody is there."""

    def __init__(self, inner: Any, system: Any, user: str) -> None:
        super().__init__(inner, system, user)
        system.memory[user] = system.memory.get(user, 0) + 1

    closed = False

    def close(self) -> Any:
        """Count sessions."""
        if not self.closed:
            self.system.memory[self.user] -= 1
        self.closed = True
        return super().close()

    def touch(self, session: Any, job: str, status: str) -> None:
        """Abort what runs when nobody is left."""
        if status == "RUNNING" and not self.system.memory[self.user]:
            session.abort_job(job)


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
    _GENERATOR.session(
        f"Closing{act.title()}sMonitored",
        "close.jobs",
        f"{act}s the job it monitors when it is closed",
        methods,
        MonitorLoop,
    )


_takes_along("abort")
_takes_along("delete")

_MINUTES: Final = 150.0


class _AfterClose(Wrapper):
    """Does something to the jobs of a session minutes after it was closed."""

    def submit_job(self, job_definition_path: str) -> str:
        """Note whose job it is."""
        job = super().submit_job(job_definition_path)
        self.__dict__.setdefault("jobs", []).append(job)
        return job

    def close(self) -> Any:
        """Note when."""
        ended = super().close()
        noted(self, "orphans").extend((self._now() + _MINUTES, job) for job in self.__dict__.pop("jobs", []))
        return ended

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """See what is due first."""
        self._sweep()
        return super().get_job_meta(job_id)

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """See what is due first."""
        self._sweep()
        return super().list_jobs(detailed, all)

    def _now(self) -> float:
        return self.system.server.clock.time()

    def _sweep(self) -> None:
        orphans = noted(self, "orphans")
        for due in [orphan for orphan in orphans if orphan[0] <= self._now()]:
            orphans.remove(due)
            self.end(SimulatedSystem.open_session(self.system), due[1])

    def end(self, session: Any, job: str) -> None:
        """What is done to a job, by a session of the first user."""


@MUTANTS.mutant("close.jobs", "aborts the jobs of a closed session minutes after the close")
class AbortsMinutesAfterClose(_AfterClose):
    """Collects what nobody seems to want."""

    def end(self, session: Any, job: str) -> None:
        """Abort it if it is there."""
        with suppress(JobNotFound):
            session.abort_job(job)


@MUTANTS.mutant("close.jobs", "deletes the done jobs of a closed session minutes after the close")
class DeletesMinutesAfterClose(_AfterClose):
    """Tidies up when everybody has left."""

    def end(self, session: Any, job: str) -> None:
        """Delete it if it is there and done."""
        with suppress(JobNotFound):
            if session.get_job_meta(job)["status"].startswith("FINISHED"):
                session.delete_job(job)


@MUTANTS.mutant("close.jobs", "throws away what jobs left when the session is closed that submitted them")
class CloseEmpties(Emptying):
    """Cleans up behind itself."""

    def submit_job(self, job_definition_path: str) -> str:
        """Remember whose job it is."""
        job = super().submit_job(job_definition_path)
        self.__dict__.setdefault("mine", [job])
        return job

    def close(self) -> Any:
        """Empty all that were submitted here; the first is enough."""
        for job in self.__dict__.get("mine", ()):
            self.empty(job)
        return super().close()
