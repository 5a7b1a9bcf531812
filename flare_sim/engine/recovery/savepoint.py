"""Takes back what was begun and not done, so that it can be done again from the beginning, or was never asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.engine.job import Job
from flare_sim.engine.recovery.rebuild import rebuild

if TYPE_CHECKING:
    from flare_sim.engine.state import ServerState

__all__ = ["settle"]


def settle(server: ServerState) -> None:
    """Take back what was begun and is not done; nothing when there is nothing of the kind.

    An entry of the timeline is done once it is out of it.  Being interrupted itself is no matter: until the end the
    savepoint is there, and everything on the way may be done again.
    """
    timeline = server.timeline
    if timeline.savepoint is None:
        return
    entry, serial, noted, counter, armed, *touched = timeline.savepoint
    if entry is None or timeline.head() is entry:
        jobs = {job.serial: job for job in server.store}
        for thing, facts in reversed(list(zip(touched[::2], touched[1::2], strict=True))):
            _put_back(thing, facts)
            if type(thing) is Job:
                jobs[thing.serial] = thing
        server.trace.forget_since(noted)
        server.armed = armed
        timeline.forget_since(serial)
        rebuild(server, (job for job in jobs.values() if job.serial < counter), counter)
    timeline.savepoint = None


def _put_back(thing: Any, facts: Any) -> None:
    """Give a thing the facts it had; of a mapping those that are said, where None says that there was none."""
    if type(thing) is Job:
        thing.put_back(facts)
    elif type(thing) is dict:
        for key, value in facts.items():
            thing.pop(key, None) if value is None else thing.update({key: value})
    else:
        for name, value in facts.items():
            setattr(thing, name, value)
