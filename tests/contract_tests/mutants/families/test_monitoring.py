"""Conditions and effects of monitors: what is true of their steps, and what they keep."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, LIST, MONITOR, Altered, Change, altered, on
from contract_tests.mutants.algebra.call import Holds
from contract_tests.mutants.algebra.monitor import CALLBACK, DONE, ENDED, ENDS, FINISHED, POLL, SLEEP, TIMEOUT
from contract_tests.mutants.families import monitoring
from contract_tests.system.job_plan import JobPlan
from flare_sim.spec import JobNotFound, SessionClosed


def _session(change: Change) -> Any:
    return altered("monitors", change)().open_session()


def _submit(session: Any, **plan: Any) -> Any:
    return session.submit_job(session.system.job_folder(JobPlan(**plan)))


def _found(step: str, holds: Holds, **arguments: Any) -> list[int]:
    """The polls at whose step a condition holds, of a job that runs for 10 s and is monitored every 2 s."""
    found: list[int] = []
    session = _session(on(step, do.first(lambda call: found.append(call.monitor.polls)), holds))
    session.monitor_job(_submit(session, runs=10.0), **arguments)
    return found


def _goes_on(session: Any, job_id: str, meta: dict[str, Any]) -> bool:
    return True


@pytest.mark.parametrize("step", [POLL, CALLBACK, ENDS, FINISHED, SLEEP])
@pytest.mark.parametrize(
    ("arguments", "code"), [({}, DONE), ({"timeout": 3}, TIMEOUT), ({"cb": lambda *about: False}, ENDED)]
)
def test_a_step_that_is_done_as_it_was_changes_nothing(step: str, arguments: dict[str, Any], code: object) -> None:
    """The monitor is in small steps then, and ends as it did, at the same time."""
    ends = []
    for change in (Change({}), on(step, lambda call: call.go())):
        session = _session(change)
        answer = session.monitor_job(_submit(session, runs=10.0), **arguments)
        ends.append((answer, session.system.server.clock.time()))

    assert ends[0] == ends[1]
    assert ends[0][0] is code


def test_polls_are_told_by_their_numbers_and_by_what_they_read() -> None:
    """A monitor's first poll has changed nothing."""
    polls = _found(FINISHED, when.always)
    changed = _found(FINISHED, monitoring.changed)

    assert polls == list(range(1, len(polls) + 1))
    assert _found(FINISHED, monitoring.at_polls(1, 3)) == [1, 3]
    assert _found(FINISHED, monitoring.polls_from(3)) == polls[2:]
    assert _found(FINISHED, monitoring.AT_END) == polls[-1:] == changed[-1:]
    assert 1 < len(changed) < len(polls)
    assert 1 not in changed


def test_a_callback_says_no_once() -> None:
    """It is told from yes, and from silence."""
    no = {"cb": lambda session, job_id, meta: meta["status"] != "RUNNING"}

    assert len(_found(ENDS, monitoring.said_no, **no)) == 1
    assert _found(ENDS, monitoring.said_no, cb=_goes_on) == []
    assert _found(FINISHED, monitoring.said_no) == []


def test_the_time_is_up_once_it_is() -> None:
    """Of a step of a monitor, and of the monitor itself when it is over; without a timeout never."""
    assert _found(FINISHED, monitoring.time_up, timeout=3) == [3]
    assert _found(FINISHED, monitoring.time_up) == []
    session = _session(on(MONITOR, do.instead_of(TIMEOUT, DONE, monitoring.time_up)))
    assert session.monitor_job(_submit(session, waits=True), timeout=3) is DONE


def test_what_a_callback_did_counts_for_its_own_monitor() -> None:
    """From then on, and by the method and what is true of the call."""

    def lists(session: Any, job_id: str, meta: dict[str, Any]) -> bool:
        if meta["status"] == "RUNNING":
            session.list_jobs(detailed=True)
        return True

    found = _found(FINISHED, monitoring.did(LIST), cb=lists)
    running = _found(FINISHED, when.read("RUNNING"))

    assert found == list(range(running[0], running[-1] + 2))
    assert _found(FINISHED, monitoring.did(LIST, when.detailed), cb=lists) == found
    assert _found(FINISHED, monitoring.did(LIST, when.everyone), cb=lists) == []
    assert _found(FINISHED, monitoring.did(ABORT), cb=lists) == []


def test_the_monitor_that_was_begun_last_may_be_one_in_a_callback() -> None:
    """Even once that is over."""
    begun: list[Any] = []

    def monitors(session: Any, job_id: str, meta: dict[str, Any]) -> bool:
        session.monitor_job(jobs[1])
        return False

    session = _session(on((CALLBACK, ENDS), do.first(lambda call: begun.append(monitoring.last_begun(call).job_id))))
    jobs = [_submit(session) for _ in range(2)]
    session.monitor_job(jobs[0], cb=monitors)

    assert begun == jobs


@pytest.mark.parametrize(
    ("value", "is_one"), [(1, True), (1.5, True), (0, False), (60, False), (True, False), ("", False)]
)
def test_a_number_is_one_between_two_others(value: Any, is_one: bool) -> None:
    """Neither text nor a bool, and neither of the two."""
    seen: list[bool] = []
    holds = monitoring.number("timeout", below=60)
    session = _session(on(MONITOR, lambda call: seen.append(holds(call))))
    session.monitor_job("job", value)

    assert seen == [is_one]
    assert holds.says == "with timeout over 0 and under 60"


def test_callbacks_are_measured() -> None:
    """In seconds on the clock, those that raise as well."""
    monitors: list[Any] = []

    def slow(session: Any, job_id: str, meta: dict[str, Any]) -> bool:
        session.system.server.clock.sleep(3.0)
        raise KeyError(job_id)

    change = on(CALLBACK, monitoring.measures) + on(POLL, do.first(lambda call: monitors.append(call.monitor)))
    session = _session(change)
    with pytest.raises(KeyError):
        session.monitor_job(_submit(session), cb=slow)

    assert [monitoring.took(monitor) for monitor in monitors] == [[3.0]]


def test_a_callback_that_is_called_again_gets_a_meta_of_its_own() -> None:
    """What it did to the one before is not in it."""
    given: list[Any] = []

    def keeps(session: Any, job_id: str, meta: dict[str, Any]) -> bool:
        given.append(dict(meta))
        meta.clear()
        return False

    session = _session(on(CALLBACK, do.first(monitoring.calls_again)))
    session.monitor_job(_submit(session), cb=keeps)

    assert len(given) == 2
    assert given[0] == given[1] != {}


def test_a_monitor_sleeps_as_it_is_told() -> None:
    """By the interval and the monitor."""
    slept: list[float] = []
    change = monitoring.sleeping(lambda seconds, monitor: seconds * monitor.polls, monitoring.polls_from(2))
    session = _session(change + on(SLEEP, do.first(lambda call: slept.append(call["seconds"]))))
    session.monitor_job(_submit(session, waits=True), timeout=10, poll_interval=2.0)

    assert slept == [2.0, 4.0, 6.0]


def test_a_first_look_finds_what_is_wrong_at_once() -> None:
    """What comes later is the change's affair."""
    session = _session(monitoring.looks_first(on(MONITOR, do.swallows(JobNotFound, DONE))))
    job = _submit(session, waits=True)

    with pytest.raises(JobNotFound):
        session.monitor_job("no such job")
    assert session.monitor_job(job, cb=lambda session, job_id, meta: session.delete_job(job_id) or True) is DONE


def test_a_poll_may_go_by_another_session() -> None:
    """It goes on when its own is closed."""
    session = _session(on(POLL, do.swallows(SessionClosed, monitoring.elsewhere)))
    job = _submit(session)

    assert session.monitor_job(job, cb=lambda session, job_id, meta: session.close() or True) is DONE


def test_what_was_read_last_is_a_copy() -> None:
    """Of the poll before, while the next one is under way."""
    session = _session(on(POLL, do.swallows(JobNotFound, monitoring.last_read), when.later_poll))
    job = _submit(session, waits=True)
    metas: list[Any] = []

    def deletes(session: Altered, job_id: str, meta: dict[str, Any]) -> bool:
        metas.append(meta)
        if len(metas) == 1:
            session.delete_job(job_id)
        return len(metas) < 2

    assert session.monitor_job(job, cb=deletes) is ENDED
    assert metas[0] == metas[1]
    assert metas[0] is not metas[1]
