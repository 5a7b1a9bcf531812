"""Across methods: the life of a job, jobs side by side, any sequence of calls, calls from several threads."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from contract_tests.clauses.shared.job_runs import is_ended
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import STATEFUL, CheckTable
from contract_tests.scenario.interleaving import overlapping
from contract_tests.scenario.job_states import DONE, finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers, lists, quarter_seconds, sampled_from
from contract_tests.scenario.threads import ConcurrentCalls
from contract_tests.sequences.model import rank
from contract_tests.sequences.player import TOUR_CALLS, play_all, tour
from contract_tests.sequences.starting_points import (
    EVERY_HISTORY,
    MAIN_HISTORIES,
    session_after,
    starting_point,
    submitted_after,
)
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()


_JOBS = {"a clone": "clone", "the eleventh job": "eleventh", "another user's": "of another user"}
"""What the job itself may be, by the past that makes it; other histories are the session's."""

_HISTORIES = Each(*EVERY_HISTORY.values, *_JOBS)


def _fresh(s: Scenario, history: str, plan: JobPlan) -> tuple[Actor, str]:
    """A session with a history, and a job at the beginning of its life that behaves as planned."""
    if history in _JOBS:
        return s.open(), submitted_after(s, _JOBS[history], plan).job
    actor = session_after(s, history)
    return actor, actor.submit(plan)


def _watch(s: Scenario, actors: list[Actor], job: str, step: float, looks: int) -> tuple[list[str], float]:
    """The statuses of a job at looks by all sessions in turn, up to its finished one, and the longest gap in them."""
    seen: list[str] = []
    times = [s.made.get(job, s.now())]
    for look in range(looks):
        seen.append(actors[look % len(actors)].status(job))
        times.append(s.now())
        if finished(seen[-1]):
            break
        s.sleep(step)
    return seen, max((later - earlier for earlier, later in itertools.pairwise(times)), default=0.0)


def _in_order(s: Scenario, history: str, runs: float, dispatches: float, sessions: int = 1) -> None:
    alice, job = _fresh(s, history, JobPlan(runs=runs, dispatches=dispatches))
    actors = [alice, *(s.open() for _ in range(sessions - 1))]
    looks = round((runs + dispatches + s.system.patience + s.backlog) * 4)
    seen, gap = _watch(s, actors, job, 0.25, looks)
    wanted = ["SUBMITTED", "DISPATCHED", "RUNNING", "FINISHED:COMPLETED"]
    known = [status for status in seen if status in wanted or finished(status)]  # later releases may know more
    passed = [status for status, _ in itertools.groupby(known)]
    lasts = {"SUBMITTED": 0.0 if s.slowest else math.inf, "DISPATCHED": dispatches, "RUNNING": runs}
    for status, seconds in lasts.items():
        if status not in passed and gap + s.slack >= seconds:
            wanted.remove(status)  # where replies are slow, a short one may pass unseen
    s.require(passed == wanted, " -> ".join(wanted), " -> ".join(status for status, _ in itertools.groupby(seen)))


@CHECKS.check("life.order", runs=quarter_seconds(1, 20), dispatches=quarter_seconds(1, 10), sessions=integers(1, 3))
def _order(s: Scenario, runs: float, dispatches: float, sessions: int) -> None:
    _in_order(s, "nothing", runs, dispatches, sessions)


@CHECKS.check("life.order", variant="history", history=_HISTORIES)
def _order_history(s: Scenario, history: str) -> None:
    _in_order(s, history, 3.0, 3.0)


class _Looks:
    """Looks at a job's status by several sessions, in metas and in lists, and at how it moves along."""

    def __init__(self, s: Scenario, job: str) -> None:
        self.s, self.job = s, job
        self.actors = [s.open(), s.open()]
        self.seen, self.last = 0, ""
        self.count = 0

    def anew(self) -> None:
        """Go on with new sessions, as the old ones may be over."""
        self.actors = [self.s.open(), self.s.open()]

    def once(self, actor: Actor) -> None:
        """The same assertion about a session that may be over by now."""
        meta = actor.do("get_job_meta", self.job).value
        if isinstance(meta, dict):
            self._see(meta.get("status"))

    def look(self) -> None:
        """The assertion that nobody is told of a step back."""
        self.count += 1
        fresh = [self.s.open()] if self.count % 3 == 0 else []  # a session that can't remember anything goes first
        for actor in (*fresh, *self.actors):
            self._see(actor.status(self.job))
            for entry in actor.entries(all=True):
                if entry.get("job_id") == self.job:
                    self._see(entry.get("status"))

    def _see(self, status: Any) -> None:
        now = rank(status, self.seen)
        self.s.require(now >= self.seen, f"no step back from {self.last}", status)
        self.seen, self.last = now, status


def _outage(s: Scenario, actor: Actor, job: str) -> None:
    """An outage that a session has noticed, if the system offers one."""
    try:
        s.on_system("outage")
        actor.do("get_job_meta", job)
        s.on_system("recover")
    except NotClaimed:
        return


def _lose_clients(s: Scenario, actor: Actor, job: str) -> None:
    """All clients drop out, if the system lets them, so that what runs can't go on."""
    with suppress(NotClaimed):
        for name in s.system.client_names:
            s.on_system("drop_client", name)
        actor.do("get_system_info")


_ACTS: dict[str, Callable[[Scenario, Actor, str], object]] = {
    "nothing": lambda s, actor, job: None,
    "list": lambda s, actor, job: actor.need("list_jobs"),
    "info": lambda s, actor, job: actor.need("get_system_info"),
    "monitor": lambda s, actor, job: actor.monitor(job, timeout=1, poll=0.5),
    "reopen": lambda s, actor, job: s.open(),
    "clone": lambda s, actor, job: actor.clone(job),
    "abort": lambda s, actor, job: actor.need("abort_job", job),
    "outage": _outage,
    "abort a clone": lambda s, actor, job: actor.need("abort_job", actor.clone(job)),
    "delete a clone": lambda s, actor, job: actor.need("delete_job", actor.clone(job)),
    "abort another": lambda s, actor, job: actor.need("abort_job", actor.submit(JobPlan(waits=True))),
    "delete another": lambda s, actor, job: actor.need("delete_job", actor.submit(JobPlan(waits=True))),
    "lose the clients": _lose_clients,
}
"""What may be done while a job lives its life."""

_OTHERS: Final = tuple(_ACTS)[-6:]
"""What is done to others than the job."""


@CHECKS.check(
    "life.no-step-back",
    ends=Each("COMPLETED", "EXECUTION_EXCEPTION", "ABNORMAL", "FAILED_TO_RUN"),
    step=sampled_from(0.25, 0.5, 1.0, 2.0),
    acts=lists(sampled_from("nothing", "nothing", "list", "clone", "monitor", "info", "abort"), 0, 8),
)
def _no_step_back(s: Scenario, ends: str, step: float, acts: list[str]) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=6.0, ends=ends))
    looks = _Looks(s, job)
    for act in [*acts, *["nothing"] * 12]:
        _ACTS[act](s, alice, job)
        s.sleep(step)
        looks.look()


@CHECKS.check(
    "life.no-step-back",
    variant="after every call",
    act=Each(*_ACTS),
    at=Each(1, 8, 16),
)
def _no_step_back_after(s: Scenario, act: str, at: int) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=8.0, dispatches=3.0))
    looks = _Looks(s, job)
    for number in range(24):
        if number == at:
            _ACTS[act](s, alice, job)
            if act == "outage":
                looks.once(alice)
                looks.anew()
            looks.look()
        s.sleep(0.5 if number < 18 else 10.0)
        looks.look()


_LATER = ("abort_job", "clone_job", "download_job_result", "monitor_job", "get_job_meta")


def _stays(s: Scenario, job: str, before: str) -> None:
    """The assertion that old and new sessions are told the same final status, in metas and in lists."""
    for actor in (s.open(), s.open()):
        status = actor.status(job)
        s.require(status == before, f"the job to stay {before}", status)
        for entry in actor.entries(all=True):
            if entry.get("job_id") == job:
                s.require(entry.get("status") == before, f"the job to stay {before} in the list", entry.get("status"))


@CHECKS.check("life.final", state=Each(*DONE), acts=lists(sampled_from(*_LATER), 0, 5), pause=quarter_seconds(1, 500))
def _final(s: Scenario, state: str, acts: list[str], pause: float) -> None:
    alice = s.open()
    job = s.job(state, alice)
    before = alice.status(job)
    for act in acts:
        alice.need(act, job)
        s.sleep(pause)
        status = alice.status(job)
        s.require(status == before, f"the job to stay {before}", status)
    s.sleep(pause)
    _stays(s, job, before)


@CHECKS.check("life.final", variant="after every call", state=Each(*DONE))
def _final_after(s: Scenario, state: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    before = alice.status(job)
    _stays(s, job, before)
    for later in _LATER:
        alice.need(later, job)
        _stays(s, job, before)
    for act in _OTHERS:
        _ACTS[act](s, s.open(), job)
        _stays(s, job, before)
    for pause in (60.0, 4_000.0, 100_000.0):
        s.sleep(min(pause, s.system.longest))
        _stays(s, job, before)


_ENDS = {
    "completed": ("completed", "COMPLETED"),
    "aborted": ("stopped", "ABORTED"),
    "exception": ("failed", "EXECUTION_EXCEPTION"),
    "abnormal": ("killed", "ABNORMAL"),
    "unschedulable": ("given up", "CAN_NOT_SCHEDULE"),
    "not-deployed": ("not deployed", "FAILED_TO_RUN"),
}


_BY = ("running", "dispatched", "waiting", "of another user")
"""What a job that is aborted is."""


def _ends(how: str, state: str, ending: str) -> None:
    @CHECKS.check(f"life.ends.{how}", by=Each(*(_BY if how == "aborted" else ("itself",))))
    def body(s: Scenario, by: str) -> None:
        alice = s.open()
        if by in ("dispatched", "of another user"):
            owner = s.open(1) if by == "of another user" and len(s.system.users) > 1 else alice
            job = s.job("dispatched" if by == "dispatched" else "running", owner)
            alice.need("abort_job", job)
            s.until(alice, job, finished, "finished")
        else:
            job = s.job("aborted" if by == "waiting" else state, alice)
        status = alice.status(job)
        s.require(status == f"FINISHED:{ending}", f"FINISHED:{ending}", status)

    @CHECKS.check(f"life.ends.{how}", variant="past", past=Each(*MAIN_HISTORIES))
    def past_(s: Scenario, past: str) -> None:
        actor, job = starting_point(s, past, state)
        status = actor.status(job)
        s.require(status == f"FINISHED:{ending}", f"FINISHED:{ending}", status)


for _how, (_state, _ending) in _ENDS.items():
    _ends(_how, _state, _ending)


_ENDINGS = ("COMPLETED", "EXECUTION_EXCEPTION", "ABNORMAL", "FAILED_TO_RUN")


def _end_each_its_way(s: Scenario, actors: list[Actor], endings: list[str], runs: float) -> None:
    """The assertion that jobs of several sessions end as planned, each by itself, and stay so."""
    plans = [JobPlan(runs=runs + index, ends=ending) for index, ending in enumerate(endings)]
    jobs = [actors[index % len(actors)].submit(plan) for index, plan in enumerate(plans)]
    for _ in range(2):
        for job, ending in zip(jobs, endings, strict=True):
            s.until(actors[0], job, finished, "finished", within=60.0 * len(jobs))
            status = actors[0].status(job)
            s.require(status == f"FINISHED:{ending}", f"{s.tell(job)} to end {ending}", status)


@CHECKS.check("life.side-by-side", endings=lists(sampled_from(*_ENDINGS), 2, 8))
def _side_by_side(s: Scenario, endings: list[str]) -> None:
    _end_each_its_way(s, [s.open()], endings, 2.0)


@CHECKS.check("life.side-by-side", variant="users", first=Each(*_ENDINGS), runs=Each(2.0, 20.0))
def _side_by_side_users(s: Scenario, first: str, runs: float) -> None:
    actors = [s.open(), s.open(1 if len(s.system.users) > 1 else 0)]
    others = [ending for ending in _ENDINGS if ending != first]
    _end_each_its_way(s, actors, [first, *others, "COMPLETED", first, "COMPLETED", "COMPLETED"], runs)


@CHECKS.check("life.side-by-side", variant="stopped", act=Each("abort_job", "delete_job"), which=Each(0, 1, 2))
def _side_by_side_stopped(s: Scenario, act: str, which: int) -> None:
    """One of three running jobs is stopped, and a waiting one as well; the others end as planned."""
    alice = s.open()
    jobs = [alice.submit(JobPlan(runs=30.0)) for _ in range(3)]
    waiting = [alice.submit(JobPlan(waits=True)) for _ in range(2)]
    for job in jobs:
        s.until(alice, job, lambda status: status == "RUNNING", "running")
    alice.need(act, jobs[which])
    alice.need(act, waiting[0])
    status = alice.status(waiting[1])
    s.require(not finished(status), f"{s.tell(waiting[1])} to wait on", status)
    for job in jobs:
        if job != jobs[which]:
            s.until(alice, job, finished, "finished", within=120.0)
            status = alice.status(job)
            s.require(status == "FINISHED:COMPLETED", f"{s.tell(job)} to end COMPLETED", status)


@CHECKS.check("life.model", variant="tours", first=Each(*TOUR_CALLS), second=Each(*TOUR_CALLS))
def _tours(s: Scenario, first: str, second: str) -> None:
    play_all(s, tour(first, second))


@CHECKS.check("life.model", kind=STATEFUL)
def _model(s: Scenario, calls: list[list[Any]]) -> None:
    play_all(s, calls)


def _lose_nothing(s: Scenario, threads: int, act: str, count: int, shared: bool) -> None:
    crew = ConcurrentCalls(s, threads, shared)
    jobs = [[actor.submit(JobPlan(waits=True)) for _ in range(count)] for actor in crew.actors]
    crew.call(act, jobs)
    everything = [job for its_jobs in jobs for job in its_jobs]
    witness = s.open()
    listed = witness.listed()
    if act == "delete_job":
        s.require(listed == [], "no job left", s.tell(listed))
    elif act == "clone_job":
        clones = [str(outcome.value) for _, outcome in crew.outcomes]
        s.require(len(set(clones)) == len(clones), f"{len(clones)} clones, each with an id of its own", s.tell(clones))
        wanted = sorted([*everything, *clones])
        s.require(sorted(map(str, listed)) == wanted, f"{len(wanted)} jobs in the list", f"{len(listed)} jobs")
    elif act == "get_job_meta":
        for job, outcome in crew.outcomes:
            told = outcome.value.get("job_id") if isinstance(outcome.value, dict) else outcome.value
            s.require(told == job, f"the meta of {s.tell(job)}", f"that of {s.tell(told)}")
    else:
        waited, undone = 0.0, everything
        while (undone := [job for job in undone if not finished(witness.status(job))]) and waited <= s.system.patience:
            if s.system.clock is None:
                break
            s.sleep(5.0)
            waited += 5.0
        s.require(not undone, "every job to be finished", f"{s.tell(undone)} not")


_CALLS = ("delete_job", "abort_job", "clone_job", "get_job_meta")


@CHECKS.check("life.concurrent", threads=integers(2, 5), act=Each(*_CALLS), count=integers(1, 4))
def _concurrent(s: Scenario, threads: int, act: str, count: int) -> None:
    _lose_nothing(s, threads, act, count, False)


@CHECKS.check("life.concurrent", variant="many calls", act=Each(*_CALLS), shared=Each(False, True))
def _concurrent_many(s: Scenario, act: str, shared: bool) -> None:
    _lose_nothing(s, 4, act, 6, shared)


@CHECKS.check("life.concurrent", variant="meanwhile", act=Each("abort_job", "delete_job"), after=Each(0.25, 1.0, 2.0))
def _concurrent_meanwhile(s: Scenario, act: str, after: float) -> None:
    """A call may come while another one waits: for a run to stop, say."""
    alice, other = s.open(), s.open()
    with suppress(NotClaimed):  # of a server that does not run so many at once
        first, second = (s.job("running", actor) for actor in (alice, other))
        if overlapping(s, after, lambda: other.do(act, second), lambda: alice.need(act, first)):
            for job in (first, second):
                _is_over(s, alice, job, act)


def _is_over(s: Scenario, actor: Actor, job: str, act: str) -> None:
    """The promise that a job is gone, or has ended, after it was deleted or aborted."""
    if act == "delete_job":
        outcome = actor.do("get_job_meta", job)
        s.require(outcome.raised("JobNotFound"), f"{s.tell(job)} to be gone", outcome)
    else:
        is_ended(s, actor, job)
