"""What may have happened before a check begins: pasts that must not make a difference to any promise.

A fault often shows only after something: for the eleventh job, in a second session, once a job was deleted. Checks that
list `HISTORIES` among their inputs try their promise after each of these. No history waits for anything, so they cost
little also in real time; what a system does not offer is left out of its history.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from contract_tests.domains import Each
from contract_tests.interface import JOB_METHODS
from contract_tests.operations import Callback
from contract_tests.plan import BadJob, JobPlan
from contract_tests.scenario import Actor, Scenario
from contract_tests.system import NotClaimed

MANY: Final = 10
"""Jobs that are many: the next one is the eleventh."""

_WAITING: Final = JobPlan(name="earlier-job", waits=True)


def _submit(actor: Actor) -> str:
    """Submit a job, if that works; a history is not where a promise is tried."""
    outcome = actor.do("submit_job", _WAITING)
    return outcome.value if isinstance(outcome.value, str) else "no-such-job"


def _clone(actor: Actor, job: str) -> str:
    outcome = actor.do("clone_job", job)
    return outcome.value if isinstance(outcome.value, str) else "no-such-job"


def _nothing(s: Scenario, actor: Actor) -> Actor:
    return actor


def _many_jobs(s: Scenario, actor: Actor) -> Actor:
    for _ in range(MANY):
        _submit(actor)
    return actor


def _deleted(s: Scenario, actor: Actor) -> Actor:
    """A job and its clone were deleted."""
    job = _submit(actor)
    clone = _clone(actor, job)
    actor.do("delete_job", job)
    actor.do("delete_job", clone)
    return actor


def _cloned(s: Scenario, actor: Actor) -> Actor:
    """A clone of a clone outlives what it was cloned from."""
    job = _submit(actor)
    clone = _clone(actor, job)
    _clone(actor, clone)
    actor.do("delete_job", job)
    return actor


def _aborted(s: Scenario, actor: Actor) -> Actor:
    job = _submit(actor)
    actor.do("abort_job", job)
    actor.do("abort_job", job)
    return actor


def _refused(s: Scenario, actor: Actor) -> Actor:
    """Calls were refused: of no definition, and of no job."""
    actor.do("submit_job", BadJob("no-meta"))
    for method in JOB_METHODS:
        actor.do(method, "no-such-job")
    return actor


def _looked(s: Scenario, actor: Actor) -> Actor:
    """Everything was looked at, in every way."""
    job = _submit(actor)
    for detailed in (False, True):
        for everyone in (False, True):
            actor.do("list_jobs", detailed=detailed, all=everyone)
    for method in ("get_job_meta", "download_job_result"):
        actor.do(method, job)
    actor.do("get_system_info")
    return actor


def _monitored(s: Scenario, actor: Actor) -> Actor:
    """A monitor was ended by its callback, which used the session."""
    job = _submit(actor)

    def act(_: int) -> None:
        actor.do("list_jobs", all=True)
        actor.do("get_job_meta", job)

    actor.monitor(job, Callback(then=False, act=act), timeout=2.0, poll=0.5)
    return actor


def _second_session(s: Scenario, actor: Actor) -> Actor:
    """A second session was opened, and is the one in use."""
    _submit(actor)
    return s.open()


def _closed_session(s: Scenario, actor: Actor) -> Actor:
    """The first session was closed, and a third is in use."""
    s.open()
    _submit(actor)
    actor.do("close")
    return s.open()


def _other_user(s: Scenario, actor: Actor) -> Actor:
    """Another user has submitted, cloned, listed and deleted meanwhile."""
    try:
        bob = s.open(1)
    except NotClaimed:
        return actor
    job = _submit(bob)
    _clone(bob, job)
    bob.do("list_jobs", all=True)
    bob.do("delete_job", job)
    return actor


def _recovered(s: Scenario, actor: Actor) -> Actor:
    """The server was away and is back; a new session is in use, as the old one may be over."""
    try:
        s.world("outage")
        actor.do("list_jobs")
        s.world("recover")
    except NotClaimed:
        return actor
    return s.open()


_BY_NAME: Final[dict[str, Callable[[Scenario, Actor], Actor]]] = {
    "nothing": _nothing,
    "many jobs": _many_jobs,
    "deleted jobs": _deleted,
    "clones": _cloned,
    "an aborted job": _aborted,
    "refused calls": _refused,
    "looks at everything": _looked,
    "a monitor": _monitored,
    "a second session": _second_session,
    "a closed session": _closed_session,
    "another user": _other_user,
    "an outage": _recovered,
}

HISTORIES: Final = Each(*_BY_NAME)
"""Every history, the empty one first, so that a failure shows one only where it takes one."""


def after(s: Scenario, history: str) -> Actor:
    """Open a session of the first user, let a history of `HISTORIES` happen, and return the session to go on with."""
    return _BY_NAME[history](s, s.open())
