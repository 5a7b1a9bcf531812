"""Sessions that are not over when they were closed, or end more than themselves."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.contract.interface import SERVER_METHODS
from contract_tests.mutants.toolkit.failing import (
    READS,
    Kind,
    by_another_session,
    declare,
    from_memory,
    from_second,
    job_is_done,
    job_runs,
    later_session,
    look_alike,
    minutes_later,
    nothing,
    raises,
    when,
)
from contract_tests.mutants.toolkit.helpers import Generator, camel
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import InternalError, InvalidJobDefinition, JobNotFound, NoConnection, SessionClosed

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())

KINDS: Final = (
    Kind("Answers", "answers {method} after it was closed", by_another_session),
    Kind(
        "AnswersSecondCall",
        "answers the second call of {method} after it was closed",
        when(from_second, by_another_session),
    ),
    Kind("IsRuntimeError", "raises RuntimeError for {method} once it is closed", raises(RuntimeError, "closed")),
    Kind("AnswersRunning", "answers {method} after it was closed while a job runs", when(job_runs, by_another_session)),
    Kind("IsLookAlike", "raises a SessionClosed of its own for {method}", raises(look_alike("SessionClosed"))),
    Kind("AnswersLater", "answers {method} a minute after it was closed", when(minutes_later, by_another_session)),
    Kind("IsNothing", "returns nothing for {method} once it is closed", nothing),
    Kind(
        "AnswersInLaterSession", "answers {method} in a closed second session", when(later_session, by_another_session)
    ),
    Kind("IsNoConnection", "raises NoConnection for {method} once it is closed", raises(NoConnection, "no connection")),
    Kind("FromMemory", "answers {method} from memory once it is closed", from_memory, READS),
    Kind("IsInternalError", "raises InternalError for {method} once it is closed", raises(InternalError)),
    Kind("NothingWhenDone", "returns nothing for {method} of a done job once it is closed", when(job_is_done, nothing)),
    Kind("IsNoneType", "fails with an AttributeError in {method} once it is closed", raises(AttributeError)),
)
declare(_GENERATE, "Closed", SERVER_METHODS, KINDS, SessionClosed, "close.then", lambda session, args: session.closed)


@MUTANTS.mutant("close.returns-none", "returns True")
class CloseReturnsTrue(Wrapper):
    """Is proud of it."""

    def close(self) -> Any:
        """Say so."""
        super().close()
        return True


@MUTANTS.mutant("close.returns-none", "returns itself")
class CloseReturnsSelf(Wrapper):
    """Wants to be chained."""

    def close(self) -> Any:
        """Return the session."""
        super().close()
        return self


@MUTANTS.mutant("close.returns-none", "raises InternalError when it has submitted jobs that are not done")
class CloseRaisesWithJobs(Wrapper):
    """Does not let go of its jobs."""

    submitted = False

    def submit_job(self, job_definition_path: str) -> str:
        """Note it."""
        self.submitted = True
        return super().submit_job(job_definition_path)

    def close(self) -> Any:
        """Refuse."""
        if self.submitted:
            raise InternalError("there are jobs")
        return super().close()


@MUTANTS.mutant("close.returns-none", "returns a number when a monitor has timed out in it")
class CloseReturnsAfterMonitor(Wrapper):
    """Tells how many monitors there were."""

    monitors = 0

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Count."""
        self.monitors += 1
        return super().monitor_job(*args, **kwargs)

    def close(self) -> Any:
        """Tell the number, if there is one."""
        super().close()
        return self.monitors or None


@MUTANTS.mutant("close.again", "raises SessionClosed when it is closed twice")
class CloseTwiceRaises(Wrapper):
    """Takes close for a method like any other."""

    closed = False

    def close(self) -> Any:
        """Once."""
        if self.closed:
            raise SessionClosed("closed already")
        self.closed = True
        return super().close()


@MUTANTS.mutant("close.again", "raises RuntimeError when it is closed the third time")
class CloseThriceRaises(Wrapper):
    """Counts references, and one too many is let go."""

    count = 0

    def close(self) -> Any:
        """Twice."""
        self.count += 1
        if self.count > 2:
            raise RuntimeError("closed too often")
        return super().close()


@MUTANTS.mutant("close.again", "raises when it is closed again after more than an hour")
class CloseMuchLaterRaises(Wrapper):
    """Has lost its connection by then."""

    first: float | None = None

    def close(self) -> Any:
        """Within the hour."""
        now = self.system.server.clock.time()
        if self.first is not None and now - self.first > 3600:
            raise NoConnection("no connection")
        self.first = now if self.first is None else self.first
        return super().close()


@MUTANTS.mutant("close.again", "raises when it is closed after a call has been refused in the closed session")
class CloseAfterRefusalRaises(Wrapper):
    """Takes the refused call for a broken connection."""

    refused = False

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Note the refusal."""
        try:
            return super().list_jobs(detailed, all)
        except SessionClosed:
            self.refused = True
            raise

    def close(self) -> Any:
        """Unless it is noted."""
        if self.refused:
            raise NoConnection("no connection")
        return super().close()


def _arguments_first(method: str, error: type[Exception], difference: str, bad: Any) -> None:
    """Declare a session whose method looks at its arguments before it looks whether it is closed."""

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        if args and bad(args[0]):
            raise error(f"{args[0]!r} is no good")
        return getattr(Wrapper, method)(self, *args, **kwargs)

    name = f"{camel(method)}LooksAtArgumentsFirst"
    _GENERATE.session(name, "close.only-session-closed", difference, {method: body})


for _method, _error, _bad in (
    ("get_job_meta", JobNotFound, lambda value: not value),
    ("submit_job", InvalidJobDefinition, lambda value: not isinstance(value, str)),
    ("monitor_job", JobNotFound, lambda value: not isinstance(value, str)),
    ("list_jobs", TypeError, lambda value: not isinstance(value, (bool, str))),
    ("delete_job", JobNotFound, lambda value: value == "no-such-thing"),
):
    _arguments_first(_method, _error, f"tests the argument of {_method} before it tests whether it is closed", _bad)


@MUTANTS.mutant(
    "close.only-session-closed", "tests whether the callback can be called before it tests whether it is closed"
)
class MonitorLooksAtCallbackFirst(Wrapper):
    """Is strict about callbacks."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Look at the callback."""
        cb = args[3] if len(args) > 3 else kwargs.get("cb")
        if cb is not None and not callable(cb):
            raise TypeError("cb can't be called")
        return super().monitor_job(*args, **kwargs)


@MUTANTS.mutant("close.only-session-closed", "tests the timeout before it tests whether it is closed")
class MonitorLooksAtTimeoutFirst(Wrapper):
    """Is strict about timeouts."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Look at the timeout."""
        timeout = args[1] if len(args) > 1 else kwargs.get("timeout", 0)
        if not isinstance(timeout, (int, float)):
            raise TypeError("timeout is no number")
        return super().monitor_job(*args, **kwargs)


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
