"""What waits on the timeline, as it is written and read: the name of what is done, and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.events import UNDONE_BY, AwaitedCall, Event, NthCall
from flare_sim.jobs.lifecycle import JobState
from flare_sim.saving.job_rows import USER
from flare_sim.saving.records import BadState
from flare_sim.saving.shapes import (
    COUNT,
    FLAG,
    NUMBER,
    TEXT,
    TICK,
    WAIT,
    Shape,
    fixed,
    maybe,
    table_of,
    tuple_of,
    wrong,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from flare_sim.engine.job import Job
    from flare_sim.engine.timeline import Action, Entry
    from flare_sim.saving.job_rows import JobRows

__all__ = ["AWAITED_CALLS", "EVENT", "NTH_CALL", "EventRows"]

_STATES = {
    "deployed": JobState.DEPLOYING,
    "start": JobState.DISPATCHED,
    "round": JobState.RUNNING,
    "end": JobState.RUNNING,
    "stopped": JobState.STOPPING,
}
"""What is done with a job -> the state it is in until then."""

_VERBS = {
    verb: fixed(*shapes)
    for verb, shapes in {
        "slow_replies": (WAIT,),
        "lose_sessions": (maybe(TEXT),),
        "drop": (TEXT,),
        "reconnect": (TEXT,),
        "fail_deploy": (TEXT, COUNT),
        "kill_job": (TEXT,),
        "kill_jobs": (TEXT,),
        "add_client": (TEXT, maybe(table_of(NUMBER))),
        "remove_client": (TEXT,),
        "add_user": (USER,),
        "change_role": (TEXT, TEXT),
        "revoke_user": (TEXT,),
        **dict.fromkeys(("partition", "repair", "crash", "restart", "normal_replies"), ()),
        **dict.fromkeys(("malfunction", "mend", "hold", "release"), ()),
    }.items()
}
"""What each verb of an event is about."""


def _read_event(value: Any, place: str) -> Event:
    if type(value) is not list or len(value) not in (2, 3) or type(value[0]) is not str or value[0] not in _VERBS:
        raise wrong(place, "a verb, what it is about, and how long it lasts", value)
    verb, args, *lasting = value
    if lasting and verb not in UNDONE_BY:
        raise wrong(place, "a verb of what lasts", value)
    return Event(verb, _VERBS[verb].read(args, place), WAIT.read(lasting[0], place) if lasting else None)


def _written_event(event: Event) -> list[Any]:
    lasting = [] if event.lasting is None else [WAIT.write(event.lasting)]
    return [event.verb, _VERBS[event.verb].write(event.args), *lasting]


def _read_call(value: Any, place: str) -> NthCall:
    number, of, by, answered = _CALL.read(value, place)
    try:
        return NthCall(number, of, by, answered)
    except ValueError as problem:
        raise BadState(f"holds wrong data: {place}: {problem}") from None


EVENT = Shape(_written_event, _read_event)
"""The shape of what is to happen."""
_CALL = fixed(COUNT, maybe(TEXT), maybe(TEXT), FLAG)
NTH_CALL = Shape(_CALL.write, _read_call)
"""The shape of a call that is to come."""
AWAITED_CALLS = tuple_of(fixed(COUNT, TEXT, TEXT, FLAG, EVENT, kind=AwaitedCall._make))
"""The shape of what waits for calls."""


class EventRows:
    """The entries of a timeline.

    Args:
        jobs: the jobs they are about.
        actions: what is done, by the names it is written by.
    """

    def __init__(self, jobs: JobRows, actions: Mapping[str, Action]) -> None:
        self._names = {action: name for name, action in actions.items()}
        self._actions = actions
        self._arguments: Mapping[str, Shape] = {
            "tick": TICK,
            **dict.fromkeys(_STATES, jobs.planned),
            "reconnect": tuple_of(TEXT, list),
            "stop_server": TICK,
            "start_server": NUMBER,
            "clients_back": TICK,
            "happen": EVENT,
        }

    def jobs(self, entries: Iterable[Entry]) -> list[Job]:
        """Return the jobs that entries are about."""
        return [argument[0] for _, _, action, argument in entries if self._names.get(action) in _STATES]

    def write(self, entries: Iterable[Entry]) -> Iterator[tuple[int, str, Any]]:
        """Return the rows of entries, but for those that do what no name stands for."""
        for tick, _, action, argument in entries:
            name = self._names.get(action)
            if name is not None:
                yield tick, name, self._arguments[name].write(argument)

    def read(self, values: list[Any], place: str) -> tuple[int, Action, Any]:
        """Return the entry of a row: when, what, with what.

        Raises:
            BadState: it is none.
        """
        if len(values) != 3 or type(values[1]) is not str or values[1] not in self._actions:
            raise wrong(place, f"a time, one of {', '.join(self._actions)}, and what it is about", values)
        tick, name, argument = values
        read = self._arguments[name].read(argument, f"{place} ({name})")
        if name in _STATES:
            job = read[0]
            lacks = name == "end" and job.progress.ending is None
            lacks = lacks or (name == "round" and job.output.history is None)
            if job.state is not _STATES[name] or lacks:
                raise BadState(f"holds wrong data: {place} ({name}) is for a job that is {job.state.name}")
        return TICK.read(tick, place), self._actions[name], read
