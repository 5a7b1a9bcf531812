"""The statuses of a job: their order, none of them goes back, and the last one stays."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import DONE, finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers, lists, quarter_seconds, sampled_from
from contract_tests.sequences.model.jobs import rank
from contract_tests.sequences.starting_points import EVERY_HISTORY, session_after, submitted_after
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()

_JOBS = {"a clone": "clone", "the eleventh job": "eleventh", "another user's": "of another user"}
"""The histories that make a job of some kind; all others are histories of the session."""

_HISTORIES = Each(*EVERY_HISTORY.values, *_JOBS)


def _fresh(s: Scenario, history: str, plan: JobPlan) -> tuple[Actor, str]:
    """A session with a history, and a job at the beginning of its life that behaves as planned."""
    if history in _JOBS:
        return s.open(), submitted_after(s, _JOBS[history], plan).job
    actor = session_after(s, history)
    return actor, actor.submit(plan)


def _watch(s: Scenario, actors: list[Actor], job: str, step: float, reads: int) -> tuple[list[str], float]:
    """What sessions in turn read of a job's status until it is finished, and the longest time between two reads."""
    seen: list[str] = []
    times = [s.made.get(job, s.now())]
    for number in range(reads):
        seen.append(actors[number % len(actors)].status(job))
        times.append(s.now())
        if finished(seen[-1]):
            break
        s.sleep(step)
    return seen, max((later - earlier for earlier, later in itertools.pairwise(times)), default=0.0)


def _in_order(s: Scenario, history: str, runs: float, dispatches: float, sessions: int = 1) -> None:
    alice, job = _fresh(s, history, JobPlan(runs=runs, dispatches=dispatches))
    actors = [alice, *(s.open() for _ in range(sessions - 1))]
    reads = round((runs + dispatches + s.system.patience + s.backlog) * 4)
    seen, gap = _watch(s, actors, job, 0.25, reads)
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


class _Readers:
    """Several sessions that read the status of a job, in metas and in lists; it may never step back."""

    def __init__(self, s: Scenario, job: str) -> None:
        self.s, self.job = s, job
        self.actors = [s.open(), s.open()]
        self.seen, self.last = 0, ""
        self.count = 0

    def open_anew(self) -> None:
        """Go on with new sessions, as the old ones may be over."""
        self.actors = [self.s.open(), self.s.open()]

    def read_if_open(self, actor: Actor) -> None:
        """The same assertion for one session, which may be over by now."""
        meta = actor.do("get_job_meta", self.job).value
        if isinstance(meta, dict):
            self._see(meta.get("status"))

    def read(self) -> None:
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
"""The acts that are not done to the job itself."""


@CHECKS.check(
    "life.no-step-back",
    ends=Each("COMPLETED", "EXECUTION_EXCEPTION", "ABNORMAL", "FAILED_TO_RUN"),
    step=sampled_from(0.25, 0.5, 1.0, 2.0),
    acts=lists(sampled_from("nothing", "nothing", "list", "clone", "monitor", "info", "abort"), 0, 8),
)
def _no_step_back(s: Scenario, ends: str, step: float, acts: list[str]) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=6.0, ends=ends))
    readers = _Readers(s, job)
    for act in [*acts, *["nothing"] * 12]:
        _ACTS[act](s, alice, job)
        s.sleep(step)
        readers.read()


@CHECKS.check(
    "life.no-step-back",
    variant="after every call",
    act=Each(*_ACTS),
    at=Each(1, 8, 16),
)
def _no_step_back_after(s: Scenario, act: str, at: int) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=8.0, dispatches=3.0))
    readers = _Readers(s, job)
    for number in range(24):
        if number == at:
            _ACTS[act](s, alice, job)
            if act == "outage":
                readers.read_if_open(alice)
                readers.open_anew()
            readers.read()
        s.sleep(0.5 if number < 18 else 10.0)
        readers.read()


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
        s.sleep_long(pause)
        _stays(s, job, before)
