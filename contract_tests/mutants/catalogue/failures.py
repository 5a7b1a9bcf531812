"""Sessions that get trouble wrong: no server, a lost session, a refusal, a server that misbehaves, bad credentials."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.contract.interface import SERVER_METHODS
from contract_tests.mutants.toolkit.failing import (
    READS,
    Kind,
    by_another_session,
    by_the_administrator,
    declare,
    from_fourth,
    from_memory,
    from_second,
    job_is_done,
    job_runs,
    later_session,
    look_alike,
    minutes_later,
    nothing,
    other_user,
    raises,
    when,
)
from contract_tests.mutants.toolkit.helpers import Generator, camel
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import (
    AuthenticationError,
    AuthorizationError,
    InternalError,
    JobNotFound,
    NoConnection,
    SessionClosed,
)

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())
_IN_OUTAGE: Final = "while there is no server"

OUTAGE_KINDS: Final = (
    Kind(
        "IsConnectionError", f"raises ConnectionError for {{method}} {_IN_OUTAGE}", raises(ConnectionError, "refused")
    ),
    Kind("FromMemory", f"answers {{method}} from memory {_IN_OUTAGE}", from_memory, READS),
    Kind(
        "IsClosedSecondTime",
        f"raises SessionClosed for a second {{method}} {_IN_OUTAGE}",
        when(from_second, raises(SessionClosed)),
    ),
    Kind("IsLookAlike", "raises a NoConnection of its own for {method}", raises(look_alike("NoConnection"))),
    Kind(
        "IsTimeoutErrorLater",
        "raises TimeoutError for {method} a minute into an outage",
        when(minutes_later, raises(TimeoutError)),
    ),
    Kind("IsInternalError", f"raises InternalError for {{method}} {_IN_OUTAGE}", raises(InternalError)),
    Kind("IsNothing", f"returns nothing for {{method}} {_IN_OUTAGE}", nothing),
    Kind(
        "NothingWhenRunning", f"returns nothing for {{method}} of a running job {_IN_OUTAGE}", when(job_runs, nothing)
    ),
    Kind(
        "IsErrorInLaterSession",
        "raises OSError for {method} in an outage in a second session",
        when(later_session, raises(OSError)),
    ),
    Kind(
        "IsNotFoundFourthTime",
        f"raises JobNotFound for a fourth {{method}} {_IN_OUTAGE}",
        when(from_fourth, raises(JobNotFound)),
    ),
)
declare(_GENERATE, "Outage", SERVER_METHODS, OUTAGE_KINDS, NoConnection, "outage")

LOST_KINDS: Final = (
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
declare(_GENERATE, "Lost", SERVER_METHODS, LOST_KINDS, SessionClosed, "lost", lambda session, args: not session.closed)

MISBEHAVING_KINDS: Final = (
    Kind("IsNothing", "returns nothing for {method} when the server misbehaves", nothing),
    Kind(
        "IsNoConnectionFourthTime",
        "raises NoConnection for a fourth {method} of a misbehaving server",
        when(from_fourth, raises(NoConnection)),
    ),
    Kind("IsKeyError", "raises KeyError for {method} when the server misbehaves", raises(KeyError, "status")),
    Kind("IsLookAlike", "raises an InternalError of its own for {method}", raises(look_alike("InternalError"))),
    Kind("FromMemory", "answers {method} from memory when the server misbehaves", from_memory, READS),
    Kind("IsJobNotFound", "raises JobNotFound for {method} when the server misbehaves", raises(JobNotFound)),
    Kind(
        "IsClosedLater",
        "raises SessionClosed for {method} when the server has misbehaved for a minute",
        when(minutes_later, raises(SessionClosed)),
    ),
    Kind(
        "NothingWhenRunning",
        "returns nothing for {method} of a running job when the server misbehaves",
        when(job_runs, nothing),
    ),
    Kind(
        "IsValueErrorInLaterSession",
        "raises ValueError for {method} of a misbehaving server in a second session",
        when(later_session, raises(ValueError)),
    ),
    Kind("IsNoConnection", "raises NoConnection for {method} when the server misbehaves", raises(NoConnection)),
)
declare(_GENERATE, "Misbehaving", SERVER_METHODS, MISBEHAVING_KINDS, InternalError, "misbehaving")

MAY_NOT: Final = ("submit_job", "clone_job", "download_job_result", "abort_job", "delete_job")
DENIED_KINDS: Final = (
    Kind("IsPermissionError", "raises PermissionError for {method} when the user may not", raises(PermissionError)),
    Kind("DoneAnyway", "does {method} with other rights when the user may not", by_the_administrator),
    Kind("IsNothing", "returns nothing for {method} when the user may not", nothing),
    Kind(
        "IsNotFoundSecondTime",
        "raises JobNotFound for the second {method} the user may not",
        when(from_second, raises(JobNotFound)),
    ),
    Kind(
        "IsLookAlike", "raises an AuthorizationError of its own for {method}", raises(look_alike("AuthorizationError"))
    ),
    Kind(
        "IsNotFoundWhenDone",
        "raises JobNotFound for {method} of a done job when the user may not",
        when(job_is_done, raises(JobNotFound)),
    ),
    Kind(
        "IsAuthenticationError",
        "raises AuthenticationError for {method} when the user may not",
        raises(AuthenticationError),
    ),
    Kind(
        "NothingWhenRunning",
        "returns nothing for {method} of a running job when the user may not",
        when(job_runs, nothing),
    ),
    Kind("IsInternalError", "raises InternalError for {method} when the user may not", raises(InternalError)),
    Kind(
        "IsErrorMinutesLater",
        "raises KeyError for {method} a minute after a first refusal",
        when(minutes_later, raises(KeyError)),
    ),
    Kind(
        "IsClosedForOthers",
        "raises SessionClosed for {method} of another's job",
        when(other_user, raises(SessionClosed)),
        MAY_NOT[1:],
    ),
)
declare(_GENERATE, "Denied", MAY_NOT, DENIED_KINDS, AuthorizationError, "denied", each=3)


# --- opening a session ----------------------------------------------------------------------------------------------


class _Opening(WrappedSystem):
    """A system that opens sessions its own way."""

    def open_session(self, user: str | None = None) -> Any:
        """Ask what to do about trouble."""
        try:
            return super().open_session(user)
        except (NoConnection, AuthenticationError) as error:
            self.memory["tries"] = self.memory.get("tries", 0) + 1
            return self.trouble(user or self.users[0], error)

    def trouble(self, user: str, error: Exception) -> Any:
        """What is done when no session can be opened."""
        raise error


@MUTANTS.mutant("outage.open", "opens a session that has no server yet")
class OpensLazily(_Opening):
    """Connects with the first call."""

    def trouble(self, user: str, error: Exception) -> Any:
        """A session that is closed."""
        if isinstance(error, AuthenticationError):
            raise error
        self.server.faults.repair()
        session = SimulatedSystem.open_session(self, user)
        self.server.faults.partition()
        return Wrapper(session, self, user)


def _opening(clause: str, cause: type[Exception], name: str, difference: str, other: Any, second: bool = False) -> None:
    """Declare a system that raises something else (or returns None) when a session can't be opened."""

    class Opens(_Opening):
        """Gets it wrong."""

        def trouble(self, user: str, error: Exception) -> Any:
            """Raise the other error."""
            if not isinstance(error, cause) or (second and self.memory["tries"] < 2):
                raise error
            if other is None:
                return None
            raise other("no session")

    _GENERATE.named(name, clause, difference, Opens)


_opening("outage.open", NoConnection, "OpeningIsRefused", "raises ConnectionRefusedError", ConnectionRefusedError)
_opening("outage.open", NoConnection, "OpeningIsClosed", "raises SessionClosed", SessionClosed)
_opening("outage.open", NoConnection, "OpeningIsUnknownUser", "raises AuthenticationError", AuthenticationError)
_opening(
    "outage.open", NoConnection, "OpeningIsTimeout", "raises TimeoutError the second time", TimeoutError, second=True
)
_opening(
    "outage.open", NoConnection, "OpeningLooksAlike", "raises a NoConnection of its own", look_alike("NoConnection")
)
_opening("outage.open", NoConnection, "OpensNothing", "returns None", None)
_opening(
    "credentials.refused", AuthenticationError, "BadUserIsNotAllowed", "raises AuthorizationError", AuthorizationError
)
_opening("credentials.refused", AuthenticationError, "BadUserIsValueError", "raises ValueError", ValueError)
_opening("credentials.refused", AuthenticationError, "BadUserIsNoConnection", "raises NoConnection", NoConnection)
_opening("credentials.refused", AuthenticationError, "BadUserIsNothing", "returns None", None)
_opening(
    "credentials.refused",
    AuthenticationError,
    "BadUserLooksAlike",
    "raises an AuthenticationError of its own",
    look_alike("AuthenticationError"),
)
_opening(
    "credentials.refused",
    AuthenticationError,
    "BadUserTwiceIsClosed",
    "raises SessionClosed when the user comes again",
    SessionClosed,
    second=True,
)


@MUTANTS.mutant("credentials.refused", "lets anybody in as the first user")
class LetsAnybodyIn(_Opening):
    """Falls back to a user it knows."""

    def trouble(self, user: str, error: Exception) -> Any:
        """A session of somebody else."""
        if isinstance(error, NoConnection):
            raise error
        return Wrapper(SimulatedSystem.open_session(self, None), self, user)


@MUTANTS.mutant("credentials.refused", "lets in who comes a second time")
class LetsInSecondTime(_Opening):
    """Counts tries, and does not look at the user any more."""

    def trouble(self, user: str, error: Exception) -> Any:
        """A session of somebody else, the second time."""
        if isinstance(error, NoConnection) or self.memory["tries"] < 2:
            raise error
        return Wrapper(SimulatedSystem.open_session(self, None), self, user)


# --- rights ---------------------------------------------------------------------------------------------------------


def _done_and_denied(method: str) -> None:
    def body(self: Any, *args: Any) -> Any:
        try:
            return getattr(Wrapper, method)(self, *args)
        except AuthorizationError:
            getattr(SimulatedSystem.open_session(self.system), method)(*args)
            raise

    body.__name__ = method
    name = f"Denies{camel(method)}AndDoesIt"
    _GENERATE.session(name, "denied.no-effect", f"refuses {method}, and does it all the same", {method: body})


for _method in ("submit_job", "clone_job", "abort_job", "delete_job"):
    _done_and_denied(_method)


@MUTANTS.mutant("denied.no-effect", "aborts a running job before it asks whether the user may delete it")
class StopsBeforeDeniedDelete(Wrapper):
    """Does the first of two steps."""

    def delete_job(self, job_id: str) -> Any:
        """Stop it, then ask."""
        if self.inner.get_job_meta(job_id)["status"] == "RUNNING":
            SimulatedSystem.open_session(self.system).abort_job(job_id)
        return super().delete_job(job_id)


@MUTANTS.mutant("denied.no-effect", "notes refused downloads in the job's meta")
class NotesRefusedDownloads(Wrapper):
    """Keeps an account that all can see."""

    def download_job_result(self, job_id: str) -> str:
        """Note a refusal."""
        try:
            return super().download_job_result(job_id)
        except AuthorizationError:
            self.system.memory[job_id] = True
            raise

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell it by the status."""
        meta = super().get_job_meta(job_id)
        return {**meta, "status": meta["status"] + " (refused)"} if job_id in self.system.memory else meta


# --- a server that misbehaved ---------------------------------------------------------------------------------------


class _Scarred(Wrapper):
    """Remembers that the server misbehaved."""

    scars = 0

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in SERVER_METHODS:
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            if self.hurt(name):
                raise InternalError("the server misbehaved")
            try:
                return found(*args, **kwargs)
            except InternalError:
                self.scars += 1
                raise

        return call

    def hurt(self, method: str) -> bool:
        """Whether a call fails for what was."""
        return False


@MUTANTS.mutant("misbehaving.recovery", "never works again once the server has misbehaved")
class NeverTrustsAgain(_Scarred):
    """Keeps the error."""

    def hurt(self, method: str) -> bool:
        """Always."""
        return self.scars > 0


@MUTANTS.mutant("misbehaving.recovery", "does not submit any more once the server has misbehaved")
class NeverSubmitsToBadServer(_Scarred):
    """Fears for its jobs."""

    def hurt(self, method: str) -> bool:
        """Submissions."""
        return self.scars > 0 and method == "submit_job"


@MUTANTS.mutant("misbehaving.recovery", "does not clone, abort or delete any more once the server has misbehaved")
class ReadsOnlyAfterTrouble(_Scarred):
    """Falls back to reading."""

    def hurt(self, method: str) -> bool:
        """Changes of jobs."""
        return self.scars > 0 and method in ("clone_job", "abort_job", "delete_job")


@MUTANTS.mutant("misbehaving.recovery", "fails once more after the server has misbehaved")
class FailsOnceMore(_Scarred):
    """Delivers an old answer."""

    def hurt(self, method: str) -> bool:
        """Once."""
        if self.scars > 0 and method != "monitor_job" and self._well():
            self.scars = 0
            return True
        return False

    def _well(self) -> bool:
        try:
            SimulatedSystem.open_session(self.system, self.user).list_jobs()
        except InternalError:
            return False
        return True


@MUTANTS.mutant("misbehaving.recovery", "is closed by a server that misbehaves")
class ClosedByTrouble(_Scarred):
    """Gives up."""

    def hurt(self, method: str) -> bool:
        """Close."""
        if self.scars:
            raise SessionClosed("the session was given up")
        return False


@MUTANTS.mutant("misbehaving.recovery", "takes no second session when the first one met a misbehaving server")
class NoNewSessionAfterTrouble(_Scarred):
    """Marks the server as bad, for sessions to come."""

    def __init__(self, inner: Any, system: Any, user: str) -> None:
        super().__init__(inner, system, user)
        self.late = bool(system.memory.get("bad"))

    def hurt(self, method: str) -> bool:
        """In sessions opened since."""
        if self.scars:
            self.system.memory["bad"] = True
        return self.late
