"""Marks that a read may leave on a job, under whatever key: told of that job, and of none like it that nobody read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.snapshot import kept

_ALIKE: Final = 5
_READ: Final = (1, 3)
_TIMES: Final = 3
_NOTHING: Final = "nothing"

_Told = dict[Any, Any]


def leaves_no_mark(s: Scenario, state: str, read: Callable[[Actor, str], object]) -> None:
    """The promise that reading leaves nothing in what is told of a job, whatever it is called.

    What is told otherwise after a read in which no time has passed is a mark, where it is the same in all looks before
    and in all looks after it. So is what is told of a job that was read and of none of three others that are like it,
    where that is seen of two jobs, one after the other: there is no telling otherwise when a look is itself a read.
    """
    owner, reader = s.open(1 if len(s.system.users) > 1 else 0), s.open()
    jobs = [s.job(state, owner) for _ in range(_ALIKE)]
    first = jobs[_READ[0]]
    changed = [f"{key}: {value}" for key, value in _changed(s, owner, first, lambda: read(reader, first)).items()]
    s.require(not changed, f"the same to be told of {s.tell(first)} before and after it was read", ", ".join(changed))
    marks: list[set[Any]] = []
    for place in _READ:
        for _ in range(_TIMES):
            read(reader, jobs[place])
        entries = {entry.get("job_id"): entry for entry in owner.entries(detailed=True)}
        told = [_keyed(entries.get(job, {}), "list") | _keyed(owner.meta(job), "meta") for job in jobs]
        marks.append({*_marked(told, place)})
    both = ", ".join(f"{key} in the {where}" for key, where in marks[0] & marks[1])
    s.require(not both, f"the same to be told of {s.tell(jobs[_READ[1]])} and of jobs like it that were not read", both)


def _keyed(told: _Told, where: str) -> _Told:
    return {(key, where): value for key, value in kept(told).items()}


def _marked(told: list[_Told], place: int) -> Iterable[Any]:
    """The keys that differ for the job at a place, where they are the same for all that were never read."""
    others = [one for number, one in enumerate(told) if number not in (place, _READ[0])]
    for key in {key: None for one in told for key in one}:
        values = [one.get(key, _NOTHING) for one in others]
        if all(value == values[0] for value in values) and told[place].get(key, _NOTHING) != values[0]:
            yield key


def _changed(s: Scenario, looker: Actor, job: str, read: Callable[[], object]) -> _Told:
    """What is told otherwise of a job after a read than in all looks before; nothing where time has passed meanwhile.

    Without a clock that can't be said.
    """
    if s.system.clock is None:
        return {}
    began = s.now()
    before = [kept(looker.meta(job)) for _ in range(2)]
    for _ in range(_TIMES):
        read()
    after = [kept(looker.meta(job)) for _ in range(2)]
    if s.now() != began:
        return {}
    keys = {key: None for look in (*before, *after) for key in look}
    told = {key: [look.get(key, _NOTHING) for look in (*before, *after)] for key in keys}
    return {key: four[2] for key, four in told.items() if four[0] == four[1] != four[2] == four[3]}
