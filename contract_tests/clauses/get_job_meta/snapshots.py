"""get_job_meta: a meta belongs to the caller and stays as it is, and reading it changes nothing."""

from __future__ import annotations

from typing import Any

from contract_tests.clauses.shared.handed_out import ACTS, stays
from contract_tests.clauses.shared.job_runs import is_run_though_read
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.snapshot import DEFINITION, kept, spoil
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.model.jobs import rank
from contract_tests.sequences.starting_points import ANY, starting_point
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()

_ANY = Each(*ANY)


@CHECKS.check("meta.callers-copy", state=_ANY)
def _callers_copy(s: Scenario, state: str) -> None:
    actor, job = starting_point(s, state)
    other = s.open()
    before, listed = actor.snapshot(job, *DEFINITION), actor.entries(all=True, detailed=True)
    for reader in (actor, other, actor):
        spoil(reader.meta(job))
        _lists_as_before(s, actor, listed)
        for after in (actor, other, s.open()):
            told = after.snapshot(job, *DEFINITION)
            s.unchanged(before, told, "the meta, after one that was returned was changed,")


def _lists_as_before(s: Scenario, actor: Actor, listed: list[dict[str, Any]]) -> None:
    """The assertion that the list is as it was, but for jobs that have got on meanwhile, as their metas say.

    One may get on once more between the list and its meta.
    """
    before, now = _by_id(listed), _by_id(actor.entries(all=True, detailed=True))
    for job in before.keys() & now.keys():
        if now[job] != before[job]:
            told, status = now[job]["status"], s.open().status(job)
            if told == status or rank(before[job]["status"]) < rank(told) < rank(status):
                before[job] = now[job]
    s.unchanged(before, now, "the list")


def _by_id(entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {str(entry.get("job_id")): {key: entry.get(key) for key in ("job_id", "status")} for entry in entries}


@CHECKS.check("meta.snapshot", state=Each("waiting", "dispatched", "running", "completed"), change=Each(*ACTS))
def _snapshot(s: Scenario, state: str, change: str) -> None:
    stays(s, state, change, lambda reader, job: reader.meta(job))


class _KeepingCallback(Callback):
    """A callback that keeps every dict it is given, and a copy of what was in it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.held: list[tuple[dict[str, Any], Any]] = []

    def keep(self, *metas: dict[str, Any]) -> None:
        """Keep more of them."""
        self.held.extend((meta, kept(meta)) for meta in metas)

    def __call__(self, session: Any = None, job_id: Any = None, job_meta: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Keep the meta, then do what any callback does."""
        self.keep(job_meta)
        return super().__call__(session, job_id, job_meta, *args, **kwargs)


@CHECKS.check("meta.snapshot", variant="monitored")
def _snapshot_monitored(s: Scenario) -> None:
    """What a callback is given, and what is read in it, stays as it is while the monitor goes on."""
    alice, other = s.open(), s.open()
    job = alice.submit(JobPlan(dispatches=3.0, runs=4.0))
    cb: _KeepingCallback = _KeepingCallback(act=lambda _: cb.keep(alice.meta(job), other.meta(job)))
    alice.monitor(job, cb, poll=1.0)
    for meta, then in cb.held:
        s.unchanged(then, kept(meta), "the dict that was handed out during a monitor")


@CHECKS.check("meta.no-effect", state=_ANY)
def _no_effect(s: Scenario, state: str) -> None:
    actor, job = starting_point(s, state)
    other = actor.submit(JobPlan(waits=True))
    reader = s.open()
    before = actor.snapshot(other), actor.snapshot(job), sorted(map(str, actor.listed(all=True)))
    for reads in (1, 1, 10):
        for _ in range(reads):
            actor.existing_snapshot(job)
            reader.existing_snapshot(job)
        after = actor.existing_snapshot(other), actor.existing_snapshot(job), sorted(map(str, actor.listed(all=True)))
        s.unchanged(before, after, "metas and list")


@CHECKS.check("meta.no-effect", variant="runs", looks=Each(0, 1, 12))
def _no_effect_on_start(s: Scenario, looks: int) -> None:
    is_run_though_read(s, looks, lambda actor, job: actor.meta(job))
