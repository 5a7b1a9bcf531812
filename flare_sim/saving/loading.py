"""Makes a server of a state file: of its snapshot first, then of the calls that were made since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.engine.runs.behavior import checked_behavior
from flare_sim.saving.calls import Again
from flare_sim.saving.parts import CONTENT, DEFINITION
from flare_sim.saving.records import BadState, packed, read_head, unpacked
from flare_sim.saving.settings import NamedFunction
from flare_sim.saving.snapshot import SnapshotReader

if TYPE_CHECKING:
    from flare_sim.engine.runs.behavior import BehaviorSource
    from flare_sim.saving.calls import Server
    from flare_sim.saving.records import RecordReader
    from flare_sim.saving.snapshot import Build, Whole

__all__ = ["load"]

_DEFINITION = packed(DEFINITION)[:-1]
"""What a record of a definition begins with."""


def load(records: RecordReader, server: Server, build: Build, behavior: BehaviorSource) -> Whole:
    """Make a server of a file.

    Args:
        records: those of the file.
        server: it, as calls are made on it.
        build: gives it a state, users and remarks.
        behavior: what runs do from now on; None for what they did.

    Raises:
        BadState: it is none, damaged, or not made for this release; or its behavior is a function, and none is given.
        ValueError: a behavior that is none.
    """
    payloads = iter(records)
    reader = SnapshotReader()
    first = next(payloads, None)
    log = first is not None and read_head(first)
    while not reader.done and (payload := next(payloads, None)) is not None:
        reader.take(payload)
    whole = reader.whole(build)
    again = Again(server, whole, reader.parts)
    for payload in payloads:
        if not log:
            raise BadState("goes on behind its end")
        if payload.startswith((CONTENT, _DEFINITION)):
            reader.take(payload)
        else:
            again.make(*unpacked(payload))
    if records.torn and not log:
        raise BadState("goes on behind its end")
    _set_behavior(whole, behavior)
    return whole


def _set_behavior(whole: Whole, behavior: BehaviorSource) -> None:
    known = whole.state.behavior
    if behavior is not None:
        whole.runner.behave(checked_behavior(behavior))
    elif isinstance(known, NamedFunction):
        raise BadState(
            f"holds the state of a server whose behavior was {known.name}, a function, which no file can hold: "
            "give behavior="
        )
