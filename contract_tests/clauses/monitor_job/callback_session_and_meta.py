"""monitor_job's callback: the session, the job and the meta it is called with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from contract_tests.clauses.monitor_job.monitored_jobs import POLL
from contract_tests.clauses.shared.monitoring import code
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import STATES
from contract_tests.scenario.operations import Callback, CallRecord
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.snapshot import DEFINITION, kept
from contract_tests.scenario.strategies import Each, integers
from contract_tests.sequences.model.jobs import rank
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()
_STATES = Each(*STATES)


def _called(
    s: Scenario, alice: Actor, job: str, calls: int, act: Callable[[int], object] | None = None
) -> list[CallRecord]:
    """The calls of a callback that ends its monitor after so many."""
    cb = Callback(answers=(True,) * (calls - 1), then=False, act=act)
    outcome = alice.monitor(job, cb, poll=1.0)
    s.require(cb.calls, "a call of the callback", outcome)
    return cb.calls


def _very_session(s: Scenario, alice: Actor, job: str, calls: int) -> None:
    for call in _called(s, alice, job, calls):
        observed = f"a {type(call.session).__name__} that is another"
        s.require(call.session is alice.session, "the very session that was called", observed)


def _very_id(s: Scenario, alice: Actor, job: str, calls: int, act: Callable[[int], object] | None = None) -> None:
    for call in _called(s, alice, job, calls, act):
        s.require(call.job_id == job, f"the id of {s.tell(job)}", s.tell(call.job_id))


@CHECKS.check("monitor.callback-session", state=_STATES, calls=Each(1, 3, 12))
def _session(s: Scenario, state: str, calls: int) -> None:
    alice = s.open()
    _very_session(s, alice, s.job(state, alice), calls)


@CHECKS.check(
    "monitor.callback-session", variant="past", past=Each(*MAIN_HISTORIES), state=Each("running", "completed")
)
def _session_after_history(s: Scenario, past: str, state: str) -> None:
    _very_session(s, *starting_point(s, past, state), 2)


@CHECKS.check("monitor.callback-session", variant="side by side")
def _session_side_by_side(s: Scenario) -> None:
    sessions = [s.open() for _ in range(3)]
    job = s.job("running", sessions[0])
    for actor in (*sessions, *sessions):
        _very_session(s, actor, job, 2)


@CHECKS.check("monitor.callback-session", variant="nested", other=Each(False, True))
def _session_nested(s: Scenario, other: bool) -> None:
    """Of a monitor in a callback, of the same session or of another, and of the one around it."""
    alice = s.open()
    inside = s.open() if other else alice
    job = s.job("running", alice)
    inner: list[CallRecord] = []

    def nest(_: int) -> None:
        cb = Callback(answers=(True,), then=False)
        inside.monitor(job, cb, poll=1.0)
        inner.extend(cb.calls)

    for actor, calls in ((alice, _called(s, alice, job, 2, nest)), (inside, inner)):
        for call in calls:
            observed = f"a {type(call.session).__name__} that is another"
            s.require(call.session is actor.session, "the very session that was called", observed)


@CHECKS.check("monitor.callback-job-id", state=_STATES, calls=Each(1, 3, 12))
def _job_id(s: Scenario, state: str, calls: int) -> None:
    alice = s.open()
    alice.submit(JobPlan(waits=True))
    job = s.job(state, alice)
    alice.submit(JobPlan(waits=True))
    _very_id(s, alice, job, calls)


@CHECKS.check("monitor.callback-job-id", variant="past", past=Each(*MAIN_HISTORIES), state=Each("running", "completed"))
def _job_id_after_history(s: Scenario, past: str, state: str) -> None:
    _very_id(s, *starting_point(s, past, state), 2)


_ON_ANOTHER_JOB: Final[dict[str, Callable[[Actor, str], object]]] = {
    "submit": lambda actor, other: actor.submit(JobPlan(waits=True)),
    "clone": lambda actor, other: actor.clone(other),
    "read": lambda actor, other: actor.meta(other),
    "list": lambda actor, other: actor.entries(detailed=True),
    "abort": lambda actor, other: actor.need("abort_job", other),
    "monitor": lambda actor, other: actor.monitor(other, Callback(then=False)),
}
"""What a callback does to another job, which makes no difference to its monitor."""


@CHECKS.check("monitor.callback-job-id", variant="busy elsewhere", act=Each(*_ON_ANOTHER_JOB))
def _job_id_busy(s: Scenario, act: str) -> None:
    alice = s.open()
    other, job = alice.submit(JobPlan(waits=True)), s.job("running", alice)
    _very_id(s, alice, job, 3, lambda _: _ON_ANOTHER_JOB[act](alice, other))


_TOLD = ("job_id", "name", "status", "submitter_name", "submit_time")


def _reads(
    s: Scenario, alice: Actor, job: str, poll: float, calls: int, act: Callable[[], object] = lambda: None
) -> None:
    """The assertion that every call gets the meta that can be read at the same time."""
    read: list[dict[str, Any]] = [alice.meta(job)]
    moved: list[bool] = []

    def note(_: int) -> None:
        began = s.now()
        read.append(alice.meta(job))
        moved.append(s.now() != began)
        act()

    cb = Callback(answers=(True,) * (calls - 1), then=False, act=note)
    outcome = alice.monitor(job, cb, poll=poll)
    s.require(cb.calls, "calls of the callback", outcome)
    for call, before, meta, late in zip(cb.calls, read, read[1:], moved, strict=False):
        s.require(isinstance(call.meta, dict), "a dict", s.tell(call.meta))
        missing = [key for key in _TOLD if key in meta and key not in call.meta]
        s.require(not missing, f"the keys {', '.join(_TOLD)}", f"a meta without {', '.join(missing)}")
        for key in _TOLD:
            told = call.meta.get(key)
            if not (late and _between(key, before.get(key), told, meta[key])):
                s.require(told == meta[key], f"{key} {s.tell(meta[key])}", s.tell(told))


def _between(key: str, before: Any, told: Any, after: Any) -> bool:
    """Whether a value may be of a time between two reads: where replies take time, a job gets on meanwhile."""
    return told == before or (key == "status" and rank(before) <= rank(told) <= rank(after))


@CHECKS.check("monitor.callback-meta", runs=integers(1, 15), poll=POLL)
def _meta(s: Scenario, runs: int, poll: float) -> None:
    alice = s.open()
    alice.submit(JobPlan(waits=True))
    _reads(s, alice, alice.submit(JobPlan(runs=float(runs))), poll, 1_000)


@CHECKS.check("monitor.callback-meta", variant="every state", poll=Each(0.5, 3.0), state=Each(*STATES))
def _meta_every_state(s: Scenario, poll: float, state: str) -> None:
    alice = s.open()
    _reads(s, alice, s.job(state, alice), poll, 12)


@CHECKS.check("monitor.callback-meta", variant="past", past=Each(*MAIN_HISTORIES), state=Each("running", "completed"))
def _meta_after_history(s: Scenario, past: str, state: str) -> None:
    alice, job = starting_point(s, past, state)
    _reads(s, alice, job, 1.0, 3)


@CHECKS.check("monitor.callback-meta", variant="busy elsewhere", act=Each(*_ON_ANOTHER_JOB))
def _meta_busy(s: Scenario, act: str) -> None:
    alice = s.open()
    other, job = alice.submit(JobPlan(waits=True)), s.job("running", alice)
    _reads(s, alice, job, 1.0, 3, lambda: _ON_ANOTHER_JOB[act](alice, other))


@CHECKS.check("monitor.callback-meta", variant="again")
def _meta_again(s: Scenario) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(dispatches=5.0, runs=10.0))
    for calls in (3, 5, 4, 100):
        _reads(s, alice, job, 1.0, calls)
    _reads(s, s.open(), job, 1.0, 2)


class _Scribbler:
    """A callback that changes the meta it gets, at every depth, and keeps what it got."""

    def __init__(self, status: str | None, calls: int) -> None:
        self.status, self.calls = status, calls
        self.defined: list[dict[str, Any]] = []
        self.got: list[dict[str, Any]] = []

    def __call__(self, session: Any, job_id: str, job_meta: Any) -> bool:
        """Note what it is given, then change it."""
        self.got.append(dict(job_meta))
        self.defined.append(kept({key: value for key, value in job_meta.items() if key in DEFINITION}))
        with suppress(Exception):  # a meta may refuse to be changed
            for value in list(job_meta.values()):
                if isinstance(value, (list, dict)):
                    value.clear()
            if self.status is None:
                job_meta.clear()
            else:
                job_meta["status"] = self.status
                job_meta["scribbled"] = True
        return len(self.got) < self.calls

    def __repr__(self) -> str:
        done = "empties its meta" if self.status is None else f"sets the status in its meta to {self.status}"
        return f"<callback: {done}, returns False from call {self.calls}>"


_WRITES = Each("FINISHED:COMPLETED", "RUNNING", "LOST", None)


@CHECKS.check("monitor.callback-meta-copy", state=Each("waiting", "running", "completed"), write=_WRITES)
def _meta_copy(s: Scenario, state: str, write: str | None) -> None:
    alice = s.open()
    job = s.job(state, alice)
    before = alice.snapshot(job)
    cb = _Scribbler(write, 3)
    alice.do("monitor_job", job, 0, s.real(1.0), cb)
    s.unchanged(before, alice.snapshot(job), "the job")
    again = Callback(then=False)
    alice.monitor(job, again)
    metas = [*cb.got, *(call.meta for call in again.calls)]
    for defined in cb.defined:
        s.unchanged(cb.defined[0], defined, "what the meta in the callback says of the job's definition")
    for meta in metas:
        s.require(
            "scribbled" not in meta and "status" in meta, "a meta as the server has it in every call", s.tell(meta)
        )


@CHECKS.check("monitor.callback-meta-copy", variant="the end", write=_WRITES)
def _meta_copy_end(s: Scenario, write: str | None) -> None:
    alice = s.open()
    cb = _Scribbler(write, 4)
    outcome = alice.do("monitor_job", s.job("running", alice), 0, s.real(1.0), cb)
    s.require(code(outcome) == "ENDED_BY_CB" and len(cb.got) == 4, "ENDED_BY_CB at call 4, as the job runs on", outcome)
    outcome = alice.do("monitor_job", s.job("completed", alice), 0, s.real(1.0), _Scribbler(write, 9))
    s.require(code(outcome) == "JOB_FINISHED", "JOB_FINISHED of a job that is done", outcome)
