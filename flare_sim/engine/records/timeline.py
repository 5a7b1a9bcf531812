"""The trace as lanes over time: what each job and each client was, from when to when, and what was done meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flare_sim.engine.records.trace_record import TraceRecord
from flare_sim.jobs.lifecycle import JobState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Lane", "Mark", "Span", "Timeline", "timeline"]

_PAUSED = "PAUSED"
_SERVER_TURNS = {
    "crash": ("server", "down"),
    "restart": ("server", ""),
    "partition": ("network", "unreachable"),
    "repair": ("network", ""),
    "malfunction": ("commands", "malfunctioning"),
    "mend": ("commands", ""),
    "slow_replies": ("replies", "slow"),
    "normal_replies": ("replies", ""),
    "hold": ("scheduler", "held"),
    "release": ("scheduler", ""),
}
"""A fault that goes on, or ends one: what of the server it is about, and how that is from then on; ``""`` is well."""
_THERE = ("registered", "reconnected")
"""Changes after which a client is connected."""
_FARTHEST = 1e13
"""Times that no clock shows are as far away as this."""


class Span(NamedTuple):
    """Something that was so for a while."""

    begin: float
    """From when, in seconds since the epoch,"""
    end: float
    """until when."""
    what: str
    """A ``JobState``'s name or ``PAUSED`` of a job, ``connected`` of a client, the trouble of a part of the server."""


class Mark(NamedTuple):
    """Something that happened at once."""

    seconds: float
    """When, in seconds since the epoch."""
    kind: str
    """The kind of its record: ``command``, ``fault``, ``schedule``, ``deleted``, ``round``, ``client``, ``user``."""
    text: str
    """What."""


class Lane(NamedTuple):
    """One job, client or part of the server, over time."""

    name: str
    """What it is called."""
    key: str
    """A job's id; the same as the name of what has none."""
    spans: tuple[Span, ...]
    """How it was, in order; nothing is there before its first and in gaps."""
    marks: tuple[Mark, ...]
    """What was done to it, in order."""
    status: str = ""
    """The status of a job at the end, as the interface shows it."""


class Timeline(NamedTuple):
    """All that a trace tells, by who it tells it of."""

    title: str
    """What it is of."""
    begin: float
    """When it begins, in seconds since the epoch,"""
    end: float
    """and when it ends."""
    jobs: tuple[Lane, ...]
    """In the order they were submitted."""
    clients: tuple[Lane, ...]
    """Those that were given, then others that the trace names."""
    server: tuple[Lane, ...]
    """The parts of the server that something was wrong with."""
    calls: tuple[Mark, ...]
    """The commands that changed something, the faults, and what became of users: in order."""


class _Drawn:
    """A lane that is being drawn: what it is at the moment goes on until that changes."""

    def __init__(self, name: str, key: str) -> None:
        self.name = name
        self.key = key
        self.status = ""
        self.state = ""
        self._now: tuple[float, str] | None = None
        self._spans: list[Span] = []
        self.marks: list[Mark] = []

    def turn(self, seconds: float, what: str) -> None:
        """Be something from now on; nothing when it is ``""``."""
        if self._now is not None and self._now[1] != what:
            self._spans.append(Span(self._now[0], max(self._now[0], seconds), self._now[1]))
            self._now = None
        if what and self._now is None:
            self._now = (seconds, what)

    def lane(self, end: float) -> Lane:
        """Return it as it is when the trace ends."""
        self.turn(end, "")
        return Lane(self.name, self.key, tuple(self._spans), tuple(self.marks), self.status)


class _Drawing:
    def __init__(self, begin: float, names: Mapping[str, str], clients: Iterable[str]) -> None:
        self._begin = begin
        self._names = names
        self.jobs: dict[str, _Drawn] = {}
        self.clients: dict[str, _Drawn] = {name: _Drawn(name, name) for name in clients}
        self.server: dict[str, _Drawn] = {}
        self.calls: list[Mark] = []
        self._by_kind: Mapping[str, Callable[[TraceRecord], None]] = {
            "command": self._command,
            "state": self._state,
            "schedule": self._schedule,
            "deleted": self._deleted,
            "run": self._run,
            "round": self._round,
            "client": self._client,
            "fault": self._fault,
            "user": self._user,
        }

    def take(self, record: TraceRecord) -> None:
        """Draw what a record tells."""
        draw = self._by_kind.get(record.kind)
        if draw is not None:
            draw(record)

    def _job(self, job_id: str) -> _Drawn:
        if job_id not in self.jobs:
            self.jobs[job_id] = _Drawn(self._names.get(job_id, job_id), job_id)
        return self.jobs[job_id]

    def _command(self, record: TraceRecord) -> None:
        about = f" of {self._names.get(record.original, record.original)}" if record.original else ""
        mark = Mark(record.seconds, "command", f"{record.command} by {record.user}{about}")
        if record.job_id:
            job = self._job(record.job_id)
            job.marks.append(mark)
            if not job.status:  # it made the job
                job.status = job.state = JobState.SUBMITTED.name
                job.turn(record.seconds, job.state)
        named = f" ({self._names.get(record.job_id, record.job_id)})" if record.job_id else ""
        self.calls.append(mark if not named else mark._replace(text=mark.text + named))

    def _state(self, record: TraceRecord) -> None:
        job = self._job(record.job_id)
        job.status = record.status
        if record.state in JobState.__members__:
            job.state = "" if JobState[record.state].done else record.state
        job.turn(record.seconds, job.state)

    def _schedule(self, record: TraceRecord) -> None:
        if record.result != "scheduled":
            self._job(record.job_id).marks.append(Mark(record.seconds, "schedule", record.result))

    def _deleted(self, record: TraceRecord) -> None:
        self._job(record.job_id).marks.append(Mark(record.seconds, "deleted", "deleted"))

    def _run(self, record: TraceRecord) -> None:
        job = self._job(record.job_id)
        if job.state:
            job.turn(record.seconds, _PAUSED if record.change == "paused" else job.state)

    def _round(self, record: TraceRecord) -> None:
        self._job(record.job_id).marks.append(Mark(record.seconds, "round", f"round {record.round} is over"))

    def _client(self, record: TraceRecord) -> None:
        client = self.clients.setdefault(record.client, _Drawn(record.client, record.client))
        self._change(client, record.seconds, record.change)

    def _change(self, client: _Drawn, seconds: float, change: str) -> None:
        if not client.marks and change not in _THERE:
            client.turn(self._begin, "connected")  # it was there before it was told of
        client.turn(seconds, "connected" if change in _THERE else "")
        client.marks.append(Mark(seconds, "client", change))

    def _fault(self, record: TraceRecord) -> None:
        told = f"{record.verb}({', '.join(str(arg) for arg in record.args if arg != '')})"
        self.calls.append(Mark(record.seconds, "fault", told))
        part, trouble = _SERVER_TURNS.get(record.verb, ("", ""))
        if part:
            lane = self.server.setdefault(part, _Drawn(part, part))
            lane.turn(record.seconds, trouble)
            lane.marks.append(Mark(record.seconds, "fault", told))
        if record.verb == "crash":
            for client in self.clients.values():
                self._change(client, record.seconds, "lost with the server")

    def _user(self, record: TraceRecord) -> None:
        role = f" as {record.role}" if record.role else ""
        self.calls.append(Mark(record.seconds, "user", f"{record.user} {record.change}{role}"))


def timeline(
    records: Iterable[TraceRecord],
    title: str,
    *,
    until: float | None = None,
    names: Mapping[str, str] | None = None,
    clients: Iterable[str] = (),
) -> Timeline:
    """Return what a trace tells, by who it tells it of.

    Args:
        records: the trace.
        title: what it is of.
        until: when it ends, in seconds since the epoch: what goes on does so until then.  The time of its last record
            if that is later, or nothing is given.
        names: what jobs are called, by their ids; a job without a name goes by its id.
        clients: the names of clients that were there from the beginning, if the trace does not say otherwise.
    """
    told = [TraceRecord((_shown(record.seconds), *record[1:])) for record in records]
    times = [record.seconds for record in told] + ([] if until is None else [_shown(until)])
    begin, end = min(times, default=0.0), max(times, default=0.0)
    drawing = _Drawing(begin, names or {}, clients)
    for record in told:
        drawing.take(record)
    for client in drawing.clients.values():
        if not client.marks:
            client.turn(begin, "connected")
    jobs, sites, server = (
        tuple(drawn.lane(end) for drawn in lanes.values()) for lanes in (drawing.jobs, drawing.clients, drawing.server)
    )
    return Timeline(title, begin, end, jobs, sites, server, tuple(drawing.calls))


def _shown(seconds: float) -> float:
    return max(-_FARTHEST, min(seconds, _FARTHEST))
