"""What a server keeps to be quick, in plain values: all of it follows from the facts about its jobs and its clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.engine.recovery.rebuild import rebuild

if TYPE_CHECKING:
    from flare_sim.engine.scheduler import Queue
    from flare_sim.engine.state import ServerState

__all__ = ["books", "made_anew"]


def books(state: ServerState) -> dict[str, Any]:
    """What is kept now; what is due counts as such, whichever heap it lies in, and by hand nothing ever is."""
    store = state.store
    return {
        "counter": store.counter,
        "jobs": [job.serial for job in store],
        "by submitter": {
            name: serials for name in store._by_submitter if (serials := [job.serial for job in store.of(name)])
        },
        "counts": {status: count for status, count in store.counts.items() if count},
        "active": list(store.active),
        "waiting": sorted(state.queue._jobs) if state.progress == "manual" else _waiting(state.queue, state.now),
        "held": {site.name: dict(site.held) for site in state.sites},
    }


def _waiting(queue: Queue, now: int) -> dict[int, int]:
    until = {serial: tick for tick, serial in sorted(queue._delayed, reverse=True)}
    until.update(dict.fromkeys((*queue._fresh, *queue._ready), 0))
    return {serial: until[serial] if until[serial] > now else 0 for serial in sorted(queue._jobs)}


def made_anew(state: ServerState) -> dict[str, Any]:
    """The same, after everything that follows from the facts is made anew."""
    rebuild(state, list(state.store), state.store.counter)
    return books(state)
