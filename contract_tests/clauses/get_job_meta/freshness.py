"""get_job_meta: every session is told the state at the time of the call."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.exceptions import NotTestable
from contract_tests.scenario.job_states import finished
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.model.jobs import rank
from contract_tests.sequences.starting_points import ANY, starting_point
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()

_ANY = Each(*ANY)


def _is_fresh(s: Scenario, reader: Actor, job: str, witness: Actor) -> None:
    """The promise that a session is told at least what another has just been told."""
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
    """A session that monitors is told at least what another was told before, too."""
    alice, other = s.open(), s.open()
    job = s.job("waiting", alice)
    reads: list[tuple[Outcome, Outcome]] = []

    def read(number: int) -> None:
        if number == 2:
            (alice if by == "itself" else other).do(act, job)
        reads.append((other.do("get_job_meta", job), alice.do("get_job_meta", job)))

    alice.monitor(job, Callback(answers=(True,) * 3, then=False, act=read), poll=1.0)
    for known, told in reads:
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
    """After an outage, during which the job got on, a session tells nothing that it knew before."""
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
