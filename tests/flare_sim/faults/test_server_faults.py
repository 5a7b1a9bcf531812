"""Partitions, crashes, lost sessions, slow and lost replies, malfunctions, a scheduler on hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import Command, InternalError, JobNotFound, NoConnection, SessionClosed, SimulatedServer
from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from flare_sim import Session
from tests.flare_sim.faults.long_job import LONG, statuses


def calls(session: Session, job_id: str) -> list[Any]:
    """Every call of a session that needs the server."""
    return [
        lambda: session.submit_definition(LONG),
        lambda: session.clone_job(job_id),
        lambda: session.get_job_meta(job_id),
        session.list_jobs,
        lambda: session.download_job_result(job_id),
        lambda: session.abort_job(job_id),
        lambda: session.delete_job(job_id),
        session.get_system_info,
        lambda: session.monitor_job(job_id, timeout=1),
    ]


def send(session: Session, name: str, *args: str) -> None:
    """Send a command without waiting for its reply to arrive."""
    session._server.request(session._login, Command(name, args))


def test_a_partition_cuts_everybody_off_until_it_is_repaired(server: SimulatedServer, session: Session) -> None:
    """Every call and every connect is NoConnection; the server works on, and the session works again."""
    job_id = session.submit_definition(LONG)
    server.faults.partition()
    for call in calls(session, job_id):
        with pytest.raises(NoConnection):
            call()
    with pytest.raises(NoConnection, match=r"^cannot connect to simulated_project: no server there$"):
        server.connect()
    server.advance(5)
    assert "unreachable" in repr(server)

    server.faults.repair()

    assert statuses(session) == ["RUNNING"]


def test_a_crash_loses_runs_and_sessions(server: SimulatedServer, session: Session) -> None:
    """A restarted server finds its runs abandoned, knows no session of before, and its clients come back later."""
    running = session.submit_definition(LONG)
    server.advance(3)
    waiting = session.submit_definition(definition(min_clients=9))
    server.faults.crash()
    with pytest.raises(NoConnection):
        session.get_job_meta(running)
    server.advance(60)

    server.faults.restart()

    with pytest.raises(SessionClosed):
        session.list_jobs()
    fresh = server.connect()
    meta = fresh.get_job_meta(running)
    assert statuses(fresh) == ["FINISHED:ABANDONED", "SUBMITTED"]
    assert (meta["duration"], meta["start_time"] != "") == ("N/A", True)
    info = fresh.get_system_info()
    assert (info.server_info.start_time, info.client_info) == (server.clock.time(), [])
    server.advance(26.9)
    assert "schedule_count" not in fresh.get_job_meta(waiting)
    server.advance(0.2)
    assert [client.name for client in fresh.get_system_info().client_info] == ["site-1", "site-2"]
    server.advance(1)
    assert fresh.get_job_meta(waiting)["schedule_count"] == 1


def test_a_crash_settles_each_state_its_way(server: SimulatedServer) -> None:
    """Deployed jobs wait again, dispatched, running and stopping ones are abandoned, finished ones stay."""
    session = server.connect()
    done = session.submit_definition(definition(custom_props=behaving(run_seconds=0)))
    server.advance(2)
    for _ in range(2):
        session.submit_definition(LONG)
    server.advance(2.5)
    session.submit_definition(definition(custom_props=behaving(start_seconds=50)))
    session.submit_definition(definition(custom_props=behaving(deploy_seconds=50)))
    server.advance(2)
    send(session, "abort_job", server.jobs[1].job_id)

    server.faults.crash()
    server.faults.restart()

    fresh = server.connect()
    assert fresh.get_job_meta(done)["status"] == "FINISHED:COMPLETED"
    assert statuses(fresh) == ["FINISHED:COMPLETED"] + ["FINISHED:ABANDONED"] * 3 + ["SUBMITTED"]
    assert "schedule_count" not in fresh.get_job_meta(server.jobs[4].job_id)
    server.run_until_idle()
    assert statuses(fresh)[-1] == "FINISHED:COMPLETED"
    assert fresh.get_job_meta(server.jobs[4].job_id)["schedule_count"] == 1


def test_a_deletion_under_way_is_lost_with_the_server(server: SimulatedServer, session: Session) -> None:
    """A running job that was being deleted when the server died is still there, abandoned."""
    job_id = session.submit_definition(LONG)
    server.advance(2)
    send(session, "delete_job", job_id)
    server.faults.crash()
    server.faults.restart()
    server.advance(100)

    assert [job.status for job in server.jobs] == ["FINISHED:ABANDONED"]


def test_clients_come_back_after_the_last_restart_only(server: SimulatedServer) -> None:
    """A second crash before the clients are back starts their wait anew.

    Who had dropped stays away, unless back while there was no server.
    """
    server.add_client("site-4")
    server.faults.drop("site-2")
    server.faults.drop("site-4")
    server.faults.crash()
    server.faults.restart()
    server.advance(20)
    server.faults.crash()
    server.faults.crash()
    server.add_client("site-3")
    server.faults.reconnect("site-2")
    server.advance(5)
    server.faults.restart()
    server.faults.restart()
    server.advance(26)
    session = server.connect()
    assert session.get_system_info().client_info == []

    server.advance(1)

    assert [client.name for client in session.get_system_info().client_info] == ["site-1", "site-3", "site-2"]


def test_a_client_that_was_silent_when_the_server_died_is_not_brought_back(server: SimulatedServer) -> None:
    """Those come back that the crash cut off, whether they were there from the start or were added later."""
    for name in ("site-3", "site-4"):
        server.add_client(name)
    for name in ("site-2", "site-3"):
        server.faults.drop(name)
    server.faults.crash()
    server.faults.restart()
    server.advance(100)

    assert [client.name for client in server.connect().get_system_info().client_info] == ["site-1", "site-4"]


def test_lost_sessions_stay_lost(server: SimulatedServer, session: Session) -> None:
    """Sessions of one user, or of all, are over for good; new ones work."""
    lead = server.connect("lead@nvidia.com")
    job_id = session.submit_definition(LONG)
    server.faults.lose_sessions("lead@nvidia.com")
    for call in calls(lead, job_id):
        with pytest.raises(SessionClosed):
            call()
    assert "closed" in repr(lead)
    assert statuses(session) == ["SUBMITTED"]
    server.faults.lose_sessions()
    with pytest.raises(SessionClosed):
        session.list_jobs()

    assert statuses(server.connect("lead@nvidia.com")) == ["SUBMITTED"]


def test_slow_replies_take_time_on_the_clock(server: SimulatedServer, session: Session) -> None:
    """Each reply takes its seconds, refusals too, on top of what the command itself takes."""
    server.faults.slow_replies(1.5)
    start = server.clock.time()
    job_id = session.submit_definition(LONG)
    with pytest.raises(JobNotFound):
        session.get_job_meta("x")
    assert server.clock.time() - start == 3.0
    session.abort_job(job_id)
    assert server.clock.time() - start == 3.0 + 1.5 + 3.0

    server.faults.normal_replies()

    session.list_jobs()
    assert server.clock.time() - start == 7.5


def test_a_malfunction_changes_nothing(server: SimulatedServer, session: Session) -> None:
    """Every command is an InternalError and leaves no trace, until it is mended."""
    job_id = session.submit_definition(LONG)
    server.faults.malfunction()
    before = server.trace.digest()
    for call in calls(session, job_id):
        with pytest.raises(InternalError):
            call()
    assert server.trace.digest() == before

    server.faults.mend()

    assert statuses(session) == ["SUBMITTED"]


def test_a_held_scheduler_schedules_nothing(server: SimulatedServer, session: Session) -> None:
    """While held, jobs wait untried; released, the next tick goes on."""
    server.faults.hold()
    job_id = session.submit_definition(LONG)
    server.advance(1000.25)
    assert "schedule_count" not in session.get_job_meta(job_id)

    server.faults.release()

    server.advance(1)
    assert session.get_job_meta(job_id)["last_schedule_time"] == 1767225600 + 1001


def test_a_hold_between_planning_and_ticking_counts(server: SimulatedServer, session: Session) -> None:
    """A tick that was planned before the hold does nothing when it comes."""
    session.submit_definition(LONG)
    server.faults.hold(after=0.5)
    server.advance(10)

    assert statuses(session) == ["SUBMITTED"]


@pytest.mark.parametrize("verb", ["partition", "crash"])
def test_a_reply_is_lost_with_the_connection(server: SimulatedServer, session: Session, verb: str) -> None:
    """When the server is cut off or dies while an abort is under way, the abort doesn't look as if it had succeeded."""
    job_id = session.submit_definition(LONG)
    server.advance(2)
    getattr(server.faults, verb)(after=1)
    if verb == "crash":
        server.faults.restart(after=2)

    with pytest.raises(NoConnection, match=r"^the connection was lost before the reply came$"):
        session.delete_job(job_id)

    expected = {"partition": [], "crash": ["FINISHED:ABANDONED"]}
    assert [job.status for job in server.jobs] == expected[verb]


def test_a_reply_gets_through_a_short_partition(server: SimulatedServer, session: Session) -> None:
    """A connection outlives a partition that is repaired before the reply is there."""
    job_id = session.submit_definition(LONG)
    server.advance(2)
    server.faults.partition(after=1)
    server.faults.repair(after=2)

    session.abort_job(job_id)

    assert session.get_job_meta(job_id)["status"] == "FINISHED:ABORTED"
