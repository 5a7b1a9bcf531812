"""get_job_meta: a true, private snapshot of a job."""

from __future__ import annotations

import copy
from typing import Any

from contract_tests.checks.registry import CheckTable
from contract_tests.domains import Each, choice, lists, whole
from contract_tests.plan import JobPlan
from contract_tests.scenario import STATES, Scenario, finished
from contract_tests.situations import ANY, situate

CHECKS = CheckTable()
_ANY_STATE = Each(*STATES)
_KEYS = ("job_id", "name", "status", "submitter_name", "submit_time")


@CHECKS.check("meta.dict", state=_ANY_STATE)
def _dict(s: Scenario, state: str) -> None:
    alice = s.open()
    outcome = alice.do("get_job_meta", s.job(state, alice))
    s.require(outcome.returned and isinstance(outcome.value, dict), "a dict", outcome)


@CHECKS.check("meta.keys", state=_ANY_STATE, cloned=Each(False, True))
def _keys(s: Scenario, state: str, cloned: bool) -> None:
    alice = s.open()
    job = s.job(state, alice)
    meta = alice.need("get_job_meta", alice.clone(job) if cloned else job)
    missing = [key for key in _KEYS if not isinstance(meta, dict) or key not in meta]
    s.require(not missing, f"the keys {', '.join(_KEYS)}", f"without {', '.join(missing)}")


@CHECKS.check("meta.job-id", state=_ANY_STATE, cloned=Each(False, True))
def _job_id(s: Scenario, state: str, cloned: bool) -> None:
    alice = s.open()
    job = s.job(state, alice)
    asked = alice.clone(job) if cloned else job
    told = alice.meta(asked).get("job_id")
    s.require(told == asked, f"the job_id {s.tell(asked)}", s.tell(told))


@CHECKS.check("meta.status", state=_ANY_STATE)
def _status(s: Scenario, state: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    meta = alice.need("get_job_meta", job)
    status = meta.get("status") if isinstance(meta, dict) else None
    s.require(isinstance(status, str) and status, "a status that is a str and not empty", s.tell(status))


def _spoil(thing: Any) -> None:
    """Change everything that can be changed in a meta, at any depth."""
    if isinstance(thing, dict):
        for value in list(thing.values()):
            _spoil(value)
        thing.clear()
        thing["status"] = "FINISHED:SPOILT"
    elif isinstance(thing, list):
        for value in thing:
            _spoil(value)
        thing.append("spoilt")


@CHECKS.check("meta.callers-copy", state=_ANY_STATE)
def _callers_copy(s: Scenario, state: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    first = alice.meta(job)
    before = copy.deepcopy(first)
    _spoil(first)
    after = alice.meta(job)
    s.unchanged(before, after, "the meta")


@CHECKS.check("meta.snapshot", state=Each("waiting", "dispatched", "running"), change=Each("time", "abort", "clone"))
def _snapshot(s: Scenario, state: str, change: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    held = alice.meta(job)
    before = copy.deepcopy(held)
    if change == "time":
        s.sleep(500.0)
    else:
        alice.need("abort_job" if change == "abort" else "clone_job", job)
    alice.meta(job)
    s.require(held == before, f"the returned dict as it was: {s.tell(before)}", s.tell(held))


@CHECKS.check("meta.no-effect", state=_ANY_STATE, reads=whole(1, 12))
def _no_effect(s: Scenario, state: str, reads: int) -> None:
    alice = s.open()
    other, job = s.job("waiting", alice), s.job(state, alice)
    before = alice.facts(other), alice.facts(job), alice.listed()
    for _ in range(reads):
        alice.meta(job)
    after = alice.facts(other), alice.facts(job), alice.listed()
    s.unchanged(before, after, "meta and list")


@CHECKS.check("meta.fresh", runs=whole(1, 30), looks=lists(choice(0.5, 1.0, 4.0), 1, 6))
def _fresh(s: Scenario, runs: int, looks: list[float]) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=float(runs)))
    for pause in looks:
        alice.meta(job)
        s.sleep(pause)
    s.sleep(runs + s.system.patience)
    status = alice.status(job)
    s.require(finished(status), f"a finished status {s.system.patience:g} s after the run of {runs} s", status)


@CHECKS.check("meta.sessions-agree", state=_ANY_STATE)
def _sessions_agree(s: Scenario, state: str) -> None:
    first, second = s.open(), s.open()
    job = s.job(state, first)
    one, other = first.facts(job), second.facts(job)
    s.require(one == other, f"the same in both sessions: {s.tell(one)}", s.tell(other))


_NAMES = Each("a", "With Capitals", "under_score-dash.dot", "007", "x" * 200, "Prüfung 測試", 'it\'s "quoted"')


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


@CHECKS.check("meta.name", variant="situations", state=Each(*ANY))
def _name_anywhere(s: Scenario, state: str) -> None:
    actor, job = situate(s, state)
    told = actor.meta(job).get("name")
    s.require(told == JobPlan().name, f"the name {JobPlan().name!r}", s.tell(told))
