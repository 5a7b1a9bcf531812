"""Systems that open a session without a server or right credentials, or raise the wrong error."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.wrong_errors import look_alike
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import AuthenticationError, AuthorizationError, NoConnection, SessionClosed

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


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

    _GENERATOR.named(name, clause, difference, Opens)


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
