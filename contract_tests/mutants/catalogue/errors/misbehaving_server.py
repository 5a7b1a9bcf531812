"""Sessions that raise no InternalError when the server misbehaves, or do not work as before afterwards."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS, SERVER_METHODS
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.monitors import Polling, Unwatched, breaks_monitors
from contract_tests.mutants.toolkit.wrong_errors import (
    READS,
    Kind,
    declare,
    declare_with_flags,
    declare_with_timeout,
    from_fourth,
    from_memory,
    job_runs,
    key_error_when_deleted,
    later_session,
    look_alike,
    minutes_later,
    nothing,
    raises,
    when,
)
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import InternalError, JobNotFound, MonitorReturnCode, NoConnection, SessionClosed

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())

_MISBEHAVING_KINDS: Final = (
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

declare(_GENERATOR, "Misbehaving", SERVER_METHODS, _MISBEHAVING_KINDS, InternalError, "misbehaving")
declare(
    _GENERATOR,
    "Misbehaving",
    JOB_METHODS,
    key_error_when_deleted("when the server misbehaves"),
    InternalError,
    "misbehaving",
    each=1,
)

declare_with_flags(_GENERATOR, "Misbehaving", "misbehaving", InternalError)


@MUTANTS.mutant("misbehaving.monitor-job", "hands out the last meta when a poll gets nonsense")
class MonitorIgnoresNonsense(Polling):
    """Hopes for the next poll."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """The last meta."""
        if not isinstance(error, InternalError):
            raise error
        return dict(self.last)


@MUTANTS.mutant("misbehaving.monitor-job", "takes nonsense after the first poll for a lost connection")
class NonsenseIsNoConnection(Polling):
    """Has one error for all trouble of a poll."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """Another error."""
        if isinstance(error, InternalError):
            raise NoConnection("the poll failed") from error
        raise error


@MUTANTS.mutant("misbehaving.monitor-job", "returns TIMEOUT when a poll gets nonsense")
class NonsenseIsTimeout(Polling):
    """Ends without a word."""

    class _Over(Exception):
        pass

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """End."""
        if isinstance(error, InternalError):
            raise self._Over
        raise error

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Turn the end into a code."""
        try:
            return super().monitor_job(*args, **kwargs)
        except self._Over:
            return MonitorReturnCode.TIMEOUT


@MUTANTS.mutant("misbehaving.monitor-job", "takes nonsense for no news, when there is no callback")
class NonsenseIsNoNews(Unwatched):
    """Hopes for the next poll."""

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """The last meta."""
        if isinstance(error, InternalError):
            return dict(self.last)
        raise error


declare_with_timeout(_GENERATOR, "Misbehaving", "misbehaving", InternalError)


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


breaks_monitors(_GENERATOR, "misbehaving.recovery", InternalError, "MisbehavingBreaksMonitor", "the server misbehaved")
