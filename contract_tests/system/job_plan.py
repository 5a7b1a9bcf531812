"""Job plans: what a check needs a job to do, as a value.

A check never writes a job folder itself. It asks for one by plan, and the system under test answers with the path of a
folder that, submitted there, behaves so; what it can't bring about it does not claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ENDINGS: Final = ("COMPLETED", "EXECUTION_EXCEPTION", "ABNORMAL", "FAILED_TO_RUN")
"""How a planned job can end by itself; ``FAILED_TO_RUN`` is a job that can't be deployed."""


@dataclass(frozen=True)
class JobPlan:
    """A job as a check wants it. Durations are in contract seconds (see `System.time_unit`).

    Attributes:
        name: the job's name.
        runs: how long it runs, or None where any short run will do.
        dispatches: how long it stays dispatched before it runs, or None where that does not matter.
        ends: how it ends, one of `ENDINGS`.
        waits: it can never be scheduled, so it waits until the server gives up on it.
        mark: text that is to be found in a file of the result, or None.
        oversize: its result is larger than the server's limit for downloads.
        min_clients: its min_clients.
        mandatory_clients: its mandatory_clients; None leaves the key out.
    """

    name: str = "contract-job"
    runs: float | None = None
    dispatches: float | None = None
    ends: str = "COMPLETED"
    waits: bool = False
    mark: str | None = None
    oversize: bool = False
    min_clients: int = 1
    mandatory_clients: tuple[str, ...] | None = None

    @property
    def plain(self) -> bool:
        """Whether a folder alone brings it about: a valid job, or one that asks for more clients than there can be."""
        return self == JobPlan(
            name=self.name, waits=self.waits, min_clients=self.min_clients, mandatory_clients=self.mandatory_clients
        )

    @property
    def asks(self) -> str:
        """The most that it asks for, as one would write it: ``oversize``, ``ends='ABNORMAL'``, …; empty for nothing."""
        if self.ends != "COMPLETED":
            return f"ends={self.ends!r}"
        wishes = ("oversize", "mark", "dispatches", "runs", "waits")
        return next((wish for wish in wishes if getattr(self, wish) not in (None, False)), "")

    def __str__(self) -> str:
        """The plan in words, for the list of operations of a failure."""
        wishes = []
        if self.waits:
            wishes.append("can't be scheduled")
        if self.dispatches is not None:
            wishes.append(f"stays dispatched {self.dispatches:g} s")
        if self.runs is not None:
            wishes.append(f"runs {self.runs:g} s")
        if self.ends != "COMPLETED":
            wishes.append(f"ends {self.ends}")
        if self.oversize:
            wishes.append("has an oversize result")
        return f"<job folder: {', '.join(wishes)}>" if wishes else "<job folder>"


@dataclass(frozen=True)
class BadJob:
    """A job definition with one thing wrong; ``fault`` says which, by its name in `bad_definitions`."""

    fault: str
