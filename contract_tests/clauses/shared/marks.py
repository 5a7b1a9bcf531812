"""Marks that a call may leave on a job, under whatever key: told in every look after it, and in none before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.snapshot import kept

_TIMES: Final = 3
_NOTHING: Final = "nothing"


def leaves_no_mark(s: Scenario, state: str, read: Callable[[Actor, str], object]) -> None:
    """The promise that a call changes nothing in the meta of a job, where no time has passed meanwhile.

    What is not the same in two looks before it, or in two looks after it, changes by itself, or because it is looked
    at. Without a clock nothing is judged: whether time has passed can't be said.
    """
    owner, reader = s.open(1 if len(s.system.users) > 1 else 0), s.open()
    job = s.job(state, owner)
    if s.system.clock is None:
        return
    began = s.now()
    before = [kept(owner.meta(job)) for _ in range(2)]
    for _ in range(_TIMES):
        read(reader, job)
    after = [kept(owner.meta(job)) for _ in range(2)]
    if s.now() != began:
        return
    keys = {key: None for look in (*before, *after) for key in look}
    told = {key: [look.get(key, _NOTHING) for look in (*before, *after)] for key in keys}
    changed = [f"{key}: {s.tell(four[2])}" for key, four in told.items() if four[0] == four[1] != four[2] == four[3]]
    s.require(not changed, f"the meta of {s.tell(job)} as in every look before", "; ".join(changed))
