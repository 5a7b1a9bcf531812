"""Every method of the interface, through NVFLARE's own session, in whichever release is installed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from nvflare.fuel.flare_api import api_spec
from nvflare.fuel.flare_api.flare_api import Session

from flare_sim import JobBehavior, ServerConfig, SimulatedServer, User
from flare_sim.nvflare import connect, installed_release

if TYPE_CHECKING:
    from collections.abc import Callable

RELEASE = installed_release().version
NO_JOB = "00000000-0000-0000-0000-000000000000"


def test_the_session_is_nvflares_own(session: Any) -> None:
    """By its class, its name, and the class of what it raises."""
    assert isinstance(session, Session)
    assert isinstance(session, api_spec.SessionSpec)
    assert (type(session).__name__, type(session).__module__) == ("Session", Session.__module__)


def test_submit_gives_the_id_the_server_gave(server: SimulatedServer, session: Any, job: str) -> None:
    """And the job is the one in the folder."""
    job_id = session.submit_job(job)

    assert [(view.job_id, view.name) for view in server.jobs] == [(job_id, "small")]


def test_a_job_folder_is_also_looked_for_where_uploads_are(server: SimulatedServer, job: str) -> None:
    """A path that is none from here is one below the upload folder."""
    session = connect(server, upload_dir=str(Path(job).parent))

    job_id = session.submit_job(Path(job).name)

    assert [view.job_id for view in server.jobs] == [job_id]


def test_a_path_with_blanks_arrives_whole_where_it_is_quoted(
    server: SimulatedServer, session: Any, job: str, tmp_path: Path
) -> None:
    """Since 2.8 the session quotes it; before, the server gets two words, and says so."""
    folder = Path(job).rename(tmp_path / "in a folder")
    (tmp_path / "with blanks").mkdir()
    moved = folder.rename(tmp_path / "with blanks" / "small")

    if RELEASE < (2, 8):
        with pytest.raises(api_spec.InternalError):
            session.submit_job(str(moved))
        assert server.jobs == ()
    else:
        assert session.submit_job(str(moved)) in {view.job_id for view in server.jobs}


def test_clone_makes_a_job_of_its_own(server: SimulatedServer, session: Any, job: str) -> None:
    """A clone knows what it was cloned from."""
    original = session.submit_job(job)
    clone = session.clone_job(original)

    assert {view.job_id: view.cloned_from for view in server.jobs} == {original: "", clone: original}


def test_meta_tells_the_job(session: Any, job: str) -> None:
    """The server's meta arrives as it is."""
    meta = session.get_job_meta(session.submit_job(job))

    assert (meta["name"], meta["status"], meta["submitter_name"]) == ("small", "SUBMITTED", "admin@nvidia.com")


def test_list_tells_every_job(session: Any, job: str) -> None:
    """In both forms, with NVFLARE's own filters."""
    ids = [session.submit_job(job) for _ in range(3)]

    assert [entry["job_id"] for entry in session.list_jobs()] == ids
    assert [entry["job_id"] for entry in session.list_jobs(True)] == ids
    assert [entry["job_id"] for entry in session.list_jobs(limit=1, reverse=True)] == ids[-1:]
    assert session.list_jobs(name_prefix="other") == []
    assert [entry["job_id"] for entry in session.list_jobs(id_prefix=ids[1][:8])] == [ids[1]]


def test_monitor_polls_on_the_servers_clock(server: SimulatedServer, session: Any, job: str) -> None:
    """An hour of NVFLARE's polling passes on the server, not here."""
    begun = server.clock.time()
    job_id = session.submit_job(job)
    seen = []

    def look(_: Any, seen_id: str, meta: dict[str, Any]) -> bool:
        seen.append((seen_id, meta["status"]))
        return True

    code = session.monitor_job(job_id, 0, 60, look)

    assert code == api_spec.MonitorReturnCode.JOB_FINISHED
    assert 3600 <= server.clock.time() - begun < 3720
    assert len(seen) > 60
    assert seen[-1] == (job_id, "FINISHED:COMPLETED")


def test_monitor_times_out_on_the_servers_clock(server: SimulatedServer, session: Any, job: str) -> None:
    """The timeout is NVFLARE's, the clock is the server's."""
    begun = server.clock.time()

    assert session.monitor_job(session.submit_job(job), 100, 10) == api_spec.MonitorReturnCode.TIMEOUT
    assert 100 <= server.clock.time() - begun <= 120


def test_monitor_hands_on_arguments_and_ends_by_callback(session: Any, job: str) -> None:
    """The callback gets the session itself."""
    job_id = session.submit_job(job)
    got = []

    code = session.monitor_job(job_id, 0, 2, lambda *args, **kwargs: got.append((args, kwargs)), "more", name=1)

    assert code == api_spec.MonitorReturnCode.ENDED_BY_CB
    assert [(args[0], args[1], args[3:], kwargs) for args, kwargs in got] == [(session, job_id, ("more",), {"name": 1})]


def test_download_writes_the_result(server: SimulatedServer, session: Any, job: str) -> None:
    """The files of the job are where the session says."""
    job_id = session.submit_job(job)
    session.monitor_job(job_id)

    folder = Path(session.download_job_result(job_id))

    assert folder == Path(server.download_folder()) / job_id
    assert sorted(path.name for path in folder.iterdir()) == ["job", "workspace"]
    assert {path.name for path in (folder / "job").rglob("*")} >= {"meta.json", "config_fed_server.json"}


def test_downloads_go_where_they_are_told(server: SimulatedServer, job: str, tmp_path: Path) -> None:
    """NVFLARE's own session knows the folder as well."""
    session = connect(server, download_dir=str(tmp_path / "results"))
    job_id = session.submit_job(job)
    session.monitor_job(job_id)

    assert session.download_job_result(job_id) == str(tmp_path / "results" / job_id)
    assert session.download_dir == str(tmp_path / "results")


def test_a_second_download_goes_where_the_release_puts_it(session: Any, job: str) -> None:
    """Over the first one in 2.3, beside it since 2.4."""
    job_id = session.submit_job(job)
    session.monitor_job(job_id)
    first, second = Path(session.download_job_result(job_id)), Path(session.download_job_result(job_id))

    assert second.name == (job_id if RELEASE == (2, 3) else f"{job_id}__1")
    assert sorted(path.relative_to(first) for path in first.rglob("*")) == sorted(
        path.relative_to(second) for path in second.rglob("*")
    )


def test_a_result_that_is_too_large_has_a_location(job: str) -> None:
    """What the server hands out is what the session returns."""
    with SimulatedServer(config=ServerConfig(max_download_bytes=1)) as server:
        session = connect(server)
        job_id = session.submit_job(job)
        session.monitor_job(job_id)

        assert session.download_job_result(job_id) == f"flare-sim://{server.config.project}/{job_id}"


def test_a_result_that_cannot_be_written_is_nvflares_error(server: SimulatedServer, job: str, tmp_path: Path) -> None:
    """Nothing of ours gets through, and nothing is left behind."""
    results = tmp_path / "results"
    session = connect(server, download_dir=str(results))
    job_id = session.submit_job(job)
    session.monitor_job(job_id)
    results.rmdir()
    results.write_text("in the way")

    with pytest.raises(RuntimeError, match="ERROR_RUNTIME"):
        session.download_job_result(job_id)
    assert results.read_text() == "in the way"


def test_abort_stops_a_job(server: SimulatedServer, session: Any, job: str) -> None:
    """What it returns is the release's; that it stops is the server's."""
    job_id = session.submit_job(job)
    server.advance(60)

    assert isinstance(session.abort_job(job_id), (str if RELEASE >= (2, 8) else (type(None), str)))
    server.advance(60)
    assert session.get_job_meta(job_id)["status"] == "FINISHED:ABORTED"


def test_delete_removes_a_job(server: SimulatedServer, session: Any, job: str) -> None:
    """It is gone for everybody."""
    session.delete_job(session.submit_job(job))

    assert server.jobs == ()


def test_system_info_is_made_of_nvflares_classes(server: SimulatedServer, session: Any, job: str) -> None:
    """With what the server says in it."""
    job_id = session.submit_job(job)
    server.advance(60)
    info = session.get_system_info()

    assert type(info) is api_spec.SystemInfo
    assert info.server_info.status == "started"
    assert [client.name for client in info.client_info] == ["site-1", "site-2"]
    assert [entry.job_id for entry in info.job_info] == [job_id]
    assert "site-1" in str(info)


def test_a_closed_session_is_closed(session: Any, job: str) -> None:
    """Closing twice is no matter."""
    session.close()
    session.close()

    with pytest.raises(api_spec.SessionClosed):
        session.submit_job(job)


MISSING: list[Callable[[Any], object]] = [
    lambda session: session.clone_job(NO_JOB),
    lambda session: session.get_job_meta(NO_JOB),
    lambda session: session.download_job_result(NO_JOB),
    lambda session: session.abort_job(NO_JOB),
    lambda session: session.delete_job(NO_JOB),
    lambda session: session.monitor_job(NO_JOB),
]


@pytest.mark.parametrize("call", MISSING)
def test_a_job_that_is_not_there_is_not_found(session: Any, call: Callable[[Any], object]) -> None:
    """NVFLARE's exception, made by NVFLARE from the server's reply."""
    with pytest.raises(api_spec.JobNotFound, match=NO_JOB):
        call(session)


def test_a_bad_definition_is_refused_by_the_server(server: SimulatedServer, session: Any, tmp_path: Path) -> None:
    """The server's reason is in NVFLARE's exception."""
    (tmp_path / "empty").mkdir()

    with pytest.raises(api_spec.InvalidJobDefinition, match=r"invalid job definition: .* is an empty folder"):
        session.submit_job(str(tmp_path / "empty"))
    assert server.jobs == ()


def test_who_may_not_submit_is_told_so_whatever_the_definition(
    server: SimulatedServer, job: str, tmp_path: Path
) -> None:
    """The server looks at the user before it looks at the job."""
    session = connect(server, "member@nvidia.com")
    (tmp_path / "empty").mkdir()

    for folder in (job, str(tmp_path / "empty")):
        with pytest.raises(api_spec.AuthorizationError):
            session.submit_job(folder)


ANY: list[Callable[[Any], object]] = [lambda session: session.list_jobs(), lambda session: session.get_system_info()]


@pytest.mark.parametrize("call", ANY)
def test_trouble_of_the_server_is_the_releases_exception(
    server: SimulatedServer, session: Any, call: Callable[[Any], object]
) -> None:
    """Unreachable, malfunctioning, and well again."""
    server.faults.partition()
    with pytest.raises(ConnectionError if RELEASE < (2, 8) else api_spec.NoConnection):
        call(session)
    server.faults.repair()

    server.faults.malfunction()
    with pytest.raises(api_spec.InternalError):
        call(session)
    server.faults.mend()

    call(session)


def test_a_session_that_the_server_lost_is_closed(server: SimulatedServer, session: Any) -> None:
    """From the first call on, and a new one works."""
    server.faults.lose_sessions()

    for _ in range(2):
        with pytest.raises(api_spec.SessionClosed):
            session.list_jobs()
    assert connect(server).list_jobs() == []


def test_a_reply_that_takes_long_takes_it_on_the_servers_clock(server: SimulatedServer, session: Any) -> None:
    """And may be lost on its way."""
    server.faults.slow_replies(30)
    begun = server.clock.time()
    session.list_jobs()
    assert server.clock.time() - begun == 30

    server.faults.partition(after=10)
    with pytest.raises(ConnectionError if RELEASE < (2, 8) else api_spec.NoConnection):
        session.list_jobs()


def test_a_user_that_is_unknown_gets_no_further(server: SimulatedServer) -> None:
    """What a release makes of it differs; none lets them in."""
    expected = api_spec.NoConnection if RELEASE < (2, 7) else api_spec.AuthenticationError

    with pytest.raises(expected):
        connect(server, "stranger@nowhere.org").list_jobs()


def test_a_server_that_is_not_there_is_waited_for(server: SimulatedServer) -> None:
    """As long as the session's timeout says, on the server's clock; whoever comes back in time is reached."""
    server.faults.partition()
    begun = server.clock.time()
    with pytest.raises(Exception, match="cannot connect to"):
        connect(server, timeout=20)
    assert 20 <= server.clock.time() - begun <= 21

    server.faults.repair(after=3)
    assert connect(server, timeout=20).list_jobs() == []


def test_who_comes_back_too_late_is_not_found(server: SimulatedServer) -> None:
    """2.3 tries five times and no more, however long it waits; the others as often as there is time."""
    server.faults.partition()
    server.faults.repair(after=10)
    if RELEASE == (2, 3):
        with pytest.raises(api_spec.NoConnection):
            connect(server, timeout=100)
    else:
        assert connect(server, timeout=100).list_jobs() == []


def test_a_command_the_server_does_not_know_is_said_to_be_unknown(session: Any) -> None:
    """In the reply that real clients give, which NVFLARE's session turns into its error."""
    reply = session.api.do_command("conduct_orchestra now")

    assert reply == {"status": "ERROR_SYNTAX", "details": "Command conduct_orchestra not found"}
    with pytest.raises(api_spec.InternalError, match="protocol error"):
        session._do_command("conduct_orchestra now")


def test_a_command_timeout_is_taken_and_given_back(session: Any) -> None:
    """The replies of a simulated server keep their own time; 2.3 sets no timeouts, but may be asked to all the same."""
    assert hasattr(session, "set_timeout") == (RELEASE > (2, 3))
    owner = session if RELEASE > (2, 3) else None
    (owner.set_timeout if owner else session.api.set_command_timeout)(5.0)
    assert session.api.command_timeout == 5.0

    (owner.unset_timeout if owner else session.api.unset_command_timeout)()
    assert session.api.command_timeout is None


def test_two_users_see_what_they_may(job: str) -> None:
    """Users are the server's."""
    users = [User("root", "org", "project_admin"), User("amy", "org", "lead"), User("bob", "org", "lead")]
    with SimulatedServer(users=users, behavior=JobBehavior(run_seconds=60)) as server:
        amy, bob = connect(server, "amy"), connect(server, "bob")
        job_id = amy.submit_job(job)

        assert bob.get_job_meta(job_id)["submitter_name"] == "amy"
        with pytest.raises(api_spec.AuthorizationError):
            bob.delete_job(job_id)
