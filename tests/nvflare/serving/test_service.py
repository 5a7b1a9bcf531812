"""What happens to a served system meanwhile reaches the clients that it is served to."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from contract_tests.system.watchdog import limit
from flare_sim import JobBehavior, ScaledClock, SimulatedServer, time_in
from flare_sim.nvflare import connect, installed_release
from flare_sim.serving import Service
from tests.flare_sim.job_samples import write_job
from tests.nvflare.serving.served import ADMIN, LONG, Hosted, connected, hosted, refusal, run_python
from tests.project.tree import ROOT

MEMBER = "member@nvidia.com"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    """A service to whose server the tests do things."""
    folder = tmp_path_factory.mktemp("hosted")
    with hosted(folder) as running:
        yield running
    assert [*folder.iterdir()] == []


def name_of(problem: BaseException) -> str:
    """What a release calls what it raises."""
    return type(problem).__name__


def test_a_revoked_user_is_no_user_any_more(host: Hosted) -> None:
    """An open session may do nothing, and no other one is opened; who is added again may."""
    session = host.connect(MEMBER)
    assert session.list_jobs() == []
    host.do(f"server.revoke_user('{MEMBER}')")
    with pytest.raises(Exception) as refused:  # noqa: PT011  (the class is NVFLARE's, in a place of its release)
        session.list_jobs()
    kept_out = refusal(MEMBER, host.kits[MEMBER])
    host.do(f"server.add_user('{MEMBER}', 'member')")

    assert name_of(refused.value) == "AuthorizationError"
    assert kept_out in ("AuthenticationError", "NoConnection", "InternalError")
    assert session.list_jobs() == []
    session.close()


def test_a_user_who_came_later_gets_a_kit(host: Hosted) -> None:
    """It is asked for; nobody else gets one."""
    host.do("server.add_user('new@nvidia.com', 'lead')")
    session = connected("new@nvidia.com", host.do("service.make_kit('new@nvidia.com')"))

    assert session.list_jobs() == []
    session.close()
    with pytest.raises(RuntimeError, match="while it is entered"):
        Service(SimulatedServer()).make_kit(ADMIN)
    with Service(SimulatedServer(), port=0) as service, pytest.raises(ValueError, match="there is no user 'mallory'"):
        service.make_kit("mallory")


def test_who_waits_for_a_reply_keeps_no_service_from_ending(tmp_path: Path) -> None:
    """An abort that takes half an hour here is cut off, and the process ends."""
    with hosted(tmp_path, "SimulatedServer(clock=ScaledClock(0.002), behavior=JobBehavior(run_seconds=600))") as host:
        session = host.connect()
        job_id = session.submit_job(write_job(tmp_path / "jobs" / "small"))
        host.do("server.clock.skip(30)")
        assert session.get_job_meta(job_id)["status"] == "RUNNING"
        began = time.monotonic()
        program = """
            import sys
            from nvflare.fuel.flare_api.flare_api import new_secure_session
            session = new_secure_session(*sys.argv[1:3])
            print("asks", flush=True)
            session.abort_job(sys.argv[3])
            """
        command = [sys.executable, "-c", dedent(program), ADMIN, host.kits[ADMIN], job_id]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as client:
            assert client.stdout is not None
            while client.stdout.readline() not in ("asks\n", ""):
                pass
            while host.do("len(server.trace.of('command'))") < 2 and time.monotonic() - began < LONG:
                pass
            client.kill()
        session.close()

    assert time.monotonic() - began < LONG


def test_a_fresh_server_takes_the_place_of_another(tmp_path: Path) -> None:
    """An open session goes on with it, which has none of the jobs; who is a user there only has a kit."""
    with hosted(tmp_path) as host:
        session = host.connect()
        session.submit_job(write_job(tmp_path / "jobs" / "small"))
        before = len(session.list_jobs())
        users = "['admin@nvidia.com', 'late@nvidia.com']"
        host.do(f"service.exchange(SimulatedServer(clock=ScaledClock(40), users={users}))")
        late = connected("late@nvidia.com", host.do("service.kits['late@nvidia.com']"))
        after = session.list_jobs(), late.list_jobs()
        late.close()
        session.close()

    assert (before, after) == (1, ([], []))
    with pytest.raises(RuntimeError, match="while it is entered"):
        Service(SimulatedServer()).exchange(SimulatedServer())


@pytest.mark.skipif(installed_release().version < (2, 7), reason="there are no cells before 2.7")
def test_what_a_client_says_at_once_is_heard(tmp_path: Path) -> None:
    """NVFLARE greets a client before it notes who that is: however long that takes, nothing is lost meanwhile.

    The client asks again as long as there is no connection, but waits for each answer for as long as it tries at all.
    """
    from nvflare.fuel.flare_api.flare_api import Session

    slow = """
from nvflare.fuel.f3.sfm.conn_manager import ConnManager
noted = ConnManager.update_endpoint
def note_late(*arguments):
    time.sleep(0.5)
    noted(*arguments)
ConnManager.update_endpoint = note_late
"""
    with hosted(tmp_path) as host, time_in(ScaledClock(50), "nvflare.private.fed.authenticator"):
        host.do(f"exec({slow!r})")
        session = Session(ADMIN, host.kits[ADMIN])
        session.api.authenticate_msg_timeout = LONG
        try:
            with limit(2 * LONG):
                session.try_connect(LONG * 50)
            assert session.list_jobs() == []
        finally:
            session.close()


def test_a_session_that_is_lost_is_closed(host: Hosted) -> None:
    """What a server tells a session that it does not know any more is what it tells one in this process."""
    session = host.connect()
    assert session.list_jobs() == []
    host.do("server.faults.lose_sessions()")
    with pytest.raises(Exception) as lost:  # noqa: PT011  (as above)
        session.list_jobs()

    assert name_of(lost.value) == "SessionClosed"
    session.close()
    again = host.connect()
    assert again.list_jobs() == []
    again.close()


def test_a_server_that_malfunctions_says_so(host: Hosted) -> None:
    """Until it is mended."""
    session = host.connect()
    host.do("server.faults.malfunction()")
    with pytest.raises(Exception) as broken:  # noqa: PT011  (as above)
        session.list_jobs()
    host.do("server.faults.mend()")

    assert name_of(broken.value) == "InternalError"
    assert session.list_jobs() == []
    session.close()


def test_nobody_reaches_a_server_that_is_cut_off(host: Hosted) -> None:
    """An open session gets no answer, nobody else gets in, and afterwards all goes on."""
    session = host.connect()
    if hasattr(session, "set_timeout"):
        session.set_timeout(1)
    host.do("server.faults.partition()")
    with pytest.raises(Exception) as unanswered:  # noqa: PT011  (as above)
        session.list_jobs()
    kept_out = refusal(ADMIN, host.kits[ADMIN])
    host.do("server.faults.repair()")

    assert name_of(unanswered.value) in ("NoConnection", "ConnectionError", "InternalError")
    assert kept_out in ("NoConnection", "FLCommunicationError")
    session.close()
    again = host.connect()
    assert again.list_jobs() == []
    again.close()


def test_time_can_stand_still(tmp_path: Path) -> None:
    """At a speed of 0 a job gets on when the clock is moved; a client that would have to wait is answered at once."""
    with hosted(tmp_path, "SimulatedServer(clock=ScaledClock(0), behavior=JobBehavior(run_seconds=60))") as host:
        session = host.connect()
        job_id = session.submit_job(write_job(tmp_path / "jobs" / "small"))
        seen = [session.get_job_meta(job_id)["status"] for _ in range(3)]
        host.do("server.advance(30)")
        seen.append(session.get_job_meta(job_id)["status"])
        session.abort_job(job_id)
        host.do("server.advance(60)")
        seen.append(session.get_job_meta(job_id)["status"])
        session.close()

    assert seen == ["SUBMITTED"] * 3 + ["RUNNING", "FINISHED:ABORTED"]


def test_a_served_run_has_the_trace_of_one_in_this_process(tmp_path: Path) -> None:
    """The same calls at the same times: the same ids, the same life, the same digest, down to the last tick."""
    like = "clock=ScaledClock(0, 1767225600.0), behavior=JobBehavior(run_seconds=60)"
    job = write_job(tmp_path / "jobs" / "small")
    with hosted(tmp_path, f"SimulatedServer({like})") as host:
        session = host.connect()
        first = session.submit_job(job)
        host.do("server.advance(5)")
        session.clone_job(first)
        host.do("server.advance(200)")
        session.delete_job(first)
        session.close()
        digest = host.do("server.trace.digest()")
    with SimulatedServer(clock=ScaledClock(0, 1767225600.0), behavior=JobBehavior(run_seconds=60)) as server:
        inside = connect(server, at_once=True)
        assert inside.submit_job(job) == first
        server.advance(5)
        inside.clone_job(first)
        server.advance(200)
        inside.delete_job(first)

        assert server.trace.digest() == digest


@pytest.mark.parametrize("port", [-1, 65536, 1.5, "8002", True])
def test_no_port(port: Any) -> None:
    """What is no port is refused before anything is made."""
    with pytest.raises(ValueError, match="port must be a whole number from 0 to 65535"):
        Service(SimulatedServer(), port=port)


@pytest.mark.parametrize("name", ["x" * 65, "a/b", "../a", ".hidden", "a\nb", "é" * 40])
def test_a_user_whose_name_fits_in_no_kit(name: str, tmp_path: Path) -> None:
    """It is said at once, nothing is left, and the port is free."""
    with pytest.raises(ValueError, match="gets no"):  # noqa: SIM117
        with Service(SimulatedServer(users=[name]), port=0, kits=str(tmp_path / "kits")):
            pass


def test_an_address_that_is_taken(tmp_path: Path) -> None:
    """It is an OSError, as that of any socket."""
    from flare_sim.serving.listener import bound

    with bound("127.0.0.1", 0) as taken, pytest.raises(OSError, match="in use"):
        Service(SimulatedServer(), port=taken.getsockname()[1]).__enter__()


def test_it_is_served_in_the_release_that_is_installed() -> None:
    """Clients are of the same."""
    assert Service(SimulatedServer()).release == installed_release()
    assert ADMIN in [user.name for user in SimulatedServer().users]


def test_a_process_may_serve_again_and_again() -> None:
    """One service after the other; two at once where NVFLARE can have two servers in a process, up to 2.6."""
    program = """
        from flare_sim import SimulatedServer
        from flare_sim.serving import Service

        for _ in range(3):
            with Service(SimulatedServer(), port=0) as first:
                pass
        with Service(SimulatedServer(), port=0) as first:
            try:
                with Service(SimulatedServer(), port=0) as second:
                    print(first.address.port != second.address.port)
            except ValueError as problem:
                print(problem)
        """
    told = run_python(program, PYTHONPATH=str(ROOT)).stdout.splitlines()[-1]

    if installed_release().version < (2, 7):
        assert told == "True"
    else:
        assert told == "a process can serve one system at a time to clients of NVFLARE 2.7 and later"
