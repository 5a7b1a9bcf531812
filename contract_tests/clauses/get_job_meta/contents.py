"""get_job_meta: what a meta tells of its job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.exceptions import NotTestable
from contract_tests.scenario.job_states import STATES
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.snapshot import NAMED
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.starting_points import ANY, starting_point
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()

_ANY = Each(*ANY)

_PAUSES: Final = (0.25, 0.5, 0.5, 1.0, 1.0, 5.0, 60.0, 300.0)


def _through_life(s: Scenario, actor: Actor, state: str) -> Iterator[str]:
    """A job, again and again on its way to a state; its meta is not read here."""
    plan = STATES[state].plan
    job = actor.submit(plan)
    yield job
    if state in ("aborted", "stopped"):
        s.sleep(0.0 if state == "aborted" else 5.0)
        actor.need("abort_job", job)
        yield job
    for pause in (*_PAUSES, s.within(state)):
        s.sleep(pause)
        yield job


def _for_every_meta(
    clause: str, expected: str, right: Callable[[Scenario, str, Any], bool], told: Callable[[Scenario, Any], str]
) -> None:
    """Declare the checks that every meta is right: all through the life of a job, and at every starting point."""

    def is_right(s: Scenario, job: str, meta: Any) -> None:
        s.require(right(s, job, meta), expected, told(s, meta))

    @CHECKS.check(clause, life=Each(*STATES), cloned=Each(False, True))
    def through_life(s: Scenario, life: str, cloned: bool) -> None:
        alice = s.open()
        for job in _through_life(s, alice, life):
            for asked in (job, alice.clone(job)) if cloned else (job,):
                outcome = alice.do("get_job_meta", asked)
                s.require(outcome.returned, "the meta of the job", outcome)
                is_right(s, asked, outcome.value)

    @CHECKS.check(clause, variant="situations", state=_ANY)
    def anywhere(s: Scenario, state: str) -> None:
        with suppress(NotTestable):  # what was read on the way there counts, too
            actor, job = starting_point(s, state)
            for reader in (actor, actor, s.open()):
                reader.do("get_job_meta", job)
        for step in s.steps:
            if step.operation.method == "get_job_meta" and step.outcome.returned:
                is_right(s, step.operation.args[0], step.outcome.value)


def _missing(meta: Any) -> list[str]:
    return [key for key in NAMED if not isinstance(meta, dict) or key not in meta]


def _of(meta: Any, key: str) -> Any:
    return meta.get(key) if isinstance(meta, dict) else None


_for_every_meta("meta.dict", "a dict", lambda s, job, meta: isinstance(meta, dict), lambda s, meta: s.tell(meta))

_for_every_meta(
    "meta.keys",
    f"the keys {', '.join(NAMED)}",
    lambda s, job, meta: not _missing(meta),
    lambda s, meta: f"a meta without {', '.join(_missing(meta))}",
)

_for_every_meta(
    "meta.job-id",
    "the job_id it was asked by",
    lambda s, job, meta: job not in s.jobs or bool(_of(meta, "job_id") == job),
    lambda s, meta: s.tell(_of(meta, "job_id")),
)

_for_every_meta(
    "meta.status",
    "a status that is a str and not empty",
    lambda s, job, meta: isinstance(_of(meta, "status"), str) and bool(_of(meta, "status")),
    lambda s, meta: s.tell(_of(meta, "status")),
)

_NAMES = Each("a", " With  Capitals ", "under_score-dash.dot", "007", "x" * 200, "Prüfung 測試", 'it\'s "quoted"')


@CHECKS.check("meta.name", name=_NAMES)
def _name(s: Scenario, name: str) -> None:
    alice = s.open()
    alice.meta(alice.submit(JobPlan(name="before")))
    job = alice.submit(JobPlan(name=name))
    alice.submit(JobPlan(name="after"))
    for asked in (job, alice.clone(job)):
        for actor in (alice, s.open()):
            told = actor.meta(asked).get("name")
            s.require(told == name, f"the name {s.tell(name)}", s.tell(told))


@CHECKS.check("meta.name", variant="situations", state=_ANY)
def _name_anywhere(s: Scenario, state: str) -> None:
    actor, job = starting_point(s, state)
    told = actor.meta(job).get("name")
    s.require(told == JobPlan().name, f"the name {JobPlan().name!r}", s.tell(told))
