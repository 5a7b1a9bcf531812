"""Faults: each verb does what it says, when it says, and undoing it brings everything back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import (
    Command,
    Faults,
    InternalError,
    JobNotFound,
    MonitorReturnCode,
    NoConnection,
    SessionClosed,
    SimulatedServer,
)
from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from flare_sim import Session

LONG = definition(custom_props=behaving(run_seconds=100))


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


def statuses(session: Session) -> list[str]:
    """The status of every job."""
    return [job["status"] for job in session.list_jobs(all=True)]


def test_a_partition_cuts_everybody_off_until_it_is_repaired(server: SimulatedServer, session: Session) -> None:
    """Every call and every connect is NoConnection; the server works on, and the session works again."""
    job_id = session.submit_definition(LONG)
    server.faults.partition()
    for call in calls(session, job_id):
        with pytest.raises(NoConnection):
            call()
    with pytest.raises(NoConnection):
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
    """A second crash before the clients are back starts their wait anew; those that had dropped stay away."""
    server.faults.drop("site-2")
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

    assert [client.name for client in session.get_system_info().client_info] == ["site-1", "site-3"]


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


def test_a_run_pauses_while_too_few_of_its_clients_are_there(server: SimulatedServer, session: Session) -> None:
    """The run stands still while a needed client is away, and ends that much later."""
    job_id = session.submit_definition(definition())
    server.advance(2.15)
    server.faults.drop("site-2")
    server.faults.drop("site-1", after=1)
    server.faults.reconnect("site-1", after=2)
    server.advance(50)
    assert statuses(session) == ["RUNNING"]

    server.faults.reconnect("site-2")

    server.advance(5.99)
    assert statuses(session) == ["RUNNING"]
    server.advance(0.01)
    assert statuses(session) == ["FINISHED:COMPLETED"]
    assert session.get_job_meta(job_id)["duration"] == "0:00:57.000000"
    assert [record[3] for record in server.trace.of("run")] == ["paused", "resumed"]


def test_a_run_that_starts_without_its_clients_waits_for_them(server: SimulatedServer, session: Session) -> None:
    """A client lost while the job was dispatched makes the run pause from its very start."""
    session.submit_definition(definition())
    server.faults.drop("site-1", after=1.1)
    server.advance(20)
    assert statuses(session) == ["RUNNING"]
    server.faults.reconnect("site-1")
    server.advance(7)

    assert statuses(session) == ["FINISHED:COMPLETED"]


def test_a_run_goes_on_with_enough_clients(server: SimulatedServer, session: Session) -> None:
    """A client the job can do without makes no difference to when it ends."""
    session.submit_definition(definition(min_clients=1))
    server.faults.drop("site-1", after=2)
    server.advance(8.15)

    assert statuses(session) == ["FINISHED:COMPLETED"]


def test_a_paused_run_can_be_aborted(server: SimulatedServer, session: Session) -> None:
    """An abort doesn't wait for clients to come back."""
    job_id = session.submit_definition(LONG)
    server.faults.drop("site-1", after=2)
    server.advance(50)

    session.abort_job(job_id)

    assert statuses(session) == ["FINISHED:ABORTED"]


def test_deploying_to_a_client_that_dropped_fails_there(server: SimulatedServer, session: Session) -> None:
    """A client lost between choosing and deploying does not answer."""
    job_id = session.submit_definition(definition())
    server.faults.drop("site-1", after=1.02)
    server.advance(2)

    assert session.get_job_meta(job_id)["job_deploy_detail"] == [
        "server: OK",
        "site-1: unknown",
        "site-2: OK",
        "num_ok_sites 1 < required_min_sites 2",
    ]


def test_deployments_fail_as_often_as_told(server: SimulatedServer, session: Session) -> None:
    """The next so many deployments to a site fail, then they work again; taking it back takes it back."""
    server.faults.fail_deploy("site-1", 2)
    server.faults.fail_deploy("server", 5)
    server.faults.fail_deploy("server", 0)
    for _ in range(3):
        session.submit_definition(definition())
    server.run_until_idle()

    assert statuses(session) == ["FINISHED:FAILED_TO_RUN"] * 2 + ["FINISHED:COMPLETED"]


def test_the_server_itself_may_fail_to_deploy(server: SimulatedServer, session: Session) -> None:
    """Then the detail has the server's line alone."""
    server.faults.fail_deploy("server")
    job_id = session.submit_definition(definition())
    server.advance(2)

    assert session.get_job_meta(job_id)["job_deploy_detail"] == ["server: failed to deploy app app"]


def test_a_killed_job_ends_abnormally(server: SimulatedServer, session: Session) -> None:
    """Killing a running job's process is FINISHED:ABNORMAL; killing anything else does nothing."""
    job_id = session.submit_definition(LONG)
    server.faults.kill_job(job_id)
    server.advance(2)
    assert statuses(session) == ["RUNNING"]
    server.faults.kill_job(job_id, after=1)
    server.faults.kill_job(job_id, after=2)
    server.advance(3)

    assert (statuses(session), session.get_job_meta(job_id)["duration"]) == (["FINISHED:ABNORMAL"], "N/A")


def test_a_fault_comes_at_its_time(server: SimulatedServer, session: Session) -> None:
    """Later means so many seconds from now or a time; a time that has passed is now."""
    now = server.clock.time()
    server.faults.partition(at=now + 10)
    server.faults.repair(after=12)
    server.faults.malfunction(at=now - 5)
    with pytest.raises(InternalError):
        session.list_jobs()
    server.faults.mend()
    server.advance(9.9)
    assert session.list_jobs() == []
    server.advance(0.1)
    with pytest.raises(NoConnection):
        session.list_jobs()
    server.advance(2)
    assert session.list_jobs() == []


def test_a_monitor_sees_the_faults_in_its_time(server: SimulatedServer, session: Session) -> None:
    """A monitor sleeps through to the moment of a fault and raises at its next look; undone, it works again."""
    job_id = session.submit_definition(LONG)
    server.faults.partition(after=10)
    start = server.clock.time()
    with pytest.raises(NoConnection):
        session.monitor_job(job_id)
    assert server.clock.time() - start == 10
    server.faults.repair()

    assert session.monitor_job(job_id) is MonitorReturnCode.JOB_FINISHED


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("partition", ()),
        ("repair", ()),
        ("restart", ()),
        ("normal_replies", ()),
        ("mend", ()),
        ("release", ()),
        ("reconnect", ("site-1",)),
    ],
)
def test_undoing_what_was_not_done_does_nothing(server: SimulatedServer, verb: str, args: tuple[str, ...]) -> None:
    """Verbs may be said twice: the second time there is nothing to do, and no trace."""
    getattr(server.faults, verb)(*args)
    before = server.trace.digest()

    getattr(server.faults, verb)(*args)

    assert server.trace.digest() == before


@pytest.mark.parametrize(
    ("verb", "args", "match"),
    [
        ("drop", ("site-9",), "no client 'site-9'"),
        ("drop", (None,), "no client None"),
        ("reconnect", ("",), "no client"),
        ("fail_deploy", ("site-9",), "no client"),
        ("fail_deploy", ("site-1", -1), "times"),
        ("fail_deploy", ("site-1", 1.5), "times"),
        ("kill_job", ("x",), "no job 'x'"),
        ("kill_job", (None,), "no job None"),
        ("slow_replies", (-1,), "seconds"),
        ("slow_replies", (float("nan"),), "seconds"),
        ("slow_replies", ("1",), "seconds"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(
    server: SimulatedServer, verb: str, args: tuple[Any, ...], match: str
) -> None:
    """A site or job that isn't there, or a number that is none, is refused when it is said."""
    with pytest.raises(ValueError, match=match):
        getattr(server.faults, verb)(*args)

    assert len(server.trace) == 0


@pytest.mark.parametrize(
    "when", [{"after": -1}, {"after": "1"}, {"at": float("nan")}, {"at": None, "after": 1e10}, {"at": 1, "after": 1}]
)
def test_a_time_that_makes_no_sense_is_refused(server: SimulatedServer, when: dict[str, Any]) -> None:
    """A fault comes after some seconds or at a time, not at both and not in between."""
    with pytest.raises(ValueError, match=r"after|at"):
        server.faults.partition(**when)


def test_a_client_may_be_gone_when_its_fault_comes(server: SimulatedServer) -> None:
    """A fault for a client that has left by then does nothing."""
    server.faults.drop("site-1", after=5)
    server.faults.reconnect("site-1", after=6)
    server.remove_client("site-1")
    server.advance(10)

    assert [record[2:] for record in server.trace.of("client")] == [("site-1", "left")]


def test_faults_say_what_is_wrong(server: SimulatedServer) -> None:
    """The representation lists what is wrong now."""
    assert repr(server.faults) == "<Faults: none>"
    server.faults.hold()
    server.faults.slow_replies(1)

    assert repr(server.faults) == "<Faults: holding, slow>"
    assert isinstance(server.faults, Faults)


@pytest.mark.parametrize("verb", ["partition", "crash"])
def test_a_reply_is_lost_with_the_connection(server: SimulatedServer, session: Session, verb: str) -> None:
    """When the server is cut off or dies while an abort is under way, the abort doesn't look as if it had succeeded."""
    job_id = session.submit_definition(LONG)
    server.advance(2)
    getattr(server.faults, verb)(after=1)
    if verb == "crash":
        server.faults.restart(after=2)

    with pytest.raises(NoConnection, match="before the reply came"):
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
