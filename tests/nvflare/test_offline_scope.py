"""Whoever opens a session with NVFLARE's own code gets one with a simulated server, and nobody notices afterwards."""

from __future__ import annotations

import asyncio
import inspect
import sys
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from nvflare.fuel.flare_api import flare_api
from nvflare.fuel.flare_api.api_spec import AuthenticationError, NoConnection
from nvflare.fuel.flare_api.flare_api import Session, new_insecure_session, new_secure_session

from flare_sim import JobBehavior, SimulatedServer
from flare_sim.nvflare import connect, current_server, installed_release, offline
from tests.nvflare.jobs import HELLO_JOB

USER, KIT = "admin@nvidia.com", "/no/such/kit"


def open_sessions(server: SimulatedServer) -> int:
    """How many sessions were opened with a server."""
    return server._state.sessions


@pytest.mark.parametrize("kit", [KIT, "", ".", "relative/kit", "a kit\twith blanks"])
def test_any_startup_kit_will_do(kit: str) -> None:
    """The path is neither looked for nor looked at, and nothing is written there."""
    with offline() as server:
        session = new_secure_session(USER, kit)

        assert session.list_jobs() == []
        assert open_sessions(server) == 1


def test_the_whole_story_of_a_job(tmp_path: Path) -> None:
    """Submit, monitor with a callback, download, list, clone, abort, delete: NVFLARE's code, and a simulated server."""
    polls = []

    def seen(session: Any, job_id: str, meta: dict[str, Any], *args: Any, **kwargs: Any) -> bool:
        polls.append((session, job_id, meta["status"], args, kwargs))
        return True

    with offline(download_dir=str(tmp_path), behavior=JobBehavior(run_seconds=3600)) as server:
        session = new_secure_session(USER, KIT)
        job_id = session.submit_job(HELLO_JOB)
        assert session.monitor_job(job_id, 0.0, 60.0, seen, "word", key=1).name == "JOB_FINISHED"
        assert polls[0] == (session, job_id, "SUBMITTED", ("word",), {"key": 1})
        assert [status for _, _, status, _, _ in polls][-1] == "FINISHED:COMPLETED"
        assert 60 <= len(polls) <= 63

        assert Path(session.download_job_result(job_id)).parent == tmp_path
        second = session.clone_job(job_id)
        assert {line["job_id"] for line in session.list_jobs()} >= {job_id}
        session.abort_job(second)
        session.delete_job(second)
        session.delete_job(job_id)
        assert server.jobs == ()


def test_time_is_the_servers() -> None:
    """A monitor that gives up after a day has seen a day pass on the server's clock, and none elsewhere."""
    with offline(behavior=JobBehavior(run_seconds=10**6)) as server:
        session = new_secure_session(USER, KIT)
        job_id = session.submit_job(HELLO_JOB)
        before = server.clock.time()

        assert session.monitor_job(job_id, timeout=86_400, poll_interval=600).name == "TIMEOUT"
        assert server.clock.time() - before == pytest.approx(86_400, abs=1200)
        assert flare_api.time is time


def test_insecure_sessions_are_the_administrators() -> None:
    """In all releases, whatever name NVFLARE sends."""
    with offline() as server:
        job_id = new_insecure_session(KIT).submit_job(HELLO_JOB)

        assert [(job.job_id, job.submitter) for job in server.jobs] == [(job_id, USER)]


def test_a_user_named_admin_has_the_insecure_sessions() -> None:
    """As on systems of 2.3 to 2.6, where ``admin`` is who a proof of concept is made for."""
    with offline(users=["lead@nvidia.com", "admin"]) as server:
        new_insecure_session(KIT).submit_job(HELLO_JOB)

        assert [job.submitter for job in server.jobs] == ["admin"]


def test_an_unknown_user_is_refused_as_the_release_does() -> None:
    """Nothing to connect to (2.3 to 2.6), a refusal of the first command (2.7), or of the login (2.8 and later)."""
    release = installed_release().version
    with offline() as server:
        before = server.clock.time()
        with pytest.raises(NoConnection if release < (2, 7) else AuthenticationError):
            new_secure_session("nobody@nvidia.com", KIT, timeout=25.0).get_system_info()

        assert server.clock.time() - before >= (25 if release < (2, 7) else 0)


class Mine(Session):  # type: ignore[misc]
    """A subclass as applications have them."""

    def __init__(self, username: str, startup_path: str, colour: str = "red") -> None:
        super().__init__(username, startup_path)
        self.colour = colour

    def count(self) -> int:
        """How many jobs there are."""
        return len(self.list_jobs())


class Older(Mine):
    """One that names its base instead of asking for it."""

    def __init__(self, username: str, startup_path: str) -> None:
        Session.__init__(self, username, startup_path)


@pytest.mark.parametrize("session_class", [Session, Mine, Older])
def test_sessions_are_of_their_class(session_class: Any) -> None:
    """Subclasses are put on the server too, and keep what is theirs."""
    with offline() as server:
        session = session_class(USER, KIT)
        session.try_connect(5.0)
        session.submit_job(HELLO_JOB)

        assert isinstance(session, session_class)
        assert type(session) is type(session_class(USER, KIT))
        assert type(session).__name__ == session_class.__name__
        assert len(server.jobs) == 1
        if session_class is Mine:
            assert (session.colour, session.count()) == ("red", 1)


def test_arguments_are_checked_by_nvflare() -> None:
    """What the real class refuses is refused in the same way."""
    with offline():
        with pytest.raises(AssertionError):
            Session(USER, 7)
        with pytest.raises(TypeError, match="got an unexpected keyword argument 'no_such_argument'"):
            Session(USER, KIT, no_such_argument=1)


def test_the_signature_stays() -> None:
    """Whoever looks at the class sees what is always there."""
    before = inspect.signature(Session.__init__)
    with offline():
        assert inspect.signature(Session.__init__) == before


def test_everything_is_put_back() -> None:
    """The class and its module are as they were, and a session needs a startup kit again."""
    before, module = dict(vars(Session)), dict(vars(flare_api))
    with offline():
        assert dict(vars(Session)) != before
        new_secure_session(USER, KIT)

    assert dict(vars(Session)) == before
    assert dict(vars(flare_api)) == module
    with pytest.raises(AssertionError, match="startup kit does not exist"):
        new_secure_session(USER, KIT)


def test_an_exception_passes_and_everything_is_put_back() -> None:
    """The block's own exception comes out, and nothing is left."""
    before = Session.__init__
    with pytest.raises(KeyError, match="mine"), offline() as server:
        raise KeyError("mine")

    assert Session.__init__ is before
    assert "closed" in repr(server)


def test_a_block_that_can_not_begin_leaves_nothing() -> None:
    """An option that makes no sense, or a module that is not there, is refused before anything is changed."""
    before = Session.__init__
    with pytest.raises(ValueError, match="seed"), offline(seed="x"):
        pass
    with pytest.raises(ImportError), offline(time_in=["no_such_module"]):
        pass

    assert Session.__init__ is before
    with pytest.raises(RuntimeError):
        current_server()


def test_options_are_for_a_fresh_server_alone() -> None:
    """A server that is given is what it is."""
    with pytest.raises(TypeError, match="clients"):
        offline(SimulatedServer(), clients=3)


def test_a_given_server_is_used_and_left_open() -> None:
    """It holds its jobs before and after, and a session outlives the block it was opened in."""
    server = SimulatedServer()
    with offline(server) as same:
        assert same is server
        session = new_secure_session(USER, KIT)
        job_id = session.submit_job(HELLO_JOB)

    assert session.get_job_meta(job_id)["job_id"] == job_id
    assert session.monitor_job(job_id).name == "JOB_FINISHED"


def test_the_innermost_counts() -> None:
    """Sessions go to the block they are opened in, and stay there."""
    with offline() as outer:
        first = new_secure_session(USER, KIT)
        with offline() as inner:
            assert current_server() is inner
            second = new_secure_session(USER, KIT)
            first.submit_job(HELLO_JOB)
        third = new_secure_session(USER, KIT)
        third.submit_job(HELLO_JOB)
        with pytest.raises((NoConnection, ConnectionError)):
            second.list_jobs()  # its server is gone

        assert (len(outer.jobs), current_server()) == (2, outer)
        assert (open_sessions(outer), open_sessions(inner)) == (2, 1)


def test_a_monitor_lives_on_the_clock_of_its_own_server() -> None:
    """Also when its callback uses a session with another one."""
    with offline() as outer:
        first = new_secure_session(USER, KIT)
        with offline(SimulatedServer()) as inner:
            second = new_secure_session(USER, KIT)
        untouched = inner.clock.time()

        def look(session: Any, job_id: str, meta: dict[str, Any]) -> bool:
            return bool(second.list_jobs() == [])

        before = outer.clock.time()
        assert first.monitor_job(first.submit_job(HELLO_JOB), cb=look).name == "JOB_FINISHED"

        assert inner.clock.time() == untouched
        assert outer.clock.time() > before


def test_one_object_can_be_entered_again() -> None:
    """Each time it is a block of its own, with a fresh server unless one was given."""
    again = offline()
    with again as outer:
        with again as inner:
            assert current_server() is inner
            assert inner is not outer
        assert current_server() is outer
    with again as later:
        assert later is not outer


def test_a_decorated_function_has_a_server_of_its_own() -> None:
    """A fresh one for each call; its name, its result and its exceptions are its own."""

    @offline(clients=3)
    def clients(wanted: int) -> SimulatedServer:
        """Count."""
        assert len(new_secure_session(USER, KIT).get_system_info().client_info) == wanted
        return current_server()

    assert clients(3) is not clients(wanted=3)
    with pytest.raises(AssertionError):
        clients(4)
    assert (clients.__name__, clients.__doc__) == ("clients", "Count.")


def test_a_decorated_coroutine_function_is_inside_to_its_end() -> None:
    """Two of them at the same time, in one thread, do not mix."""

    @offline()
    async def submit(times: int) -> int:
        session = new_secure_session(USER, KIT)
        for _ in range(times):
            await asyncio.sleep(0)
            await asyncio.get_running_loop().run_in_executor(None, session.submit_job, HELLO_JOB)
            await asyncio.to_thread(new_secure_session, USER, KIT)
        assert open_sessions(current_server()) == times + 1
        return len(current_server().jobs)

    async def both() -> list[int]:
        return list(await asyncio.gather(submit(2), submit(5)))

    before = Session.__init__
    assert asyncio.run(both()) == [2, 5]
    assert Session.__init__ is before


@pytest.mark.parametrize("thing", [Mine, lambda: (yield), 7])
def test_what_it_can_not_decorate_is_refused(thing: Any) -> None:
    """A class, or a generator function, whose body runs when nobody is inside any more."""
    if thing == 7:
        with pytest.raises(TypeError):
            offline()(thing)()
    else:
        with pytest.raises(TypeError, match="decorates functions"):
            offline()(thing)


def test_threads_that_were_started_inside_are_inside() -> None:
    """A thread that entered none gets the block that was entered last."""
    found: list[SimulatedServer] = []
    with offline() as server:
        thread = threading.Thread(target=lambda: found.append(current_server()))
        thread.start()
        thread.join()

    assert found == [server]


def test_threads_with_blocks_of_their_own_do_not_mix() -> None:
    """Each sees its own jobs, and the last one out puts everything back."""
    before = Session.__init__
    together = threading.Barrier(4, timeout=60)
    seen: list[tuple[int, int]] = []

    def work(number: int) -> None:
        with offline() as server:
            together.wait()
            for _ in range(number):
                new_secure_session(USER, KIT).submit_job(HELLO_JOB)
            together.wait()
            seen.append((number, len(server.jobs)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(seen) == [(number, number) for number in range(4)]
    assert Session.__init__ is before


def test_a_session_on_another_server_can_be_had_inside() -> None:
    """``connect`` names its server, whatever block it is called in."""
    other = SimulatedServer()
    with offline() as server:
        session = connect(other, USER)
        session.submit_job(HELLO_JOB)

        assert (len(other.jobs), len(server.jobs)) == (1, 0)


@pytest.fixture
def application() -> ModuleType:
    """Somebody's module, which waits in its own ways."""
    module = ModuleType("application_that_waits")
    code = """
import time, time as clock
from time import sleep, monotonic as now

def wait():
    begun = now()
    time.sleep(1000)
    clock.sleep(1000)
    sleep(1000)
    return now() - begun
"""
    exec(code, module.__dict__)
    return module


def test_an_application_can_live_on_the_servers_clock(application: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is named sees its time while the block lasts, however it had imported it."""
    monkeypatch.setitem(sys.modules, application.__name__, application)
    for module in (application, application.__name__):
        before = dict(vars(application))
        with offline(time_in=[module]) as server:
            started = server.clock.time()

            assert application.wait() == 3000
            assert server.clock.time() - started == 3000
        assert dict(vars(application)) == before


def test_the_real_network_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """No session that is opened inside ever makes a real ``AdminAPI``."""

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("the network")

    monkeypatch.setattr(flare_api, "AdminAPI", refuse)
    with offline():
        new_secure_session(USER, KIT).get_system_info()
