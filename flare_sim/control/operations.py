"""What can be done to a server under control, by name: the table that the port, its client and the command share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.engine.clients.sites import Client
from flare_sim.events import NthCall
from flare_sim.faults import Faults
from flare_sim.scenarios.scenario import Scenario
from flare_sim.users import User

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flare_sim.server import SimulatedServer

__all__ = ["OPERATIONS", "Controlled", "Operation", "perform"]

VERBS = tuple(name for name in vars(Faults) if not name.startswith("_"))
"""The faults there are."""


class Controlled:
    """A server that can be exchanged for a fresh one.

    Args:
        make: makes a server; of what it is told by name each is an argument of ``make_server``.
        changed: called with every server that there is from now on.
        server: the one there is; what ``make`` makes unless given.

    Attributes:
        server: the one there is.
    """

    def __init__(
        self,
        make: Callable[..., SimulatedServer],
        changed: Callable[[SimulatedServer], object] | None = None,
        server: SimulatedServer | None = None,
    ) -> None:
        self._make = make
        self._changed = changed
        self.server = make() if server is None else server

    def reset(self, **options: Any) -> None:
        """Put a fresh server in the place of the one there is, which is closed.

        Raises:
            ValueError: an option makes no sense; the one there is stays.
        """
        if isinstance(options.get("scenario"), dict):
            options["scenario"] = Scenario.from_mapping(options["scenario"])
        before, fresh = self.server, self._make(**options)
        if self._changed is not None:
            self._changed(fresh)
        self.server = fresh
        before.close()


class Operation(NamedTuple):
    """One thing that can be done."""

    does: Callable[..., Any]
    """Does it to a ``Controlled``, with what it takes by name; returns what is to be told, as JSON has it."""
    text: str
    """What it does, in a line."""
    takes: tuple[str, ...] = ()
    """What it has to be told,"""
    may_take: tuple[str, ...] = ()
    """and what it may be told."""
    changes: bool = True
    """Whether it changes anything."""


def perform(controlled: Controlled, name: str, arguments: Mapping[str, Any]) -> Any:
    """Do something to a server, and return what there is to tell.

    Raises:
        KeyError: there is no such operation.
        ValueError: it is told too little, too much, or what makes no sense.
        Exception: what the server raises.
    """
    operation = OPERATIONS[name]
    lacks = [key for key in operation.takes if key not in arguments]
    if lacks:
        raise ValueError(f"{name} has to be told {' and '.join(lacks)}")
    known = (*operation.takes, *operation.may_take)
    for key in arguments:
        if key not in known:
            raise ValueError(f"{name} can't be told {key!r}; it takes {', '.join(known) or 'nothing'}")
    return operation.does(controlled, **arguments)


def _health(controlled: Controlled) -> dict[str, Any]:
    return {"ok": True, "reachable": controlled.server.reachable}


def _state(controlled: Controlled) -> dict[str, Any]:
    server = controlled.server
    jobs = server.jobs
    counts: dict[str, int] = {}
    for job in jobs:
        counts[job.status] = counts.get(job.status, 0) + 1
    return {
        "time": server.clock.time(),
        "reachable": server.reachable,
        "seed": server.seed,
        "progress": server.progress,
        "quirks": sorted(server.quirks),
        "jobs": counts,
        "users": {user.name: user.role for user in server.users},
        "faults": repr(server.faults),
        "requests": server.requests.counts,
        "digest": server.trace.digest(),
    }


def _reset(controlled: Controlled, **options: Any) -> None:
    controlled.reset(**options)


def _advance(controlled: Controlled, seconds: float) -> float:
    server = controlled.server
    skip = getattr(server.clock, "skip", None)  # of a clock that goes on by itself
    if skip is None:
        server.advance(seconds)
    else:
        skip(seconds)
        server.catch_up()
    return server.clock.time()


def _fault(controlled: Controlled, fault: str, **told: Any) -> str:
    from inspect import signature

    if fault not in VERBS:
        from flare_sim.engine.records.names import no_such

        raise ValueError(no_such("there is no fault", fault, VERBS))
    verb = getattr(controlled.server.faults, fault)
    try:
        signature(verb).bind(**told)
    except TypeError as problem:
        raise ValueError(f"{fault}: {problem}") from None
    call = told.get("at_call")
    if isinstance(call, dict):
        told["at_call"] = _call(call)
    verb(**told)
    return repr(controlled.server.faults)


def _call(told: dict[str, Any]) -> NthCall:
    try:
        return NthCall(**told)
    except TypeError as problem:
        raise ValueError(f"at_call: {problem}") from None


def _jobs(controlled: Controlled) -> list[dict[str, Any]]:
    return [job._asdict() for job in controlled.server.jobs]


def _trace(controlled: Controlled, job_id: str | None = None) -> list[dict[str, Any]]:
    server = controlled.server
    return [record.as_dict() for record in (server.trace if job_id is None else server.history(job_id))]


def _requests(controlled: Controlled) -> list[dict[str, Any]]:
    return [record._asdict() for record in controlled.server.requests]


def _add_client(controlled: Controlled, name: str, resources: Any = None, **when: Any) -> None:
    controlled.server.add_client(Client(name, resources), **when)


def _add_user(controlled: Controlled, name: str, org: str = "nvidia", role: str = "lead", **when: Any) -> None:
    controlled.server.add_user(User(name, org, role), **when)


_WHEN = ("after",)
_OF_FAULTS = (
    *("client", "seconds", "site", "times", "user", "name", "job_id"),
    *("after", "at", "at_call", "lasting"),
)
_MADE_WITH = ("scenario", "seed", "clients", "personality", "quirks", "progress")

OPERATIONS: Mapping[str, Operation] = {
    "health": Operation(_health, "whether the server is there, and whether sessions get through to it", changes=False),
    "state": Operation(_state, "its time, jobs by status, users, faults and requests", changes=False),
    "time": Operation(
        lambda controlled: controlled.server.clock.time(),
        "what its clock shows, in seconds since the epoch",
        changes=False,
    ),
    "jobs": Operation(_jobs, "all jobs, as the server's owner sees them", changes=False),
    "trace": Operation(_trace, "what has happened, or to one job", may_take=("job_id",), changes=False),
    "story": Operation(
        lambda controlled, job_id=None: controlled.server.story(job_id),
        "the same in sentences",
        may_take=("job_id",),
        changes=False,
    ),
    "files": Operation(
        lambda controlled, job_id: [*controlled.server.stored_files(job_id)],
        "the names of all that it keeps for a job",
        takes=("job_id",),
        changes=False,
    ),
    "requests": Operation(_requests, "what clients have asked", changes=False),
    "timeline": Operation(
        lambda controlled: controlled.server.timeline_page(), "a page that shows what has happened", changes=False
    ),
    "reset": Operation(
        _reset, "puts a fresh server in its place, in a scenario or made otherwise", may_take=_MADE_WITH
    ),
    "advance": Operation(_advance, "lets seconds pass on its clock, at once", takes=("seconds",)),
    "step": Operation(
        lambda controlled, job_id: controlled.server.step(job_id),
        "moves a job on, where jobs are moved by hand",
        takes=("job_id",),
    ),
    "fault": Operation(
        _fault,
        f"breaks or mends something: {', '.join(VERBS)}",
        takes=("fault",),
        may_take=_OF_FAULTS,
    ),
    "add_client": Operation(_add_client, "lets a client register", ("name",), ("resources", *_WHEN)),
    "remove_client": Operation(
        lambda controlled, name, **when: controlled.server.remove_client(name, **when),
        "lets a client leave for good",
        ("name",),
        _WHEN,
    ),
    "add_user": Operation(_add_user, "lets somebody else connect", ("name",), ("org", "role", *_WHEN)),
    "change_role": Operation(
        lambda controlled, user, role, **when: controlled.server.change_role(user, role, **when),
        "gives a user another role",
        ("user", "role"),
        _WHEN,
    ),
    "revoke_user": Operation(
        lambda controlled, user, **when: controlled.server.revoke_user(user, **when),
        "lets a user connect no more",
        ("user",),
        _WHEN,
    ),
}
"""Name -> what it does."""
