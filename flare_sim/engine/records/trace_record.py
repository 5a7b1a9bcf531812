"""A fact of the trace as people read it: with names, in seconds, and with the statuses that the interface shows."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from flare_sim.clock import to_seconds
from flare_sim.jobs.lifecycle import JobState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Row = tuple[int | str, ...]

__all__ = ["KINDS", "TraceRecord", "named"]

KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "command": ("command", "user", "job_id", "original"),
        "state": ("job_id", "status", "state"),
        "schedule": ("job_id", "result"),
        "deleted": ("job_id",),
        "run": ("job_id", "change"),
        "round": ("job_id", "round"),
        "client": ("client", "change"),
        "fault": ("verb",),
        "user": ("user", "change", "role", "org"),
    }
)
"""Kind -> what stands behind the time and the kind, by name; a fault goes on with what it was told."""

_STATUSES: Mapping[object, str] = MappingProxyType({state.name: state.status for state in JobState})
_ORPHANED = "orphaned"
"""In the place of a state: a server that was started again left the job as it found it."""
_DELAYS = ("slow_replies", "normal_replies")
"""Faults that are told a time."""


class TraceRecord(tuple[Any, ...]):
    """One fact: ``(seconds, kind, ...)``, a tuple whose parts have names; what a kind does not have is ``""``.

    Kinds: ``command`` (command, user, job_id, of a clone also the original), ``state`` (job_id, status, state),
    ``schedule`` (job_id, result), ``deleted`` (job_id), ``run`` (job_id, change), ``round`` (job_id, round),
    ``client`` (client, change), ``fault`` (verb, what it was told), ``user`` (user, change, and as what: role, org).
    """

    __slots__ = ()

    @property
    def seconds(self) -> float:
        """When it was, in seconds since the epoch."""
        when: float = self[0]
        return when

    @property
    def kind(self) -> str:
        """What it tells of, a key of ``KINDS``."""
        told: str = self[1]
        return told

    @property
    def job_id(self) -> str:
        """The job it is about; of a clone the new one."""
        return self._part("job_id")

    @property
    def status(self) -> str:
        """The status that the interface shows of the job from then on, such as ``FINISHED:COMPLETED``."""
        return self._part("status")

    @property
    def state(self) -> str:
        """What the server calls it, which tells DEPLOYING from SUBMITTED and STOPPING from RUNNING."""
        return self._part("state")

    @property
    def command(self) -> str:
        """The command that was carried out."""
        return self._part("command")

    @property
    def user(self) -> str:
        """Who gave it, or who was added, changed or revoked."""
        return self._part("user")

    @property
    def original(self) -> str:
        """The job that was cloned."""
        return self._part("original")

    @property
    def result(self) -> str:
        """What came of a try to schedule the job."""
        return self._part("result")

    @property
    def round(self) -> int | str:
        """Which round of the run is over, from 0 on."""
        told: int | str = self[3] if self._part("round") else ""
        return told

    @property
    def client(self) -> str:
        """The client it is about."""
        return self._part("client")

    @property
    def change(self) -> str:
        """What happened to the run (``paused``), the client (``dropped``) or the user (``revoked``)."""
        return self._part("change")

    @property
    def role(self) -> str:
        """What the user is from then on."""
        return self._part("role")

    @property
    def org(self) -> str:
        """The user's organisation."""
        return self._part("org")

    @property
    def verb(self) -> str:
        """The fault that took effect."""
        return self._part("verb")

    @property
    def args(self) -> tuple[Any, ...]:
        """What stands behind the parts that have names: what a fault was told."""
        return self[2 + len(KINDS.get(self[1], ())) :]

    def as_dict(self) -> dict[str, Any]:
        """Return its parts by their names: those its kind has, and ``args`` of a fault that was told something."""
        names = ("seconds", "kind", *KINDS.get(self[1], ()))
        return {**dict(zip(names, self, strict=False)), **({"args": self.args} if self.args else {})}

    def _part(self, name: str) -> str:
        names = KINDS.get(self[1], ())
        place = names.index(name) + 2 if name in names else len(self)
        return str(self[place]) if place < len(self) else ""

    def __repr__(self) -> str:
        return f"TraceRecord({', '.join([f'{name}={part!r}' for name, part in self.as_dict().items()])})"


def named(rows: Iterable[Row]) -> Iterator[TraceRecord]:
    """Yield the records of rows ``(ticks, kind, ...)``, which begin where a job does that a state is told of."""
    last: dict[object, str] = {}
    for ticks, kind, *facts in rows:
        told: list[Any] = facts
        if kind == "state" and len(facts) > 1:
            job_id, state, *more = facts
            status = last.get(job_id, "RUNNING") if state == _ORPHANED else _STATUSES.get(state, str(state))
            last[job_id] = status
            told = [job_id, status, state, *more]
        elif kind == "fault" and len(facts) > 1 and facts[0] in _DELAYS and type(facts[1]) is int:
            told = [facts[0], _seconds(facts[1]), *facts[2:]]
        yield TraceRecord((_seconds(int(ticks)), kind, *told))


def _seconds(ticks: int) -> float:
    """Return ticks as seconds, also those that no clock shows."""
    try:
        return to_seconds(ticks)
    except OverflowError:
        return float("inf") if ticks > 0 else float("-inf")
