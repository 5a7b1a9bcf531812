"""How a session class gets on a server, and what that leaves alone."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from pathlib import Path
from typing import Any

import pytest
from nvflare.fuel.flare_api import api_spec, flare_api
from nvflare.fuel.flare_api.flare_api import Session

from flare_sim import HorizonReached, JobBehavior, SimulatedServer, SystemClock, VirtualClock
from flare_sim.nvflare import SimulatedAdminAPI, connect, installed_release, session_class_on

LATER = installed_release().version >= (2, 8)


class Counting(Session):  # type: ignore[misc]  # NVFLARE has no types
    """Overrides what it likes and calls super(), as subclasses do."""

    label = "counting"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commands: list[str] = []

    def _do_command(self, command: str, *args: Any, **kwargs: Any) -> Any:
        self.commands.append(command.partition(" ")[0])
        return super()._do_command(command, *args, **kwargs)

    def submit_twice(self, path: str) -> list[str]:
        """Something of its own."""
        return [self.submit_job(path), self.submit_job(path)]


class Mixin:
    """Comes before Session in the order of methods."""

    def list_jobs(self, *args: Any, **kwargs: Any) -> Any:
        """Name the jobs only."""
        return [entry["job_id"] for entry in super().list_jobs(*args, **kwargs)]  # type: ignore[misc]


class Mixed(Mixin, Counting):
    """Two steps away from Session."""


class FixedUser(Session):  # type: ignore[misc]
    """Has a constructor of another shape."""

    def __init__(self, kit: str) -> None:
        super().__init__("lead@nvidia.com", kit)


def test_a_subclass_keeps_what_it_overrides(server: SimulatedServer, job: str) -> None:
    """Its methods, its attributes, its place among classes, its name."""
    session = connect(server, session_class=Counting)

    assert len(session.submit_twice(job)) == 2
    assert session.commands == ["submit_job", "submit_job"]
    assert isinstance(session, Counting)
    assert (type(session).__name__, session.label) == ("Counting", "counting")
    assert [cls.__name__ for cls in type(session).__mro__[:4]] == ["Counting", "Counting", "Session", "Session"]


def test_a_subclass_polls_on_the_servers_clock(server: SimulatedServer, job: str) -> None:
    """Through super(), however far Session is."""
    session = connect(server, session_class=Mixed)
    job_id = session.submit_job(job)
    begun = server.clock.time()

    assert session.monitor_job(job_id) == api_spec.MonitorReturnCode.JOB_FINISHED
    assert server.clock.time() - begun >= 3600
    assert session.list_jobs() == [job_id]


def test_a_class_on_a_server_is_made_as_it_likes(server: SimulatedServer, job: str, tmp_path: Path) -> None:
    """Whatever its constructor takes, it ends on the server."""
    kit = connect(server).__dict__.get("startup_path") or str(next(Path(server.folder("startup-kits")).iterdir()))
    session = session_class_on(server, FixedUser)(kit)
    session.try_connect(1.0)
    session.submit_job(job)

    assert server.jobs[0].submitter == "lead@nvidia.com"


@pytest.mark.parametrize("wrong", [int, object, api_spec.SessionSpec, "Session", 7], ids=str)
def test_what_is_no_subclass_is_refused(server: SimulatedServer, wrong: Any) -> None:
    """At once, and by its name."""
    with pytest.raises(TypeError, match="subclass of NVFLARE's Session"):
        connect(server, session_class=wrong)


def test_nvflare_is_left_as_it_was(server: SimulatedServer, job: str) -> None:
    """No name in its module, no member of its class: neither during nor afterwards."""
    module, members = dict(vars(flare_api)), dict(vars(Session))
    session = connect(server, session_class=Counting)
    session.monitor_job(session.submit_job(job))

    assert dict(vars(flare_api)) == module
    assert dict(vars(Session)) == members
    session.close()
    assert dict(vars(flare_api)) == module


def test_two_servers_do_not_see_each_other(job: str) -> None:
    """Each has its clock, its jobs and its folders, in one process and one thread."""
    with SimulatedServer(seed=1, clock=VirtualClock(0)) as one, SimulatedServer(seed=2, clock=VirtualClock(0)) as other:
        first, second = connect(one), connect(other)
        untouched = other.clock.time()
        job_id = first.submit_job(job)
        first.monitor_job(job_id, 0, 1)

        assert second.list_jobs() == []
        assert other.clock.time() == untouched
        assert first.download_dir != second.download_dir
        with pytest.raises(api_spec.JobNotFound):
            second.get_job_meta(job_id)


def test_threads_may_open_and_use_sessions_of_many_servers(job: str) -> None:
    """Eight threads, four servers: everybody gets what is theirs."""
    servers = [SimulatedServer(seed=seed, behavior=JobBehavior(run_seconds=100)) for seed in range(4)]
    problems: list[BaseException] = []

    def work(server: SimulatedServer) -> None:
        try:
            for _ in range(5):
                session = connect(server)
                assert session.monitor_job(session.submit_job(job)) == api_spec.MonitorReturnCode.JOB_FINISHED
                session.close()
        except BaseException as problem:  # noqa: BLE001  (shown by the assertion below)
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(servers[number % 4],)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert problems == []
    assert [len(server.jobs) for server in servers] == [10] * 4


def test_many_sessions_of_one_server_share_its_jobs(server: SimulatedServer, job: str) -> None:
    """A hundred of them, some closed."""
    sessions = [connect(server) for _ in range(100)]
    job_id = sessions[0].submit_job(job)
    for session in sessions[::2]:
        session.close()

    assert all(session.get_job_meta(job_id)["job_id"] == job_id for session in sessions[1::2])


def test_a_server_is_forgotten_with_its_sessions(job: str) -> None:
    """Nothing keeps a list of servers."""
    server = SimulatedServer()
    session = connect(server, session_class=Counting)
    session.submit_job(job)
    seen = weakref.ref(server)

    del server, session
    gc.collect()

    assert seen() is None


@pytest.mark.parametrize("cb", [None, lambda *_, **__: True])
def test_a_monitor_that_would_wait_for_ever_says_for_what(job: str, cb: Any) -> None:
    """NVFLARE's own loop ends where that of the simulator's session does."""
    server = SimulatedServer(clock=VirtualClock(max_seconds=86_400))
    session = connect(server)
    job_id = session.submit_job(job)
    server.advance(3)
    server.faults.drop("site-2")
    dropped = server.clock.time()

    with pytest.raises(HorizonReached, match="RUNNING, paused since site-2 dropped at 2026-"):
        session.monitor_job(job_id, 0, 2.0, cb)
    assert 86_398 <= server.clock.time() - dropped <= 86_400


def test_the_kits_go_with_the_server() -> None:
    """Closing it removes them."""
    server = SimulatedServer()
    connect(server)
    folder = Path(server.folder("startup-kits"))
    assert folder.is_dir()

    server.close()

    assert not folder.exists()


def test_a_session_can_read_a_kit_of_ones_own(server: SimulatedServer) -> None:
    """A kit that is there is used as it is."""
    (kit,) = _kits(connect(server) and server)

    assert connect(server, startup_path=str(kit)).list_jobs() == []
    assert _kits(server) == [kit]


def test_a_subclass_that_reaches_past_super_is_told_so(server: SimulatedServer) -> None:
    """Whatever becomes of it, it is no session on another server."""

    class Past(Session):  # type: ignore[misc]
        def __init__(self, username: str, startup_path: str) -> None:
            self.api = None

    with pytest.raises(TypeError, match=r"super\(\).__init__"):
        connect(server, session_class=Past)


def test_a_session_that_a_session_opens_is_on_the_same_server(server: SimulatedServer) -> None:
    """As 2.8 and later do to see whether a server has restarted; a subclass makes no difference."""
    assert hasattr(Session, "_new_poll_session") == LATER
    if not LATER:
        return
    poll = connect(server, session_class=Counting)._new_poll_session()
    poll.try_connect(1.0)

    assert type(poll.api) is SimulatedAdminAPI
    assert [client.name for client in poll.get_system_info().client_info] == ["site-1", "site-2"]


def test_waiting_for_a_restart_waits_on_the_servers_clock(server: SimulatedServer) -> None:
    """NVFLARE's own loop (2.8 and later), which opens a session for every look."""
    assert hasattr(Session, "_wait_for_server_restart") == LATER
    if not LATER:
        return
    session = connect(server)
    before = session.get_system_info().server_info.start_time
    server.faults.crash()
    server.faults.restart(after=12)
    begun = server.clock.time()

    info = session._wait_for_server_restart(before, 60.0)

    assert info.server_info.start_time > before
    assert 10 <= server.clock.time() - begun <= 30


def test_a_session_on_the_systems_clock_really_waits(job: str) -> None:
    """Which clock it is is the server's to say."""
    with SimulatedServer(clock=SystemClock(), behavior=JobBehavior(run_seconds=0)) as server:
        session = connect(server)
        begun = time.monotonic()
        session.monitor_job(session.submit_job(job), 0.2, 0.1)

        assert time.monotonic() - begun >= 0.2


def test_further_arguments_reach_the_class(server: SimulatedServer) -> None:
    """What the release knows, it gets; what it does not know, it refuses."""
    if LATER:
        assert connect(server, study="default").api.study == "default"
    with pytest.raises(TypeError, match="no_such_argument"):
        connect(server, no_such_argument=True)


@pytest.mark.skipif(not LATER, reason="2.3 to 2.7 know no studies")
def test_a_study_that_is_not_simulated_is_refused(server: SimulatedServer) -> None:
    """Nobody sees the jobs of the one study there is under the name of another."""
    from nvflare.fuel.flare_api.api_spec import AuthenticationError

    with pytest.raises(AuthenticationError, match="study 'blood' is not configured on the server"):
        connect(server, study="blood")


def test_a_session_can_be_opened_in_no_time(server: SimulatedServer) -> None:
    """Where the clock is to stay where it is; without a server it takes its time."""
    begun = server.clock.time()
    session = connect(server, at_once=True)

    assert session.list_jobs() == []
    assert server.clock.time() == begun
    server.faults.partition()
    with pytest.raises(Exception, match="cannot connect to"):
        connect(server, timeout=4, at_once=True)
    assert server.clock.time() - begun >= 4


def test_insecure_sessions_are_sessions_too(server: SimulatedServer) -> None:
    """The kit is the same."""
    assert connect(server, "admin", secure_mode=False).list_jobs() == []


def _kits(server: SimulatedServer) -> list[Path]:
    return sorted(Path(server.folder("startup-kits")).iterdir())
