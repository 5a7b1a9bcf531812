"""What happens at a call that is still to come, how long it lasts, and what is planned of clients and users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flare_sim import (
    AuthenticationError,
    AuthorizationError,
    Client,
    InternalError,
    NoConnection,
    NthCall,
    SimulatedServer,
)
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from flare_sim import Session


def outcomes(session: Session, count: int) -> list[str]:
    """How so many looks at the jobs end."""
    seen = []
    for _ in range(count):
        try:
            session.list_jobs()
            seen.append("listed")
        except (InternalError, NoConnection) as problem:  # noqa: PERF203  (which of them raise is the question)
            seen.append(type(problem).__name__)
    return seen


def test_a_call_is_lost_before_it_is_heard(server: SimulatedServer, session: Session) -> None:
    """The third one finds nobody, and nothing has come of it."""
    server.faults.partition(at_call=3)
    session.list_jobs()
    session.submit_definition(definition())
    with pytest.raises(NoConnection):
        session.submit_definition(definition())

    assert len(server.jobs) == 1
    assert server.requests.counts == {"list_jobs": 1, "submit_job": 1}


def test_a_reply_is_lost_and_what_was_asked_for_is_done(server: SimulatedServer, session: Session) -> None:
    """The commonest reason for a job that is there twice: who submitted it heard nothing, and tried again."""
    server.faults.partition(at_call=NthCall(1, of="submit_job", answered=True), lasting=5)
    with pytest.raises(NoConnection):
        session.submit_definition(definition())
    server.advance(5)
    session.submit_definition(definition())

    assert [job.name for job in server.jobs] == ["small", "small"]
    assert server.requests.counts == {"submit_job": 2}


def test_only_what_counts_is_counted(server: SimulatedServer, session: Session) -> None:
    """Calls of a method, of a user: others pass by."""
    lead = server.connect("lead@nvidia.com")
    server.faults.malfunction(at_call=NthCall(2, of="list_jobs", by="lead@nvidia.com"))
    for _ in range(3):
        session.list_jobs()
        lead.get_system_info()
    lead.list_jobs()
    assert outcomes(session, 1) == ["listed"]
    with pytest.raises(InternalError):
        lead.list_jobs()

    assert outcomes(session, 1) == ["InternalError"]


@pytest.mark.parametrize(
    ("method", "act"),
    [
        ("get_system_info", lambda session, _: session.get_system_info()),
        ("download_job_result", lambda session, job_id: session.download_job_result(job_id)),
        ("monitor_job", lambda session, job_id: session.monitor_job(job_id)),
        ("list_jobs", lambda session, _: session.list_jobs()),
        ("get_job_meta", lambda session, job_id: session.get_job_meta(job_id)),
        ("clone_job", lambda session, job_id: session.clone_job(job_id)),
        ("abort_job", lambda session, job_id: session.abort_job(job_id)),
        ("delete_job", lambda session, job_id: session.delete_job(job_id)),
    ],
)
def test_methods_have_the_interfaces_names(server: SimulatedServer, session: Session, method: str, act: Any) -> None:
    """Whatever the command is called that a method gives."""
    job_id = session.submit_definition(definition())
    server.faults.partition(at_call=NthCall(1, of=method))
    with pytest.raises(NoConnection):
        act(session, job_id)


def test_a_monitor_meets_it_at_its_look(server: SimulatedServer, session: Session) -> None:
    """Each look counts, also those that need no request when nothing waits for calls."""
    job_id = session.submit_definition(definition())
    server.faults.malfunction(at_call=NthCall(3, of="monitor_job"))
    began = server.clock.time()
    with pytest.raises(InternalError):
        session.monitor_job(job_id, poll_interval=2)

    assert server.clock.time() - began == 4


def test_a_monitor_under_way_meets_what_is_said_meanwhile(server: SimulatedServer, session: Session) -> None:
    """By its callback, say."""
    job_id = session.submit_definition(definition())
    looks = 0

    def look(*_: Any) -> bool:
        nonlocal looks
        looks += 1
        if looks == 2:
            server.faults.partition(at_call=2)
        return True

    with pytest.raises(NoConnection):
        session.monitor_job(job_id, 0, 1, look)
    assert looks == 3


@pytest.mark.parametrize(
    ("break_it", "works"),
    [
        (lambda faults, **when: faults.partition(**when), lambda session: session.list_jobs()),
        (lambda faults, **when: faults.malfunction(**when), lambda session: session.list_jobs()),
    ],
)
@pytest.mark.parametrize("when", [{}, {"after": 3}, {"at_call": 1}])
def test_what_lasts_is_undone(
    server: SimulatedServer, session: Session, break_it: Any, works: Any, when: dict[str, Any]
) -> None:
    """So many seconds after it began, not a moment earlier."""
    break_it(server.faults, lasting=10, **when)
    server.advance(when.get("after", 0))
    assert outcomes(session, 1) != ["listed"]
    server.advance(9.999999)
    assert outcomes(session, 1) != ["listed"]
    server.advance(0.000001)
    assert outcomes(session, 1) == ["listed"]


def test_a_crash_a_hold_a_silent_client_and_slow_replies_end_too(server: SimulatedServer) -> None:
    """Each by what undoes it."""
    server.faults.hold(lasting=1)
    server.faults.drop("site-1", lasting=2)
    server.faults.slow_replies(4, lasting=3)
    server.faults.crash(lasting=4)
    assert repr(server.faults) == (
        "<Faults: crashed, holding, slow (4.0 s), silent 'site-1'; to come: release() in 1.0 s, "
        "reconnect('site-1') in 2.0 s, normal_replies() in 3.0 s, restart() in 4.0 s>"
    )
    server.advance(60)

    assert repr(server.faults) == "<Faults: none>"


def test_what_is_to_come_is_told(server: SimulatedServer) -> None:
    """Times first, then calls."""
    server.faults.partition(at_call=NthCall(3, of="submit_job", by="lead@nvidia.com", answered=True), lasting=2)
    server.faults.hold(at_call=1)
    server.add_client("site-3", after=5)

    assert repr(server.faults) == (
        "<Faults: none; to come: add_client('site-3', None) in 5.0 s, "
        "partition(lasting=2.0) after 3 more submit_job of 'lead@nvidia.com', hold() at the last of 1 more calls>"
    )


def test_all_jobs_of_a_name_are_killed(server: SimulatedServer) -> None:
    """Those that run then."""
    for name in ("train-1", "train-2", "other"):
        server.submit(definition(name=name))
    server.faults.kill_jobs("train-*", after=5)
    server.submit(definition(name="train-3"))
    server.faults.kill_jobs("other", after=5)
    server.submit(definition(name="train-4"))
    server.run_until_idle()

    assert [job.status.removeprefix("FINISHED:") for job in server.jobs] == [
        *["ABNORMAL"] * 4,
        "COMPLETED",
    ]


def test_clients_come_and_go_at_their_times(server: SimulatedServer, session: Session) -> None:
    """What is said of one that is still to come is taken, and so is one whose name will be free."""
    server.add_client(Client("late", {"gpus": 1}), after=10)
    server.faults.drop("late", after=20)
    server.remove_client("late", after=30)
    server.remove_client("site-1", after=5)
    with pytest.raises(ValueError, match="there is no client 'later'"):
        server.faults.drop("later", after=20)

    seen = []
    for _ in range(4):
        seen.append([client.name for client in session.get_system_info().client_info])
        server.advance(10)
    assert seen == [["site-1", "site-2"], ["site-2", "late"], ["site-2", "late"], ["site-2"]]


def test_users_come_and_go_at_their_times(server: SimulatedServer) -> None:
    """A role changes, somebody leaves, at a time or at a call."""
    server.add_user("ann", "member", after=10)
    server.change_role("ann", "lead", after=20)
    server.revoke_user("ann", at_call=NthCall(3, by="ann"))
    with pytest.raises(AuthenticationError):
        server.connect("ann")
    server.advance(10)
    ann = server.connect("ann")
    with pytest.raises(AuthorizationError):
        ann.submit_definition(definition())
    server.advance(10)
    ann.submit_definition(definition())
    with pytest.raises(AuthorizationError):
        ann.list_jobs()

    assert "ann" not in {user.name for user in server.users}


def test_what_makes_no_sense_when_its_time_comes_does_nothing(server: SimulatedServer) -> None:
    """A client that is there already, one that is gone, a user likewise."""
    server.add_client("late", after=10)
    server.add_client("late")
    server.add_user("ann", after=10)
    server.add_user("ann")
    server.remove_client("site-1", after=10)
    server.remove_client("site-1")
    server.faults.fail_deploy("site-2")
    server.revoke_user("lead@nvidia.com", after=10)
    server.change_role("lead@nvidia.com", "member", after=11)
    server.faults.drop("site-2", after=10)
    server.remove_client("site-2", after=9)
    before = len(server.trace)
    server.advance(20)

    assert [tuple(record)[1:] for record in server.trace.rows()[before:]] == [
        ("client", "site-2", "left"),
        ("user", "lead@nvidia.com", "revoked"),
    ]


@pytest.mark.parametrize(
    ("of", "said"),
    [
        ("sumbit_job", "^there is no call 'sumbit_job'; did you mean 'submit_job'"),
        (3, "^there is no call 3"),
    ],
)
def test_a_call_that_there_is_not_is_refused(of: Any, said: str) -> None:
    """With the one that was meant."""
    with pytest.raises(ValueError, match=said):
        NthCall(1, of)


@pytest.mark.parametrize(("by", "answered", "said"), [("", False, "^by must be"), (None, 1, "^answered must be")])
def test_a_call_that_makes_no_sense_is_refused(by: Any, answered: Any, said: str) -> None:
    """Of nobody, or of nothing that can be."""
    with pytest.raises(ValueError, match=said):
        NthCall(1, None, by, answered)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 12), max_size=5),
    st.lists(st.sampled_from(["list_jobs", "get_system_info"]), min_size=1, max_size=12),
    st.booleans(),
)
def test_each_fault_comes_at_its_own_call(numbers: list[int], calls: list[str], answered: bool) -> None:
    """Whatever else waits: what an n-th call meets is what was said of it alone."""
    server = SimulatedServer()
    session = server.connect()
    for number in numbers:
        server.faults.fail_deploy("site-1", number, at_call=NthCall(number, answered=answered))
    for call in calls:
        getattr(session, call)()

    told = [record[-1] for record in server.trace.rows() if record[1] == "fault"]
    assert told == sorted(number for number in numbers if number <= len(calls))
