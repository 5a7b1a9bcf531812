"""Sessions whose methods raise no SessionClosed, or another error, once the server has ended the session."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS, SERVER_METHODS
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.monitors import Polling, Unwatched
from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.toolkit.wrong_errors import (
    READS,
    Failure,
    Kind,
    Noting,
    by_another_session,
    declare,
    declare_with_flags,
    declare_with_timeout,
    from_memory,
    from_second,
    job_is_done,
    key_error_when_deleted,
    later_session,
    look_alike,
    minutes_later,
    nothing,
    raises,
    when,
)
from contract_tests.mutants.variant import VariantTable
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import AuthenticationError, InternalError, NoConnection, SessionClosed

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())

_LOST_KINDS: Final = (
    Kind("LogsInAgain", "logs in again for {method} when the server has ended the session", by_another_session),
    Kind(
        "IsAuthenticationError",
        "raises AuthenticationError for {method} in a lost session",
        raises(AuthenticationError),
    ),
    Kind(
        "LogsInSecondTime",
        "logs in again for the second {method} in a lost session",
        when(from_second, by_another_session),
    ),
    Kind("IsNoConnection", "raises NoConnection for {method} in a lost session", raises(NoConnection)),
    Kind(
        "IsLookAlike",
        "raises a SessionClosed of its own for {method} in a lost session",
        raises(look_alike("SessionClosed")),
    ),
    Kind(
        "LogsInLater",
        "logs in again for {method} a minute after the session was lost",
        when(minutes_later, by_another_session),
    ),
    Kind("IsNothing", "returns nothing for {method} in a lost session", nothing),
    Kind("FromMemory", "answers {method} from memory in a lost session", from_memory, READS),
    Kind(
        "LogsInLaterSession",
        "logs in again for {method} in a lost second session",
        when(later_session, by_another_session),
    ),
    Kind(
        "IsInternalErrorWhenDone",
        "raises InternalError for {method} of a done job in a lost session",
        when(job_is_done, raises(InternalError)),
    ),
)

declare(
    _GENERATOR, "Lost", SERVER_METHODS, _LOST_KINDS, SessionClosed, "lost", lambda session, args: not session.closed
)


class _Listed(Noting):
    """Notes all sessions of a system."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        noted(self, "sessions").append(self)


def _by_the_newest(failure: Failure) -> Any:
    newest = noted(failure.session, "sessions")[-1]
    return getattr(newest.inner, failure.method)(*failure.args, **failure.kwargs)


def _is_newest(failure: Failure) -> bool:
    return noted(failure.session, "sessions")[-1] is failure.session


declare(
    _GENERATOR,
    "Lost",
    SERVER_METHODS,
    (
        Kind(
            "ByTheNewest",
            "does {method} by the newest session, when the one it is asked of was ended by the server",
            when(lambda failure: not _is_newest(failure), _by_the_newest),
        ),
    ),
    SessionClosed,
    "lost",
    lambda session, args: not session.closed,
    each=1,
    base=_Listed,
)
declare(
    _GENERATOR,
    "Lost",
    JOB_METHODS,
    key_error_when_deleted("in a lost session"),
    SessionClosed,
    "lost",
    lambda session, args: not session.closed,
    each=1,
)

declare_with_flags(_GENERATOR, "Lost", "lost", SessionClosed)


@MUTANTS.mutant("lost.monitor-job", "logs in again when the session is lost in the middle of a monitor")
class MonitorLogsInAgain(Polling):
    """Means well."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """Go on with another session."""
        if not isinstance(error, SessionClosed):
            raise error
        self.inner = SimulatedSystem.open_session(self.system, self.user)
        return self.inner.get_job_meta(job_id)  # type: ignore[no-any-return]


@MUTANTS.mutant("lost.monitor-job", "raises AuthenticationError when the session is lost while a job runs")
class LostWhileRunning(Polling):
    """Tells a part of the truth."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """Another error."""
        if isinstance(error, SessionClosed) and self.last["status"] == "RUNNING":
            raise AuthenticationError("log in again") from error
        raise error


@MUTANTS.mutant("lost.monitor-job", "logs in again in the middle of a monitor, when there is no callback")
class LogsInAgainUnwatched(Unwatched):
    """Means well."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """Go on with another session."""
        if isinstance(error, SessionClosed):
            self.inner = SimulatedSystem.open_session(self.system, self.user)
            return self.inner.get_job_meta(job_id)  # type: ignore[no-any-return]
        raise error


declare_with_timeout(_GENERATOR, "Lost", "lost", SessionClosed)
