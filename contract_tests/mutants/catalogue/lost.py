"""Sessions that get the loss of a session, or a server that misbehaves, wrong while they monitor or close."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.kinds import Polling
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import AuthenticationError, InternalError, MonitorReturnCode, NoConnection, SessionClosed

MUTANTS = VariantTable()


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


@MUTANTS.mutant("lost.close", "raises SessionClosed when a lost session is closed")
class LostCannotClose(Wrapper):
    """Wants to log out."""

    closed = False

    def close(self) -> Any:
        """Ask the server first."""
        if not self.closed:
            try:
                self.inner.list_jobs()
            except NoConnection:
                self.closed = True
        self.closed = True
        return super().close()


@MUTANTS.mutant("lost.close", "raises when a session is closed that knows it is lost")
class KnownLostCannotClose(Wrapper):
    """Has thrown its connection away."""

    lost = False

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Note it."""
        try:
            return super().list_jobs(detailed, all)
        except SessionClosed:
            self.lost = not self.over
            raise

    over = False

    def close(self) -> Any:
        """Raise what it knows."""
        if self.lost:
            raise SessionClosed("the session is gone")
        self.over = True
        return super().close()


@MUTANTS.mutant("lost.close", "raises when a lost session is closed a second time")
class LostCannotCloseTwice(Wrapper):
    """Looks the second time."""

    count = 0
    fine = True

    def close(self) -> Any:
        """Only a session that was fine can be closed again."""
        self.count += 1
        if self.count == 1:
            try:
                self.inner.list_jobs()
            except (SessionClosed, NoConnection, InternalError) as error:
                self.fine = not isinstance(error, SessionClosed)
        if self.count > 1 and not self.fine:
            raise NoConnection("no connection")
        return super().close()
