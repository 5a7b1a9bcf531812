"""What goes wrong when several threads call at once: things that are done in two steps, or kept in one place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from contract_tests.mutants.algebra.call import Call, Effect

Place = Callable[[Call], dict[Any, Any]]
"""Where something is kept: for all sessions, or for one."""


def shared(call: Call) -> dict[Any, Any]:
    """In one place for all sessions."""
    return call.memory


def own(call: Call) -> dict[Any, Any]:
    """In one place for each session."""
    return call.own


def lets_in(call: Call) -> None:
    """Let other threads run, long enough to meet."""
    threading.Event().wait(0.001)


def keeps_answer(kept: Place = own) -> Effect:
    """Keep the answer where another thread can put its own, before it is given."""

    def effect(call: Call) -> Any:
        kept(call)[call.point] = call.go()
        lets_in(call)
        return deepcopy(kept(call)[call.point])

    return effect


def keeps_job(kept: Place = own) -> Effect:
    """Keep the job, which must be there, where another thread can put its own, before it is done to that."""

    def effect(call: Call) -> Any:
        kept(call)[call.point] = call.meta["job_id"]
        lets_in(call)
        return call.go(job_id=kept(call)[call.point])

    return effect


def notes(call: Call, job_id: Any) -> None:
    """Note a job, among those that methods of this name noted, in two steps, so that one of two can be lost."""
    known = noted(call, call.point)
    lets_in(call)
    call.memory["noted", call.point] = [*known, job_id]


def noted(call: Call, point: str) -> list[Any]:
    """The jobs that methods of a name noted."""
    known: list[Any] = call.memory.get(("noted", point), [])
    return known
