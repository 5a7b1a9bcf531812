"""get_job_meta: a true, private snapshot of a job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from contract_tests.clauses.shared.job_runs import lets_it_run
from contract_tests.scenario import wording
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.exceptions import NotTestable, Violation
from contract_tests.scenario.job_states import STATES, finished
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.snapshot import DEFINITION, NAMED, kept, spoil
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.model import rank
from contract_tests.sequences.starting_points import ANY, starting_point
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()
_ANY = Each(*ANY)
_PAUSES: Final = (0.25, 0.5, 0.5, 1.0, 1.0, 5.0, 60.0, 300.0)


def _through_life(s: Scenario, actor: Actor, state: str) -> Iterator[str]:
    """A job again and again, at moments of a life that leads to a state; its meta is not looked at."""
    plan = STATES[state].plan
    job = actor.submit(plan)
    yield job
    if state in ("aborted", "stopped"):
        s.sleep(0.0 if state == "aborted" else 5.0)
        actor.need("abort_job", job)
        yield job
    for pause in (*_PAUSES, STATES[state].within):
        s.sleep(pause)
        yield job


def _looks(
    clause: str, expected: str, right: Callable[[Scenario, str, Any], bool], told: Callable[[Scenario, Any], str]
) -> None:
    """Declare the checks that every meta that is read is right: through a life, and in every situation."""

    def look(s: Scenario, job: str, meta: Any) -> None:
        s.require(right(s, job, meta), expected, told(s, meta))

    @CHECKS.check(clause, life=Each(*STATES), cloned=Each(False, True))
    def through_life(s: Scenario, life: str, cloned: bool) -> None:
        alice = s.open()
        for job in _through_life(s, alice, life):
            for asked in (job, alice.clone(job)) if cloned else (job,):
                outcome = alice.do("get_job_meta", asked)
                s.require(outcome.returned, "the meta of the job", outcome)
                look(s, asked, outcome.value)

    @CHECKS.check(clause, variant="situations", state=_ANY)
    def anywhere(s: Scenario, state: str) -> None:
        with suppress(NotTestable):  # what was read on the way there counts, too
            actor, job = starting_point(s, state)
            for reader in (actor, actor, s.open()):
                reader.do("get_job_meta", job)
        for step in s.steps:
            if step.operation.method == "get_job_meta" and step.outcome.returned:
                look(s, step.operation.args[0], step.outcome.value)


def _missing(meta: Any) -> list[str]:
    return [key for key in NAMED if not isinstance(meta, dict) or key not in meta]


def _of(meta: Any, key: str) -> Any:
    return meta.get(key) if isinstance(meta, dict) else None


_looks("meta.dict", "a dict", lambda s, job, meta: isinstance(meta, dict), lambda s, meta: s.tell(meta))
_looks(
    "meta.keys",
    f"the keys {', '.join(NAMED)}",
    lambda s, job, meta: not _missing(meta),
    lambda s, meta: f"a meta without {', '.join(_missing(meta))}",
)
_looks(
    "meta.job-id",
    "the job_id it was asked by",
    lambda s, job, meta: job not in s.jobs or bool(_of(meta, "job_id") == job),
    lambda s, meta: s.tell(_of(meta, "job_id")),
)
_looks(
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
    """The assertion that the list is as it was, but for jobs that have got on meanwhile, as their metas say."""
    before, now = _by_id(listed), _by_id(actor.entries(all=True, detailed=True))
    for job in before.keys() & now.keys():
        if now[job] != before[job] and now[job]["status"] == s.open().status(job):
            before[job] = now[job]
    s.unchanged(before, now, "the list")


def _by_id(entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {str(entry.get("job_id")): {key: entry.get(key) for key in ("job_id", "status")} for entry in entries}


_ACTS: Final[dict[str, Callable[[Scenario, Actor, str], object]]] = {
    "time": lambda s, actor, job: s.sleep(500.0),
    "abort": lambda s, actor, job: actor.need("abort_job", job),
    "delete": lambda s, actor, job: actor.need("delete_job", job),
    "clone": lambda s, actor, job: actor.clone(job),
    "list": lambda s, actor, job: actor.entries(detailed=True),
    "monitor": lambda s, actor, job: actor.monitor(job, Callback(answers=(True, False)), timeout=10.0),
    "close": lambda s, actor, job: actor.need("close"),
    "another's abort": lambda s, actor, job: s.open().need("abort_job", job),
}
"""What may happen to a job, or to the session, after its meta was returned."""


@CHECKS.check("meta.snapshot", state=Each("waiting", "dispatched", "running", "completed"), change=Each(*_ACTS))
def _snapshot(s: Scenario, state: str, change: str) -> None:
    alice, other = s.open(), s.open()
    job = s.job(state, alice)
    held = [alice.meta(job), alice.meta(job), other.meta(job)]
    before = kept(held)
    _ACTS[change](s, alice, job)
    for reader in (alice, other, s.open()):
        reader.do("get_job_meta", job)
    try:
        after = kept(held)
    except Exception as error:
        raise Violation("the dict that was returned as before", f"looking at it {wording.error(error)}") from error
    for then, now in zip(before, after, strict=True):
        s.unchanged(then, now, "the dict that was returned")


class _Keeps(Callback):
    """A callback that keeps every dict it is given, with what that was."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.held: list[tuple[dict[str, Any], Any]] = []

    def keep(self, *metas: dict[str, Any]) -> None:
        """Keep more of them."""
        self.held.extend((meta, kept(meta)) for meta in metas)

    def __call__(self, session: Any = None, job_id: Any = None, job_meta: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Keep the meta, then do as any."""
        self.keep(job_meta)
        return super().__call__(session, job_id, job_meta, *args, **kwargs)


@CHECKS.check("meta.snapshot", variant="monitored")
def _snapshot_monitored(s: Scenario) -> None:
    """What a callback is given, and what is read in it, stays as it is while the monitor goes on."""
    alice, other = s.open(), s.open()
    job = alice.submit(JobPlan(dispatches=3.0, runs=4.0))
    cb: _Keeps = _Keeps(act=lambda _: cb.keep(alice.meta(job), other.meta(job)))
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


lets_it_run(CHECKS, "meta.no-effect", lambda actor, job: actor.meta(job))


def _is_fresh(s: Scenario, reader: Actor, job: str, witness: Actor) -> None:
    """The promise that a reader is not behind what another session has just been told."""
    known = witness.status(job)
    for look in ("a first", "a second"):
        status = reader.status(job)
        up_to_date = rank(status, rank(known)) >= rank(known)
        s.require(up_to_date, f"{known} (or later) at {look} look, as another session was told before", status)


@CHECKS.check("meta.fresh", act=Each("abort_job", "delete_job"), by=Each("itself", "another"))
def _fresh_after_act(s: Scenario, act: str, by: str) -> None:
    alice, other = s.open(), s.open()
    job = s.job("waiting", alice)
    for reader in (alice, other, alice):
        reader.meta(job)
    (alice if by == "itself" else other).need(act, job)
    if act == "delete_job":
        outcome = alice.do("get_job_meta", job)
        s.require(outcome.raised("JobNotFound"), "no such job any more", outcome)
    else:
        s.until(s.open(), job, finished, "finished")
        status = alice.status(job)
        s.require(finished(status), "a finished status, as a new session read", status)


@CHECKS.check("meta.fresh", variant="in a callback", act=Each("abort_job", "delete_job"), by=Each("itself", "another"))
def _fresh_in_a_callback(s: Scenario, act: str, by: str) -> None:
    """Not even while it monitors is a session behind another."""
    alice, other = s.open(), s.open()
    job = s.job("waiting", alice)
    looks: list[tuple[Outcome, Outcome]] = []

    def look(number: int) -> None:
        if number == 2:
            (alice if by == "itself" else other).do(act, job)
        looks.append((other.do("get_job_meta", job), alice.do("get_job_meta", job)))

    alice.monitor(job, Callback(answers=(True,) * 3, then=False, act=look), poll=1.0)
    for known, told in looks:
        if known.raised("JobNotFound"):
            s.require(told.raised("JobNotFound"), "no such job any more, in the callback", told)
        elif isinstance(known.value, dict) and isinstance(told.value, dict):
            before, after = known.value.get("status"), told.value.get("status")
            up_to_date = rank(after, rank(before)) >= rank(before)
            s.require(up_to_date, f"{before} (or later) in the callback, as another session was told before", after)


@CHECKS.check(
    "meta.fresh", variant="told", by=Each("list", "monitor", "another's list", "another's monitor"), read=Each(1, 3)
)
def _fresh_after(s: Scenario, by: str, read: int) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=5.0))
    for pause in (0.0, 4.0, 0.25)[:read]:
        s.sleep(pause)
        alice.meta(job)
    told = s.open() if by.startswith("another") else alice
    if by.endswith("monitor"):
        outcome = told.monitor(job, poll=1.0)
        if getattr(outcome.value, "name", "") != "JOB_FINISHED":
            raise NotTestable("monitor_job, needed for this check, did not return JOB_FINISHED")
    else:
        for _ in range(round(s.system.patience)):
            if any(e.get("job_id") == job and finished(e.get("status")) for e in told.entries()):
                break
            s.sleep(1.0)
    for reader in (alice, s.open()):
        status = reader.status(job)
        s.require(finished(status), f"a finished status, as {by} told", status)


@CHECKS.check("meta.fresh", variant="steps", step=Each(4.0, 1.0, 0.5, 0.1), cloned=Each(False, True))
def _fresh_at_every_step(s: Scenario, step: float, cloned: bool) -> None:
    alice, other = s.open(), s.open()
    job = alice.submit(JobPlan(runs=2.0, dispatches=2.0))
    job = alice.clone(job) if cloned else job
    for _ in range(round(min(30.0, 20.0 * step) / step)):
        begun = len(s.steps)
        alice.meta(job)
        _is_fresh(s, alice, job, s.open() if step > 1.0 else other)
        del s.steps[begun + 1 :]  # what agreed is not worth telling
        s.sleep(step)
    s.sleep(s.system.patience)
    status = alice.status(job)
    s.require(finished(status), f"a finished status {s.system.patience:g} s after a run of 2 s", status)


@CHECKS.check("meta.fresh", variant="outage", read=Each(1, 3))
@CHECKS.check("meta.sessions-agree", variant="outage", read=Each(1, 3))
def _fresh_after_outage(s: Scenario, read: int) -> None:
    """What a session knew before an outage, in which the job got on, is of no account afterwards."""
    alice = s.open()
    job = alice.submit(JobPlan(runs=5.0))
    for _ in range(read):
        alice.meta(job)
    with suppress(NotClaimed):
        s.on_system("outage")
        alice.do("get_job_meta", job)
        s.sleep(60.0)
        s.on_system("recover")
    if alice.do("get_system_info").returned:  # else it is over for good, as it may be
        _is_fresh(s, alice, job, s.open())


@CHECKS.check("meta.sessions-agree", state=_ANY)
def _sessions_agree(s: Scenario, state: str) -> None:
    first, job = starting_point(s, state)
    second = s.open()
    for reader in (first, second, s.open(), first):
        mine = first.snapshot(job)
        told = reader.do("get_job_meta", job)
        s.require(told.returned, "the meta that the other session reads", told)
        one, other = s.settled(mine, reader.snapshot(job))
        s.require(one == other, "the same in both sessions", "; ".join(_differ(s, one, other)))


def _differ(s: Scenario, one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    keys = [key for key in {**one, **other} if one.get(key) != other.get(key)]
    return [f"{key}: {s.tell(one.get(key))} and {s.tell(other.get(key))}" for key in keys]
