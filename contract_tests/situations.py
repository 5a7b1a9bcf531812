"""Situations: a session, a job, and a past that an implementation might trip over.

Most promises hold whatever happened before. So checks try them not only in every state of a job, but also for the
eleventh job, the clone of a deleted one, a job of another session, a job read before, and so on. A system that can't
offer a past (a second user, say) gets the plainest one instead, so that no clause is lost for it, and what a past does
beside making the job is only tried: a past is not where a promise is judged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from contract_tests.domains import Each
from contract_tests.operations import Outcome
from contract_tests.plan import BadJob, JobPlan
from contract_tests.scenario import STATES, Actor, Scenario
from contract_tests.system import NotClaimed

WAITING: Final = JobPlan(waits=True)


FLAGS: Final = Each({}, {"detailed": True}, {"all": True}, {"detailed": True, "all": True})
"""Every way to list jobs."""


class Situation(NamedTuple):
    """The session to try a promise in, and the job to try it on."""

    actor: Actor
    job: str


def situate(s: Scenario, name: str) -> Situation:
    """Bring about a situation of `ANY`: a state of a job, by its name in `STATES`, or one of `PASTS`."""
    if name in STATES:
        actor = s.open()
        return Situation(actor, s.job(name, actor))
    return PASTS[name](s)


def _waiting(s: Scenario) -> Situation:
    actor = s.open()
    return Situation(actor, actor.submit(WAITING))


def _eleventh(s: Scenario) -> Situation:
    actor = s.open()
    for _ in range(10):
        actor.submit(WAITING)
    return Situation(actor, actor.submit(WAITING))


def _first_of_eleven(s: Scenario) -> Situation:
    actor = s.open()
    job = actor.submit(WAITING)
    for _ in range(10):
        actor.submit(WAITING)
    return Situation(actor, job)


def _clone(s: Scenario) -> Situation:
    actor = s.open()
    return Situation(actor, actor.clone(actor.submit(WAITING)))


def _original(s: Scenario) -> Situation:
    actor = s.open()
    job = actor.submit(WAITING)
    actor.clone(job)
    return Situation(actor, job)


def _clone_of_clone(s: Scenario) -> Situation:
    actor = s.open()
    return Situation(actor, actor.clone(actor.clone(actor.submit(WAITING))))


def _clone_of_deleted(s: Scenario) -> Situation:
    actor = s.open()
    job = actor.submit(WAITING)
    clone = actor.clone(job)
    actor.do("delete_job", job)
    return Situation(actor, clone)


def _clone_of_aborted(s: Scenario) -> Situation:
    actor = s.open()
    return Situation(actor, actor.clone(s.job("aborted", actor)))


def _after_deletion(s: Scenario) -> Situation:
    actor = s.open()
    actor.do("delete_job", actor.submit(WAITING))
    return Situation(actor, actor.submit(WAITING))


def _after_abort(s: Scenario) -> Situation:
    actor = s.open()
    actor.do("abort_job", actor.submit(WAITING))
    return Situation(actor, actor.submit(WAITING))


def _after_refusals(s: Scenario) -> Situation:
    actor = s.open()
    actor.do("submit_job", BadJob("no-meta"))
    actor.do("get_job_meta", "no-such-job")
    return Situation(actor, actor.submit(WAITING))


def _read_before(s: Scenario) -> Situation:
    actor = s.open()
    job = actor.submit(WAITING)
    for _ in range(2):
        actor.do("get_job_meta", job)
        for flags in ({}, {"detailed": True}, {"all": True}):
            actor.do("list_jobs", **flags)
        actor.do("get_system_info")
    return Situation(actor, job)


def _of_other_session(s: Scenario) -> Situation:
    first = s.open()
    job = first.submit(WAITING)
    return Situation(s.open(), job)


def _of_earlier_session(s: Scenario) -> Situation:
    first, second = s.open(), s.open()
    return Situation(first, second.submit(WAITING))


def _of_closed_session(s: Scenario) -> Situation:
    first = s.open()
    job = first.submit(WAITING)
    first.do("close")
    return Situation(s.open(), job)


def _in_second_session(s: Scenario) -> Situation:
    s.open().submit(WAITING)
    second = s.open()
    return Situation(second, second.submit(WAITING))


def _of_other_user(s: Scenario) -> Situation:
    if len(s.system.users) < 2:
        return _waiting(s)
    alice, bob = s.open(0), s.open(1)
    return Situation(alice, bob.submit(WAITING))


def _beside_other_user(s: Scenario) -> Situation:
    if len(s.system.users) < 2:
        return _waiting(s)
    alice, bob = s.open(0), s.open(1)
    job = alice.submit(WAITING)
    bob.submit(WAITING)
    return Situation(alice, job)


def _after_outage(s: Scenario) -> Situation:
    actor = s.open()
    job = actor.submit(WAITING)
    try:
        s.world("outage")
        actor.do("list_jobs")
        s.world("recover")
    except NotClaimed:
        return Situation(actor, job)
    return Situation(s.open(), job)  # the first session may be over for good


def _monitored(s: Scenario) -> Situation:
    actor = s.open()
    job = actor.submit(WAITING)
    actor.monitor(job, timeout=3.0)
    return Situation(actor, job)


def _minutes_later(s: Scenario) -> Situation:
    actor = s.open()
    job = actor.submit(WAITING)
    s.sleep(200.0)
    return Situation(actor, job)


def _beside_running(s: Scenario) -> Situation:
    actor = s.open()
    s.job("running", actor)
    return Situation(actor, actor.submit(WAITING))


def _third_to_finish(s: Scenario) -> Situation:
    actor = s.open()
    for _ in range(2):
        s.job("completed", actor)
    return Situation(actor, s.job("completed", actor))


def _downloaded(s: Scenario) -> Situation:
    actor = s.open()
    job = s.job("completed", actor)
    actor.do("download_job_result", job)
    return Situation(actor, job)


PASTS: Final[dict[str, Callable[[Scenario], Situation]]] = {
    "eleventh": _eleventh,
    "first of eleven": _first_of_eleven,
    "clone": _clone,
    "original of a clone": _original,
    "clone of a clone": _clone_of_clone,
    "clone of a deleted job": _clone_of_deleted,
    "clone of an aborted job": _clone_of_aborted,
    "after a deletion": _after_deletion,
    "after an abort": _after_abort,
    "after refusals": _after_refusals,
    "read before": _read_before,
    "of another session": _of_other_session,
    "of another session, opened later": _of_earlier_session,
    "of a closed session": _of_closed_session,
    "in a second session": _in_second_session,
    "of another user": _of_other_user,
    "beside another user's": _beside_other_user,
    "after an outage": _after_outage,
    "monitored": _monitored,
    "minutes later": _minutes_later,
    "beside a running job": _beside_running,
    "third to finish": _third_to_finish,
    "downloaded": _downloaded,
}
"""Pasts by name. The job waits, so that nothing happens to it by itself; in the last two it is done."""

WAITING_PASTS: Final = tuple(name for name in PASTS if name not in ("third to finish", "downloaded"))
"""The pasts that leave a job waiting."""

ANY: Final = (*STATES, *PASTS)
"""Every state and every past."""

HISTORIES: Final = Each("nothing", *PASTS)
"""What may lie behind a session; nothing comes first, so that a failure shows a past only where it takes one."""
FEW_HISTORIES: Final = Each(
    "after a deletion", "after refusals", "clone", "read before", "in a second session", "eleventh"
)
"""The likeliest of them to matter, for promises that are many."""


def begin(s: Scenario, history: str) -> Actor:
    """A session to go on with, after one of `HISTORIES`."""
    return s.open() if history == "nothing" else situate(s, history).actor


def still(s: Scenario, actor: Actor, job: str) -> dict[str, Any]:
    """The facts of a job that has to be there still: not to find it breaks the promise a check is about.

    Raises:
        Violation: its meta can't be read.
    """
    s.still(actor, job)
    return actor.facts(job)


def listed_status(actor: Actor, job: str, **flags: bool) -> Any:
    """The status of a job in the list; None where it is not listed."""
    return next((entry.get("status") for entry in actor.entries(**flags) if entry.get("job_id") == job), None)


def performed(s: Scenario, method: str) -> list[Outcome]:
    """What came of every call of a method so far; of submit_job only where the definition was good."""
    return [
        step.outcome
        for step in s.steps
        if step.operation.method == method and not any(isinstance(value, BadJob) for value in step.operation.args)
    ]
