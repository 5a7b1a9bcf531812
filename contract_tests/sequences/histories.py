"""Histories: what may have come before a promise is tried, and must not matter.

An implementation that keeps something of its own about jobs or sessions (a cache, a table of ten rows, the first
session of a user) is right about the first job of the first session and wrong about these. A history is a generator: it
yields the session and the job as it was just submitted, is resumed when that job is in the state that is wanted, and
may then yield the session to go on with. A system that can't offer a history (a second user, say) gets the plainest one
instead, so that no clause is lost for it. What a history does beside making the job is only tried: it is not where a
promise is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.job_states import finished
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.job_plan import BadJob, JobPlan
from contract_tests.system.system import NotClaimed


class StartingPoint(NamedTuple):
    """The session to try a promise in, and the job to try it on."""

    actor: Actor
    job: str


_History = Iterator[StartingPoint]
_WAITING: Final = JobPlan(waits=True)
_NO_JOB: Final = "no-such-job"
_A_DAY: Final = 90_000.0
_OUTAGE: Final = 5.0
"""Contract seconds that an outage takes before it is noticed, and after."""


def _two_users(s: Scenario) -> tuple[Actor, Actor]:
    """A session of each of two users; the same one twice where there is only one user."""
    alice = s.open(0)
    return alice, s.open(1) if len(s.system.users) > 1 else alice


def _nothing(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    yield StartingPoint(actor, actor.submit(plan))


def _eleventh(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    for _ in range(10):
        actor.submit(_WAITING)
    yield StartingPoint(actor, actor.submit(plan))


def _first_of_eleven(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    yield StartingPoint(actor, actor.submit(plan))
    for _ in range(10):
        actor.submit(_WAITING)


def _spent(actor: Actor, job: str, plan: JobPlan) -> str:
    """A job to be cloned; where it would run it is aborted, so that it does not run beside its clone."""
    if not plan.waits:
        actor.need("abort_job", job)
    return job


def _clone(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    yield StartingPoint(actor, actor.clone(_spent(actor, actor.submit(plan), plan)))


def _original(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    job = actor.submit(plan)
    yield StartingPoint(actor, job)
    actor.clone(job)


def _clone_of_clone(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    clone = actor.clone(_spent(actor, actor.submit(plan), plan))
    yield StartingPoint(actor, actor.clone(_spent(actor, clone, plan)))


def _clone_of_deleted(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    original = _spent(actor, actor.submit(plan), plan)
    clone = actor.clone(original)
    if not plan.waits:
        s.until(actor, original, finished, "finished")
    actor.do("delete_job", original)
    yield StartingPoint(actor, clone)


def _clone_of_aborted(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    original = actor.submit(plan)
    actor.need("abort_job", original)
    s.until(actor, original, finished, "finished")
    yield StartingPoint(actor, actor.clone(original))


def _clone_of_other_users(s: Scenario, plan: JobPlan) -> _History:
    alice, bob = _two_users(s)
    yield StartingPoint(alice, alice.clone(_spent(bob, bob.submit(plan), plan)))


def _other_users_clone(s: Scenario, plan: JobPlan) -> _History:
    alice, bob = _two_users(s)
    job = bob.clone(_spent(bob, bob.submit(plan), plan))
    yield StartingPoint(bob, job)
    yield StartingPoint(alice, job)


def _after_deletion(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    actor.do("delete_job", actor.submit(_WAITING))
    yield StartingPoint(actor, actor.submit(plan))


def _after_abort(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    actor.do("abort_job", actor.submit(_WAITING))
    yield StartingPoint(actor, actor.submit(plan))


def _after_refusals(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    actor.do("submit_job", BadJob("no-meta"))
    for method in ("get_job_meta", "abort_job", "monitor_job"):
        actor.do(method, _NO_JOB)
    yield StartingPoint(actor, actor.submit(plan))


def _after_monitors(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    earlier = actor.submit(_WAITING)
    for timeout in (1, 2):
        actor.monitor(earlier, timeout=timeout)
    yield StartingPoint(actor, actor.submit(plan))


def _read_before(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    job = actor.submit(plan)
    yield StartingPoint(actor, job)
    for _ in range(2):
        actor.do("get_job_meta", job)
        for flags in ({}, {"detailed": True}, {"all": True}):
            actor.do("list_jobs", **flags)
        actor.do("get_system_info")


def _monitored(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    job = actor.submit(plan)
    yield StartingPoint(actor, job)
    actor.monitor(job, timeout=3.0)


def _downloaded(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    job = actor.submit(plan)
    yield StartingPoint(actor, job)
    actor.do("download_job_result", job)


def _minutes_later(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    yield StartingPoint(actor, actor.submit(plan))
    s.sleep(200.0)


def _a_day_later(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    yield StartingPoint(actor, actor.submit(plan))
    s.sleep_long(_A_DAY)


def _beside_running(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    s.job("running", actor)
    yield StartingPoint(actor, actor.submit(plan))


def _third_to_finish(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    for _ in range(2):
        s.job("completed", actor)
    yield StartingPoint(actor, actor.submit(plan))


def _of_other_session(s: Scenario, plan: JobPlan) -> _History:
    first = s.open()
    job = first.submit(plan)
    yield StartingPoint(first, job)
    yield StartingPoint(s.open(), job)


def _of_earlier_session(s: Scenario, plan: JobPlan) -> _History:
    first, second = s.open(), s.open()
    job = second.submit(plan)
    yield StartingPoint(second, job)
    yield StartingPoint(first, job)


def _of_closed_session(s: Scenario, plan: JobPlan) -> _History:
    first = s.open()
    job = first.submit(plan)
    yield StartingPoint(first, job)
    first.do("close")
    yield StartingPoint(s.open(), job)


def _in_second_session(s: Scenario, plan: JobPlan) -> _History:
    s.open().submit(_WAITING)
    second = s.open()
    yield StartingPoint(second, second.submit(plan))


def _opened_anew(s: Scenario, plan: JobPlan) -> _History:
    first = s.open()
    first.submit()
    first.do("close")
    second = s.open()
    yield StartingPoint(second, second.submit(plan))


def _of_other_user(s: Scenario, plan: JobPlan) -> _History:
    alice, bob = _two_users(s)
    job = bob.submit(plan)
    yield StartingPoint(bob, job)
    yield StartingPoint(alice, job)


def _beside_other_user(s: Scenario, plan: JobPlan) -> _History:
    alice = s.open(0)
    yield StartingPoint(alice, alice.submit(plan))
    if len(s.system.users) > 1:
        s.open(1).submit(_WAITING)


def _after_other_user(s: Scenario, plan: JobPlan) -> _History:
    if len(s.system.users) > 1:
        bob = s.open(1)
        bob.submit(_WAITING)
        bob.do("close")
    alice = s.open()
    yield StartingPoint(alice, alice.submit(plan))


def _ask(actor: Actor, job: str) -> None:
    """Ask for a job and for the list: something to remember for a session, or to notice that there is no server by."""
    actor.do("get_job_meta", job)
    actor.do("list_jobs")


def over_outage(s: Scenario, actor: Actor, job: str = _NO_JOB) -> Actor:
    """The session to go on with after an outage that ``actor`` noticed, asking for a job and for the list.

    It is the same one, unless that is over for good, as it may be.
    """
    try:
        s.on_system("outage")
        s.sleep(_OUTAGE)
        _ask(actor, job)
        s.sleep(_OUTAGE)
        s.on_system("recover")
    except NotClaimed:
        return actor
    return actor if actor.do("get_system_info").returned else s.open()


def _after_outage(s: Scenario, plan: JobPlan) -> _History:
    actor = over_outage(s, s.open())
    yield StartingPoint(actor, actor.submit(plan))


def _through_outage(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    job = actor.submit(plan)
    yield StartingPoint(actor, job)
    _ask(actor, job)
    yield StartingPoint(over_outage(s, actor, job), job)


def _in_callback(s: Scenario, plan: JobPlan) -> _History:
    alice = s.open()
    watched = (s.open(1) if len(s.system.users) > 1 else alice).submit(_WAITING)
    made: list[str] = []
    alice.monitor(watched, Callback(then=False, act=lambda _: made.append(alice.submit(plan))))
    yield StartingPoint(alice, made[0] if made else alice.submit(plan))


def _after_return(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    with suppress(NotClaimed):
        for name in s.system.client_names[:1]:
            s.on_system("drop_client", name)
            actor.do("get_system_info")
            s.on_system("connect_client", name)
    yield StartingPoint(actor, actor.submit(plan))


def _fetched_early(s: Scenario, plan: JobPlan) -> _History:
    actor = s.open()
    job = actor.submit(plan)
    actor.do("download_job_result", job)
    yield StartingPoint(actor, job)


HISTORIES: Final[dict[str, Callable[[Scenario, JobPlan], _History]]] = {
    "nothing": _nothing,
    "eleventh": _eleventh,
    "first of eleven": _first_of_eleven,
    "clone": _clone,
    "original of a clone": _original,
    "clone of a clone": _clone_of_clone,
    "clone of a deleted job": _clone_of_deleted,
    "clone of an aborted job": _clone_of_aborted,
    "clone of another user's job": _clone_of_other_users,
    "clone by another user": _other_users_clone,
    "after a deletion": _after_deletion,
    "after an abort": _after_abort,
    "after refusals": _after_refusals,
    "after monitors": _after_monitors,
    "read before": _read_before,
    "of another session": _of_other_session,
    "of another session, opened later": _of_earlier_session,
    "of a closed session": _of_closed_session,
    "in a second session": _in_second_session,
    "in a session opened anew": _opened_anew,
    "of another user": _of_other_user,
    "beside another user's": _beside_other_user,
    "after another user's session": _after_other_user,
    "after an outage": _after_outage,
    "through an outage": _through_outage,
    "submitted in a callback": _in_callback,
    "after a client's return": _after_return,
    "asked for its result early": _fetched_early,
    "monitored": _monitored,
    "minutes later": _minutes_later,
    "finished a day ago": _a_day_later,
    "beside a running job": _beside_running,
    "third to finish": _third_to_finish,
    "downloaded": _downloaded,
}
"""Every history by name, nothing first; the names are inputs of checks."""
