"""Who is served: which errors the calls of a session have to end in while something is wrong, or once it is over.

The model of jobs is about calls that are served. Whether one may be is decided here first, by the clauses about closed
and lost sessions, outages and servers that misbehave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from contract_tests.scenario.operations import Outcome
from contract_tests.scenario.wording import outcome as in_words
from contract_tests.sequences.model.jobs import Disagreement


class Fault(NamedTuple):
    """Something that can be wrong: the methods of `System` that begin and end it, and the error of every call then.

    A fault without an end is over at once; one without an error leaves the server as it is. One ``within`` the server
    may keep it from what it does with jobs.
    """

    begin: str
    end: str = ""
    error: str = ""
    ends_sessions: bool = False
    of_clients: bool = False

    @property
    def within(self) -> bool:
        """Whether it is one of the server or its clients, and not of the way to it."""
        return self.of_clients or self.error == "InternalError"


FAULTS: Final = {
    "outage": Fault("outage", "recover", "NoConnection"),
    "misbehaving server": Fault("misbehave", "behave", "InternalError"),
    "lost sessions": Fault("lose_sessions", ends_sessions=True),
    "lost clients": Fault("drop_client", "connect_client", of_clients=True),
}
"""The faults a system may offer, by the names that calls have for them."""


@dataclass
class Service:
    """What may be expected of sessions, by their names.

    Attributes:
        fault: the name of the fault that lasts, empty for none.
        over: the sessions that were closed, or that the server has ended.
        in_doubt: those that have lived through an outage: usable again, or over for good.
    """

    fault: str = ""
    over: set[str] = field(default_factory=set)
    in_doubt: set[str] = field(default_factory=set)

    @property
    def error(self) -> str:
        """The error of every call, as long as a fault lasts that has one."""
        return FAULTS[self.fault].error if self.fault else ""

    def begin(self, name: str, sessions: Sequence[str]) -> None:
        """A fault begins while these sessions are there."""
        fault = FAULTS[name]
        self.fault = name if fault.end else ""
        if fault.ends_sessions:
            self.over.update(sessions)
        if fault.error == "NoConnection":
            self.in_doubt.update(session for session in sessions if session not in self.over)

    def end(self) -> None:
        """Nothing is wrong with the server any more."""
        self.fault = ""

    def serves(self, session: str, outcome: Outcome, known: Sequence[str], *, gone: bool = False) -> bool:
        """Whether a call was served; one that may not have been has to end in the error that is due.

        Args:
            session: whose call it was.
            outcome: what came of it.
            known: the ids of the jobs made so far.
            gone: whether it was about a job that was deleted, which a session may know by itself.

        Raises:
            Disagreement: it was served, or ended in another error.
        """
        due = {"SessionClosed"} if session in self.over else set()
        if self.error:
            due.add(self.error)
        elif session in self.in_doubt:
            self.in_doubt.discard(session)
            if outcome.raised("SessionClosed"):
                self.over.add(session)
                return False
        if not due:
            return True
        allowed = (
            due | ({"SessionClosed"} if session in self.in_doubt else set()) | ({"JobNotFound"} if gone else set())
        )
        if not any(map(outcome.raised, allowed)):
            raise Disagreement(" or ".join(sorted(due)), in_words(outcome, known))
        return False

    def opens(self, outcome: Outcome) -> bool:
        """Whether a session was opened, as it may only be while there is a server.

        Raises:
            Disagreement: there is none, and the error is not `NoConnection`.
        """
        right = not outcome.returned and self.error in outcome.contract_errors
        if self.error == "NoConnection" and not right:
            raise Disagreement(self.error, in_words(outcome))
        return outcome.returned

    def state(self, session: str) -> str:
        """What is known of a session, in a word."""
        return "over" if session in self.over else "in doubt" if session in self.in_doubt else "open"
