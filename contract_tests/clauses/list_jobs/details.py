"""list_jobs: what a detailed list tells of a job, beside what the plain one tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import STATES
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.snapshot import DEFINITION, NAMED
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()

_NOTHING: Final[tuple[Any, ...]] = (None, "", "N/A", {}, [], ())
"""Values that tell nothing of a job."""

_ALIKE: Final = ("name", "submitter_name", *DEFINITION)
"""What is told in one form wherever it is told under this name; of times there are several."""


@CHECKS.check("list.detailed-more", state=Each(*STATES), everyone=Each(False, True), count=Each(0, 11))
def _detailed_more(s: Scenario, state: str, everyone: bool, count: int) -> None:
    alice = s.open()
    for _ in range(count):
        alice.submit(JobPlan(waits=True))
    _tells_more(s, alice, s.job(state, alice), {"all": True} if everyone else {})


@CHECKS.check("list.detailed-more", variant="pasts", past=Each(*MAIN_HISTORIES), state=Each("waiting", "completed"))
def _detailed_more_after(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    _tells_more(s, actor, job, {"all": True})


@CHECKS.check("list.detailed-more", variant="long after", state=Each("running", "completed"), cloned=Each(False, True))
def _detailed_more_long_after(s: Scenario, state: str, cloned: bool) -> None:
    """Of jobs with other definitions beside it, a day later, and as told to another user."""
    actors = [s.open(), *([s.open(1)] if len(s.system.users) > 1 else [])]
    actors[-1].submit(JobPlan(name="another job", waits=True))
    job = s.job(state, actors[0])
    job = actors[0].clone(job) if cloned else job
    s.sleep_long(90_000.0)
    for actor in actors:
        _tells_more(s, actor, job, {"all": True})


def _tells_more(s: Scenario, actor: Actor, job: str, flags: dict[str, bool]) -> None:
    meta = actor.meta(job)
    plain = {entry.get("job_id"): entry for entry in actor.entries(**flags)}
    detailed = {entry.get("job_id"): entry for entry in actor.entries(detailed=True, **flags)}
    before, after = plain.get(job, {}), detailed.get(job, {})
    keys = f"{len(after)} keys: {', '.join(sorted(map(str, after)))}"
    s.require(len(after) >= len(before), f"at least {len(before)} keys for {s.tell(job)}", keys)
    told = [key for key, value in before.items() if value not in _NOTHING]
    less = [key for key in told if key not in after and before[key] not in after.values()]  # it may be called otherwise
    wanted = f"in detail, too, what {s.tell(job)} has without: {', '.join(map(str, told))}"
    s.require(not less, wanted, f"no {', '.join(map(str, less))}")
    for key in ("job_id", "status"):
        s.require(after.get(key) == before.get(key), f"{key} {s.tell(before.get(key))}", s.tell(after.get(key)))
    missing = untold(meta, before, after, meta)
    if missing:
        missing = untold(meta, before, after, _of_the_job(s, actor, job, meta))
    names = ", ".join(missing)
    s.require(not missing, f"what get_job_meta tells of {s.tell(job)} in detail, or without: {names}", f"no {names}")
    for key in _ALIKE:
        if key in after and key in meta:
            wanted = f"the {key} that the meta tells, {s.tell(meta[key])}"
            s.require(after[key] == meta[key], wanted, s.tell(after[key]))


def untold(
    meta: Mapping[Any, Any], plain: Mapping[Any, Any], detailed: Mapping[Any, Any], keys: Iterable[Any]
) -> list[str]:
    """Which of these keys of a meta tell something that is in no entry of its job, under whatever name."""
    values = [*plain.values(), *detailed.values()]
    entries = (plain, detailed)
    return [
        str(key)
        for key in keys
        if meta.get(key) not in _NOTHING
        and all(entry.get(key) in _NOTHING for entry in entries)
        and meta[key] not in values
    ]


def _of_the_job(s: Scenario, actor: Actor, job: str, meta: Mapping[Any, Any]) -> list[Any]:
    """The keys of a meta that tell of its job: those of the contract and of definitions, and what differs among jobs.

    What is not the same to everybody at any time is about the reply, or about who reads it.
    """
    begun = len(s.steps)
    looks = [reader.do("get_job_meta", job).value for reader in (actor, *s.everyone(), actor)]
    others = [actor.do("get_job_meta", other).value for other in s.jobs[-3:] if other != job]
    del s.steps[begun:]  # looking is no part of what was tried
    of_jobs = {*NAMED, *DEFINITION}
    of_jobs |= {key for key in meta for other in others if isinstance(other, dict) and other.get(key) != meta[key]}
    return [key for key in of_jobs if all(isinstance(look, dict) and look.get(key) == meta.get(key) for look in looks)]
