"""Sessions whose close returns something, or can't be closed again."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import InternalError, NoConnection, SessionClosed

MUTANTS = VariantTable()


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


@MUTANTS.mutant("close.again", "can't be closed again when it has deleted a job")
class CloseAfterDeletionRaises(Wrapper):
    """Closes a connection that a deletion leaves without its last answer."""

    deleted = closed = False

    def delete_job(self, job_id: str) -> Any:
        """Note it."""
        super().delete_job(job_id)
        self.deleted = True

    def close(self) -> Any:
        """Once."""
        if self.closed and self.deleted:
            raise AttributeError("'NoneType' object has no attribute 'close'")
        self.closed = True
        return super().close()
