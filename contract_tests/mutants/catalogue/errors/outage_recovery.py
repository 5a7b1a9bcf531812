"""Sessions that do not work as before once an outage is over."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.contract.interface import SERVER_METHODS
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.monitors import breaks_monitors
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import InternalError, NoConnection, SessionClosed

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


class RemembersOutages(Wrapper):
    """Remembers outages."""

    failures = 0
    began = 0.0

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in SERVER_METHODS:
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            self.before(name)
            try:
                answer = found(*args, **kwargs)
            except NoConnection:
                self.began = self.began or self.system.server.clock.time()
                self.failures += 1
                raise
            return answer

        return call

    def before(self, method: str) -> None:
        """What is done before a call."""


@MUTANTS.mutant("outage.recovery", "never works again after an outage it has noticed, with NoConnection")
class NeverRecovers(RemembersOutages):
    """Keeps the broken connection."""

    def before(self, method: str) -> None:
        """Raise what was raised."""
        if self.failures:
            raise NoConnection("no connection")


@MUTANTS.mutant("outage.recovery", "does not submit any more after an outage it has noticed")
class NeverSubmitsAgain(RemembersOutages):
    """Has a second connection for uploads."""

    def before(self, method: str) -> None:
        """Raise for submissions."""
        if self.failures and method == "submit_job":
            raise NoConnection("no connection")


@MUTANTS.mutant("outage.recovery", "raises SessionClosed for the first call after an outage, and works then")
class ClosedOnce(RemembersOutages):
    """Says that it is over, and is not."""

    def before(self, method: str) -> None:
        """Raise once the server is back."""
        if self.failures and self._back():
            self.failures = 0
            raise SessionClosed("the session is gone")

    def _back(self) -> bool:
        try:
            SimulatedSystem.open_session(self.system, self.user)
        except NoConnection:
            return False
        return True


@MUTANTS.mutant("outage.recovery", "opens a circuit breaker after three failures, for ever")
class BreaksCircuit(RemembersOutages):
    """Gives up."""

    def before(self, method: str) -> None:
        """Raise after three failures."""
        if self.failures >= 3:
            raise NoConnection("too many failures")


@MUTANTS.mutant("outage.recovery", "is lost in part after an outage of more than a minute: lists work, metas do not")
class LosesMetasAfterLongOutage(RemembersOutages):
    """Forgets a token."""

    def before(self, method: str) -> None:
        """Raise for metas."""
        long = self.began and self.system.server.clock.time() - self.began > 60
        if long and method == "get_system_info":
            raise InternalError("no token")


@MUTANTS.mutant("outage.recovery", "does not monitor any more when a monitor met an outage")
class MonitorIsBroken(Wrapper):
    """Never resets a flag."""

    broken = False

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Unless it is broken."""
        if self.broken:
            raise NoConnection("the monitor's connection is gone")
        try:
            return super().monitor_job(*args, **kwargs)
        except NoConnection:
            self.broken = True
            raise


@MUTANTS.mutant("outage.recovery", "stays without a connection for ten seconds after recovery")
class RecoversSlowly(RemembersOutages):
    """Waits before it tries again."""

    last = -1e9

    def before(self, method: str) -> None:
        """Raise for a while."""
        now = self.system.server.clock.time()
        if self.failures and now - self.last < 10:
            raise NoConnection("not tried yet")
        if self.failures:
            self.last = now


breaks_monitors(_GENERATOR, "outage.recovery", NoConnection, "OutageBreaksMonitor", "the server went away")
