"""What a recording tells of its system, as a scenario: to be looked at, changed, and used like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.clock import to_ticks
from flare_sim.events import UNDONE_BY
from flare_sim.jobs.behavior import JobBehavior
from flare_sim.jobs.timestamps import utc_text
from flare_sim.recording.recording import Recording
from flare_sim.recording.replays.circumstances import circumstances
from flare_sim.scenarios.scenario import Scenario
from flare_sim.users import DEFAULT_USERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from flare_sim.recording.replays.circumstances import Circumstances, Fault

__all__ = ["scenario_of"]


def scenario_of(recording: Recording | str | PathLike[str]) -> Scenario:
    """Return a scenario of what a recording tells of its system.

    It has the clients and users, the personality of the release, for each name what its jobs did, one after the other,
    and an outage when nobody got through.

    Args:
        recording: a recording, or its file.

    Raises:
        BadRecording: it is none, or is damaged; the message has the number of the line.
        OSError: it can't be read.

    Example:
        >>> scenario_of("calls.jsonl").to_toml()  # doctest: +SKIP
    """
    read = Recording.of(recording)
    told = circumstances(read)
    libraries = dict.fromkeys(session.library or session.type for session in read.sessions.values())
    said: dict[str, Any] = {
        "title": f"What was recorded of {', '.join(libraries) or 'nothing'} at {utc_text(to_ticks(read.started))}",
        "start": read.started,
        "personality": told.personality,
        "clients": None if told.clients is None else list(told.clients),
        "users": [user._asdict() for user in told.users if user not in DEFAULT_USERS] or None,
        "jobs": dict(_jobs(told)) or None,
        "faults": list(_faults(told.faults)) or None,
    }
    return Scenario.from_mapping({key: value for key, value in said.items() if value is not None})


def _jobs(told: Circumstances) -> Iterator[tuple[str, JobBehavior | list[JobBehavior]]]:
    """Yield what jobs did by their names, in the order in which they ran, without what the last one says anyway."""
    ran = [(told.names[job], told.behaviors.get(job, JobBehavior())) for job in told.made if job in told.ran]
    for name in dict.fromkeys(name for name, _ in ran):
        turns = [behavior for other, behavior in ran if other == name]
        while turns[-1:] == turns[-2:-1]:
            turns.pop()
        if turns != [JobBehavior()]:
            yield name, turns if len(turns) > 1 else turns[0]


def _faults(faults: tuple[Fault, ...]) -> Iterator[dict[str, Any]]:
    """Yield faults, each that is over with how long it lasted."""
    undoing = set(UNDONE_BY.values())
    for number, fault in enumerate(faults):
        if fault.verb in undoing:
            continue
        ends = (other.at for other in faults[number:] if other.verb == UNDONE_BY.get(fault.verb))
        end = next(ends, None)
        table: dict[str, Any] = {"fault": fault.verb, "at": fault.at}
        if fault.args:
            table["user"] = fault.args[0]
        yield table if end is None else {**table, "lasting": round(end - fault.at, 6)}
