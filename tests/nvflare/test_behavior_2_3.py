"""What a user of NVFLARE 2.3 sees of clients, runs and a shutdown, on a server like those of 2.3.12.

Each was seen on a live system of a server and two clients, through the same session and its ``do_command``.
"""

from __future__ import annotations

from typing import Any

import pytest
from nvflare.fuel.flare_api import api_spec

from flare_sim import JobBehavior, NoConnection, SimulatedServer
from flare_sim.nvflare import connect


@pytest.fixture
def live_like() -> SimulatedServer:
    """A server like those of 2.3.12, whose jobs run for 20 seconds."""
    return SimulatedServer(personality="nvflare-2.3", behavior=JobBehavior(run_seconds=20))


@pytest.fixture
def user(live_like: SimulatedServer) -> Any:
    """A session of NVFLARE's with it."""
    return connect(live_like)


def clients(session: Any) -> list[list[str]]:
    """What a console shows of the clients: name, app, job and status."""
    rows: list[list[str]] = session.api.do_command("check_status client")["data"][0]["rows"][1:]
    return rows


def test_a_run_comes_and_goes(live_like: SimulatedServer, user: Any, job: str) -> None:
    """On clients it starts and stops in its own time, and the engine lets go of it before its status is final."""
    job_id = user.submit_job(job)
    seen: list[tuple[str, str, int]] = []
    while not seen or not seen[-1][1].startswith("FINISHED"):
        info = user.get_system_info()
        now = (clients(user)[0][3], user.get_job_meta(job_id)["status"], len(info.job_info))
        seen += [now] if now not in seen else []
        live_like.advance(0.2)

    assert [now for now in seen if now[1] == "RUNNING"] == [
        ("not started", "RUNNING", 1),
        ("started", "RUNNING", 1),
        ("No Jobs", "RUNNING", 0),
    ]


def test_an_aborted_run_is_held_for_a_while(live_like: SimulatedServer, user: Any, job: str) -> None:
    """Its status is final, and for two seconds it is listed, and nothing may be restarted."""
    job_id = user.submit_job(job)
    live_like.advance(6)
    user.abort_job(job_id)

    assert user.get_job_meta(job_id)["status"] == "FINISHED:ABORTED"
    assert [job.job_id for job in user.get_system_info().job_info] == [job_id]
    refused = user.api.do_command("restart client")["meta"]
    assert refused["status"] == "error"
    assert refused["info"].startswith("There are still jobs running.")
    live_like.advance(2)
    assert user.get_system_info().job_info == []
    assert user.api.do_command("restart client")["meta"] == {"status": "ok", "info": ""}


def test_orphans_are_abandoned(live_like: SimulatedServer, job: str) -> None:
    """After a crash the job is over, its clients are free, and the next job runs."""
    job_id = connect(live_like).submit_job(job)
    live_like.advance(6)
    live_like.faults.crash()
    live_like.faults.restart(after=5)
    live_like.advance(5)
    user = connect(live_like)
    assert user.get_job_meta(job_id)["status"] == "FINISHED:ABANDONED"
    assert user.api.do_command("check_status client")["meta"] == {"status": "error", "info": "no clients available"}
    live_like.advance(live_like.config.client_return_seconds)

    assert [row[1:] for row in clients(user)] == [["?", "?", "No Jobs"]] * 2
    assert user.abort_job(job_id) is None
    assert user.monitor_job(user.submit_job(job)).name == "JOB_FINISHED"


def test_a_shutdown(live_like: SimulatedServer, user: Any, job: str) -> None:
    """The session that asked closes, others are answered for half a second, and nobody new is let in."""
    other = connect(live_like)
    user.api.do_command("shutdown all")

    assert user.list_jobs() == []
    assert other.get_system_info().client_info == []
    assert other.submit_job(job)
    live_like.advance(0.1)
    with pytest.raises(api_spec.SessionClosed):
        user.list_jobs()
    with pytest.raises(NoConnection):
        live_like.login("admin@nvidia.com")
    live_like.advance(0.3)
    assert len(other.list_jobs()) == 1
    live_like.advance(0.2)
    with pytest.raises(api_spec.InternalError, match="Failed to communicate with Admin Server"):
        other.list_jobs()


def test_an_id_in_capitals(live_like: SimulatedServer, user: Any, job: str) -> None:
    """Every method takes it but the download, whose error says where the server looked."""
    job_id = user.submit_job(job).upper()
    live_like.advance(60)

    assert user.get_job_meta(job_id)["status"] == "FINISHED:COMPLETED"
    with pytest.raises(api_spec.InternalError) as caught:
        user.download_job_result(job_id)
    assert str(caught.value) == (
        "server internal error (error): Exception occurred trying to get job from store: StorageException: "
        f"object /tmp/nvflare/jobs-storage/{job_id} does not exist"
    )
    with pytest.raises(api_spec.JobNotFound, match="no such job: 00000000-0000-0000-0000-00000000000a"):
        user.download_job_result("00000000-0000-0000-0000-00000000000A")


def test_the_server_alone_is_not_shut_down(user: Any) -> None:
    """Its clients have to be shut down first."""
    refused = user.api.do_command("shutdown server")["meta"]

    assert refused == {"status": "error", "info": "There are still active clients. Shutdown all clients first."}
    assert len(user.get_system_info().client_info) == 2
