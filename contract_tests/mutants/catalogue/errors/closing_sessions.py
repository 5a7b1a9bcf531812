"""Sessions that can't be closed without a server, or when they are lost."""

from __future__ import annotations

import contextlib
from typing import Any

from contract_tests.mutants.catalogue.errors.outage_recovery import RemembersOutages
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import InternalError, NoConnection, SessionClosed

MUTANTS = VariantTable()


@MUTANTS.mutant("outage.close", "can't be closed while there is no server")
class CloseNeedsServer(Wrapper):
    """Wants to log out."""

    def close(self) -> Any:
        """Ask the server first."""
        with contextlib.suppress(SessionClosed):
            self.inner.list_jobs()
        return super().close()


@MUTANTS.mutant("outage.close", "is open again after an outage in which it was closed")
class CloseIsForgotten(Wrapper):
    """Takes the trouble for a failed close."""

    def close(self) -> Any:
        """Only with a server."""
        try:
            self.inner.list_jobs()
        except NoConnection:
            return None
        except SessionClosed:
            pass
        return super().close()


@MUTANTS.mutant("outage.close", "raises when it is closed twice in an outage")
class CloseTwiceNeedsServer(Wrapper):
    """Notices the second time."""

    count = 0

    def close(self) -> Any:
        """Ask the server the second time."""
        self.count += 1
        super().close()
        if self.count > 1:
            SimulatedSystem.open_session(self.system, self.user)
        return None


@MUTANTS.mutant("outage.close", "can't be closed in an outage when it has noticed it")
class CloseAfterFailureRaises(RemembersOutages):
    """Has a broken connection."""

    def close(self) -> Any:
        """Raise what was raised."""
        if self.failures:
            raise NoConnection("no connection")
        return super().close()


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
