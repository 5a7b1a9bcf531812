"""The whole state of a server as records: the facts, from which all else is made again.

What is planned for a job that something has happened to since is no fact, nor are sums, orders and what is rendered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.engine.clients.sites import Client, client_list
from flare_sim.engine.recovery.rebuild import rebuild
from flare_sim.engine.runs.behavior import takes_turns
from flare_sim.engine.state import ServerState, SubmitRecord
from flare_sim.engine.trace import is_record
from flare_sim.jobs.problems import Answer, Problem
from flare_sim.saving.event_rows import AWAITED_CALLS, EventRows
from flare_sim.saving.job_rows import JobRows
from flare_sim.saving.parts import CONTENT, DEFINITION, Parts
from flare_sim.saving.records import BadState, packed, unpacked
from flare_sim.saving.settings import read_settings, written_settings
from flare_sim.saving.shapes import (
    COUNT,
    FLAG,
    NUMBER,
    TEXT,
    TICK,
    WAIT,
    Shape,
    attributes,
    fixed,
    maybe,
    read_fields,
    table_of,
    tuple_of,
    wrong,
)
from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flare_sim.engine.process import Process
    from flare_sim.engine.timeline import Action
    from flare_sim.events import Events

    Build = Callable[[ServerState, dict[str, tuple[Problem, ...]]], "Whole"]

__all__ = ["REMARK", "SnapshotReader", "Whole", "write_snapshot"]

MOST_JOBS = 1 << 40
"""No server has had more."""
_RECORDS_AT_ONCE = 1000
"""So many records of a trace are written as one."""

_CLIENT: Mapping[str, Shape] = {
    "name": TEXT,
    "resources": maybe(table_of(NUMBER)),
    "number": COUNT,
    "present": FLAG,
    "since": TICK,
    "dropped_at": maybe(TICK),
    "shut_down": FLAG,
    "orphans": tuple_of(fixed(TEXT, TEXT), list),
    "orphaned": TICK,
}
REMARK = fixed(
    TEXT,
    tuple_of(
        fixed(TEXT, TEXT, TEXT, TEXT, TEXT, FLAG, maybe(fixed(TEXT, TEXT, kind=Answer._make)), kind=Problem._make)
    ),
)
"""The shape of what is wrong with a job: its path, and the problems."""


class Whole(NamedTuple):
    """All of a server that has a state."""

    state: ServerState
    runner: Process
    events: Events
    remarks: dict[str, tuple[Problem, ...]]

    @property
    def actions(self) -> dict[str, Action]:
        """What may wait on the timeline, by the name it is written by."""
        return {**self.runner.actions, "happen": self.events.happen}

    @property
    def functions(self) -> int:
        """How many functions wait on the timeline, which cannot be written."""
        names = self.actions.values()
        return sum(action not in names for _, _, action, _ in self.state.timeline.entries())


def _state(jobs: JobRows) -> dict[str, Shape]:
    """Return the shapes of what a server knows beside its jobs and its clients."""
    return {
        "started": TICK,
        "ending": FLAG,
        "alive": FLAG,
        "reachable": FLAG,
        "held": FLAG,
        "malfunctioning": FLAG,
        "reply_delay": WAIT,
        "sessions": COUNT,
        "armed": maybe(TICK),
        "away": tuple_of(TEXT, list),
        "disabled": table_of(FLAG),
        "deploy_faults": table_of(COUNT),
        "lost": Shape(lambda lost: list(map(list, lost.items())), tuple_of(fixed(maybe(TEXT), COUNT), dict).read),
        "closing": tuple_of(jobs.job, list),
        "turns": maybe(table_of(COUNT)),
        "on_calls": AWAITED_CALLS,
    }


_COUNTERS: Mapping[str, Shape] = {"submitted": COUNT, "stored": COUNT, "registered": COUNT}
"""How many jobs there have ever been and are, and how often a client has ever registered."""


def write_snapshot(whole: Whole, parts: Parts) -> None:
    """Write the records of a server's state.

    Args:
        whole: the server.
        parts: those of the file.

    Raises:
        BadState: it has something that no record can hold.
    """
    state, runner, write = whole.state, whole.runner, parts.write
    jobs = JobRows(parts)
    events = EventRows(jobs, whole.actions)
    planned = [entry for entry in state.timeline.entries() if not runner.is_stale(entry[3])]
    stored = list(state.store)
    write(packed("server", written_settings(state, parts)))
    for row in jobs.write([*stored, *state.closing, *events.jobs(planned)]):
        write(packed("job", row))
    for site in state.sites:
        write(packed("client", attributes(_CLIENT, site)))
    counters = {
        "submitted": state.store.counter,
        "stored": len(stored),
        "registered": state.sites.registered,
    }
    write(packed("state", attributes(_state(jobs), state), counters))
    for event in events.write(planned):
        write(packed("event", *event))
    token = _token(parts)
    for (user, name), record in state.tokens.items():
        write(packed("token", *token.write((user, name, *record))))
    for remark in whole.remarks.items():
        write(packed("remark", *REMARK.write(remark)))
    rows = state.trace.rows()
    for first in range(0, len(rows), _RECORDS_AT_ONCE):
        write(packed("trace", *rows[first : first + _RECORDS_AT_ONCE]))
    write(packed("end"))


class SnapshotReader:
    """Reads the records of a server's state.

    Attributes:
        parts: what was read of them.
        done: whether the last record of the state was read.
    """

    def __init__(self) -> None:
        self.parts = Parts()
        self.done = False
        self._jobs = JobRows(self.parts)
        self._state: ServerState | None = None
        self._remarks: dict[str, tuple[Problem, ...]] = {}
        self._clients: list[dict[str, Any]] = []
        self._counters: dict[str, Any] = {}
        self._events: list[list[Any]] = []
        self._takers: Mapping[str, Callable[[ServerState, list[Any]], None]] = {
            "job": self._take_job,
            "client": self._take_client,
            "state": self._take_state,
            "event": self._take_event,
            "token": self._take_token,
            "remark": self._take_remark,
            "trace": self._take_trace,
            "end": self._take_end,
        }

    def take(self, payload: bytes) -> None:
        """Take in what the next record holds.

        Raises:
            BadState: it does not fit.
        """
        if payload.startswith(CONTENT):
            self.parts.add_content(payload[len(CONTENT) :])
            return
        kind, values = unpacked(payload)
        if kind == DEFINITION:
            self.parts.add_definition(_only(kind, values))
        elif kind == "server" and self._state is None:
            self._state = read_settings(_only(kind, values), self.parts)
        elif self._state is not None and kind in self._takers:
            self._takers[kind](self._state, values)
        else:
            raise BadState(f"holds a record {shown(kind)} where there should be none")

    def whole(self, build: Build) -> Whole:
        """Make a server of what was read, with what it had planned.

        Args:
            build: makes a server that has a state and remarks.

        Raises:
            BadState: something is missing, or does not fit.
        """
        if not self.done or self._state is None:
            raise BadState("is truncated: the end of the state is missing")
        whole = build(self._state, self._remarks)
        rows = EventRows(self._jobs, whole.actions)
        ticks = []
        for number, values in enumerate(self._events):
            tick, action, argument = rows.read(values, f"event {number}")
            self._state.timeline.at(tick, action, argument)
            ticks += [tick] if values[1] == "tick" else []
        if self._state.armed not in (None, *ticks):
            raise BadState("holds wrong data: the scheduler waits for what is not planned")
        return whole

    def _take_job(self, _: ServerState, values: list[Any]) -> None:
        self._jobs.read(_only("job", values))

    def _take_client(self, _: ServerState, values: list[Any]) -> None:
        place = f"client {len(self._clients)}"
        self._clients.append(read_fields(_CLIENT, _only(place, values), place))

    def _take_state(self, state: ServerState, values: list[Any]) -> None:
        if len(values) != 2 or self._counters:
            raise wrong("state", "two objects, once", values)
        for name, value in read_fields(_state(self._jobs), values[0], "state").items():
            setattr(state, name, value)
        if takes_turns(state.behavior) is not (state.turns is not None):
            raise BadState("holds wrong data: there are turns that no behavior takes, or none where one does")
        counters = self._counters = read_fields(_COUNTERS, values[1], "state")
        self._set_clients(state, counters["registered"])
        self._set_jobs(state, counters["stored"], counters["submitted"])

    def _set_clients(self, state: ServerState, registered: int) -> None:
        try:
            clients = client_list([Client(row["name"], row["resources"]) for row in self._clients])
        except ValueError as problem:
            raise BadState(f"holds wrong data: {problem}") from None
        for client, row in zip(clients, self._clients, strict=True):
            site = state.sites.add(client, state.now)
            for name, value in row.items():
                setattr(site, name, value)
        state.sites.registered = registered

    def _set_jobs(self, state: ServerState, stored: int, submitted: int) -> None:
        jobs = self._jobs.jobs[:stored]
        serials = [-1, *(job.serial for job in jobs), submitted]
        if submitted > MOST_JOBS:
            raise BadState(f"holds wrong data: no server has had {shown(submitted)} jobs")
        if len(jobs) < stored or sorted(set(serials)) != serials or len({job.job_id for job in jobs}) < stored:
            raise BadState("holds wrong data: jobs are missing, or have the same number or id")
        for job in jobs:
            state.trace.introduce(job.serial, job.job_id)
        rebuild(state, jobs, submitted)

    def _take_event(self, _: ServerState, values: list[Any]) -> None:
        self._events.append(values)

    def _take_token(self, state: ServerState, values: list[Any]) -> None:
        user, token, *record = _token(self.parts).read(values, "token")
        state.tokens[user, token] = SubmitRecord(*record)

    def _take_remark(self, _: ServerState, values: list[Any]) -> None:
        path, problems = REMARK.read(values, "remark")
        self._remarks[path] = problems

    def _take_trace(self, state: ServerState, values: list[Any]) -> None:
        for record in values:
            if type(record) is not list or not is_record(record):
                raise wrong("trace", "records of whole numbers and text", record)
            state.trace.add(*record)

    def _take_end(self, _: ServerState, values: list[Any]) -> None:
        if values or not self._counters:
            raise BadState("holds an end where there should be none")
        self.done = True


def _token(parts: Parts) -> Shape:
    return fixed(TEXT, TEXT, TEXT, parts.definition, maybe(TICK))


def _only(kind: str, values: list[Any]) -> Any:
    if len(values) != 1:
        raise wrong(kind, "one object", values)
    return values[0]
