"""What a user of NVFLARE 2.9 sees of clients, runs and restarts, on a server like those of 2.9.0.

Each was seen on a live system of a server and two clients, through the same session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from nvflare.fuel.flare_api import api_spec

from flare_sim import JobBehavior, SimulatedServer
from flare_sim.nvflare import connect
from tests.flare_sim.job_samples import write_job

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def live_like() -> SimulatedServer:
    """A server like those of 2.9.0, whose jobs run for 20 seconds."""
    return SimulatedServer(personality="nvflare-2.9", behavior=JobBehavior(run_seconds=20))


@pytest.fixture
def user(live_like: SimulatedServer) -> Any:
    """A session of NVFLARE's with it."""
    return connect(live_like)


def names(session: Any) -> list[str]:
    """The clients that are there."""
    return [client.name for client in session.get_connected_client_list()]


def running(server: SimulatedServer, session: Any, folder: str) -> str:
    """A job that has been running for four seconds."""
    job_id: str = session.submit_job(folder)
    while session.get_job_meta(job_id)["status"] != "RUNNING":
        server.advance(0.1)
    server.advance(4)
    return job_id


def test_clients_tell_how_far_a_run_is(live_like: SimulatedServer, user: Any, job: str) -> None:
    """It starts, has started, has stopped, and is gone before the status of the job is final."""
    job_id = user.submit_job(job)
    seen: list[tuple[str, str]] = []
    while not seen or not seen[-1][1].startswith("FINISHED"):
        word = user.get_client_job_status()[0]["status"]
        seen.append((word, user.get_job_meta(job_id)["status"]))
        live_like.advance(0.2)
    told = [pair for number, pair in enumerate(seen) if pair not in seen[:number]]

    assert [pair for pair in told if pair[1] == "RUNNING"] == [
        ("starting", "RUNNING"),
        ("started", "RUNNING"),
        ("stopped", "RUNNING"),
        ("no_jobs", "RUNNING"),
    ]
    assert told[-1] == ("no_jobs", "FINISHED:COMPLETED")


def test_an_aborted_run_is_told_in_its_stages(live_like: SimulatedServer, user: Any, job: str) -> None:
    """After the call it goes on for six seconds; its clients have stopped, forget it, then the engine lets go of it."""
    job_id = running(live_like, user, job)
    said = user.abort_job(job_id)
    seen: list[tuple[str, int]] = []
    begun = live_like.clock.time()
    while user.get_job_meta(job_id)["status"] == "RUNNING":
        now = (user.get_client_job_status()[0]["status"], len(user.get_system_info().job_info))
        seen += [now] if now not in seen else []
        live_like.advance(0.2)

    assert said == "Abort signal has been sent to the server app."
    assert seen == [("stopped", 1), ("no_jobs", 1), ("no_jobs", 0)]
    assert live_like.clock.time() - begun == pytest.approx(6, abs=0.4)


def test_while_a_job_lingers_it_is_in_the_way(live_like: SimulatedServer, user: Any, job: str) -> None:
    """It can't be deleted or downloaded, and nothing restarted; to abort it again is taken."""
    job_id = running(live_like, user, job)
    user.abort_job(job_id)

    for method, args, options in (
        ("delete_job", [job_id], {}),
        ("download_job_result", [job_id], {}),
        ("restart", ["client"], {"wait": False}),
        ("restart", ["server"], {"wait": False}),
    ):
        with pytest.raises(api_spec.JobNotDone):
            getattr(user, method)(*args, **options)
    assert user.abort_job(job_id) == "Abort signal has been sent to the server app."
    with pytest.raises(api_spec.JobNotDone):
        user.delete_job(job_id)
    live_like.advance(6)
    assert user.get_job_meta(job_id)["status"] == "FINISHED:ABORTED"
    user.delete_job(job_id)


def test_a_server_alone_is_not_shut_down(user: Any) -> None:
    """Its clients are still running, and the session stays open."""
    with pytest.raises(api_spec.ClientsStillRunning):
        user.shutdown("server", wait=False)
    assert names(user) == ["site-1", "site-2"]


def test_without_clients_there_is_nobody_to_ask(user: Any) -> None:
    """Whatever is asked of clients says so; what is asked of the server is answered."""
    user.shutdown("client")

    for method, args in (
        ("get_client_job_status", []),
        ("check_status", ["client"]),
        ("report_resources", ["client"]),
        ("report_version", ["client"]),
        ("restart", ["client"]),
        ("shutdown", ["client"]),
    ):
        with pytest.raises(api_spec.NoClientsAvailable):
            getattr(user, method)(*args)
    with pytest.raises(api_spec.InvalidTarget, match="site-1"):
        user.remove_client("site-1")
    assert user.check_status("server")["jobs"] == []
    assert user.report_resources("all") == {"server": "unlimited"}
    assert user.get_system_info().client_info == []


def test_a_silent_client_has_no_reply(live_like: SimulatedServer, user: Any) -> None:
    """It is listed, and does not answer."""
    live_like.faults.drop("site-2")

    assert user.get_client_job_status(["site-2"]) == [{"client_name": "site-2", "status": "no_reply"}]
    assert user.report_resources("client", ["site-2"]) == {"site-2": "No replies"}
    assert user.report_version("client", ["site-2"]) == {"site-2": {"error": "No replies"}}
    assert user.restart("client", ["site-2"], wait=False)["client_status"] == {"site-2": "no_reply"}
    assert names(user) == ["site-1", "site-2"]


def test_clients_leave_and_come_back(live_like: SimulatedServer, user: Any) -> None:
    """Removed for three seconds, disabled until three seconds after it is enabled."""
    user.remove_client("site-1")
    assert names(user) == ["site-2"]
    live_like.advance(3)
    assert names(user) == ["site-2", "site-1"]
    user.disable_client("site-2")
    for method, args in (("remove_client", ["site-2"]), ("check_status", ["client", ["site-2"]])):
        with pytest.raises(api_spec.InvalidTarget, match="site-2"):
            getattr(user, method)(*args)
    live_like.advance(60)
    assert names(user) == ["site-1"]
    user.enable_client("site-2")
    live_like.advance(3)

    assert names(user) == ["site-1", "site-2"]


def test_a_client_that_is_removed_goes_on_with_its_job(live_like: SimulatedServer, user: Any, tmp_path: Path) -> None:
    """The job runs on, and once the client is back it tells of it again."""
    job_id = running(live_like, user, write_job(tmp_path / "one", min_clients=1))
    user.remove_client("site-1")
    assert [line["client_name"] for line in user.get_client_job_status()] == ["site-2"]
    live_like.advance(3)

    assert [line["status"] for line in user.get_client_job_status()] == ["started", "started"]
    assert user.get_job_meta(job_id)["status"] == "RUNNING"


@pytest.mark.parametrize(
    ("call", "seconds"),
    [
        (lambda session: session.restart("client", ["site-2"]), 13.5),
        (lambda session: session.restart("client", wait=False), 0.95),
        (lambda session: session.restart("server", timeout=30), 13.7),
        (lambda session: session.shutdown("client", ["site-2"]), 0.35),
        (lambda session: session.shutdown_system(), 0.95),
    ],
)
def test_what_restarting_and_shutting_down_take(
    live_like: SimulatedServer, user: Any, call: Any, seconds: float
) -> None:
    """About the times that were measured."""
    begun = live_like.clock.time()
    call(user)

    assert live_like.clock.time() - begun == pytest.approx(seconds, rel=0.1)


def test_a_server_that_restarts(live_like: SimulatedServer, user: Any) -> None:
    """Sessions go on for some seconds, find nobody, and work on; the clients come a little later."""
    user.restart("server", wait=False)
    live_like.advance(3)
    assert names(user) == []
    live_like.advance(1)
    with pytest.raises(api_spec.NoConnection):
        names(user)
    live_like.advance(9)
    assert names(user) == []
    live_like.advance(4)

    assert names(user) == ["site-1", "site-2"]
    user.restart("server", timeout=30)
    with pytest.raises(api_spec.SessionClosed):
        names(user)


def test_a_server_that_shuts_down(live_like: SimulatedServer, user: Any) -> None:
    """For three seconds after the call every session is answered, and new ones are let in; then nobody."""
    other = connect(live_like)
    user.shutdown_system()
    live_like.advance(2)

    assert connect(live_like).get_system_info().client_info == []
    assert user.list_jobs() == other.list_jobs() == []
    live_like.advance(0.5)
    for session in (user, other):
        with pytest.raises(api_spec.NoConnection):
            session.list_jobs()


def test_orphans(live_like: SimulatedServer, user: Any, job: str) -> None:
    """After a crash clients end what they ran; the job says RUNNING for ever, and is in nobody's way."""
    orphan = running(live_like, user, job)
    live_like.faults.crash()
    live_like.faults.restart(after=5)
    live_like.advance(5)
    with pytest.raises(api_spec.NoClientsAvailable):
        user.get_client_job_status()
    assert user.get_system_info().job_info == []
    live_like.advance(5)
    told = []
    for _ in range(3):
        told.append([(line["status"], line.get("job_id")) for line in user.get_client_job_status(["site-1"])])
        live_like.advance(2.5)
    second = user.submit_job(job)

    assert told == [[("started", orphan)], [("stopped", orphan)], [("no_jobs", None)]]
    assert user.monitor_job(second).name == "JOB_FINISHED"
    assert user.get_job_meta(orphan)["status"] == "RUNNING"
    with pytest.raises(api_spec.InternalError, match=f"Job {orphan} is not running"):
        user.abort_job(orphan)
    for call in (user.delete_job, user.download_job_result):
        with pytest.raises(api_spec.JobNotDone):
            call(orphan)
    with pytest.raises(api_spec.JobNotRunning):
        user.show_stats(orphan, "all")
    user.restart("client")
    assert user.get_job_meta(orphan)["status"] == "RUNNING"
