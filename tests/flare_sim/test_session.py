"""The reference session: calls become values or exceptions, and closing it is for good."""

from __future__ import annotations

import errno
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from flare_sim import (
    AuthorizationError,
    InternalError,
    InvalidArgumentError,
    InvalidJobDefinition,
    JobNotDone,
    JobNotFound,
    MonitorReturnCode,
    Reply,
    Session,
    SessionClosed,
    SessionSpec,
    SimulatedServer,
    VirtualClock,
)
from flare_sim.clock import LATEST
from flare_sim.commands.protocol import ApiStatus, MetaStatus
from flare_sim.untrusted_values import shown
from tests.flare_sim.job_samples import behaving, definition, write_job

METHODS = sorted(SessionSpec.__abstractmethods__ - {"close"})


def arguments(method: str) -> tuple[Any, ...]:
    """Arguments that are no good for a method: it must not look at them when the session is closed."""
    return () if method == "get_system_info" else (object(),)


def test_a_submitted_job_is_there(session: Session, job: str) -> None:
    """The id is text, new each time, and leads to the job's meta and its place in the list."""
    first, second = session.submit_job(job), session.submit_job(job)

    assert [type(first), first == second] == [str, False]
    assert [listed["job_id"] for listed in session.list_jobs()] == [first, second]
    meta = session.get_job_meta(first)
    assert (meta["name"], meta["job_folder_name"], meta["submitter_name"]) == ("small", "small", "admin@nvidia.com")


def test_a_relative_path_is_as_good(session: Session, job: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path relative to the working directory is found, whatever way it is written."""
    monkeypatch.chdir(Path(job).parent)

    for path in ("small", "./small/", "small/../small", "small/app/.."):
        assert session.get_job_meta(session.submit_job(path))["job_folder_name"] == "small"


def test_the_folder_may_go_once_it_is_submitted(session: Session, job: str) -> None:
    """What was submitted is a copy: it runs and can be cloned and downloaded without the folder."""
    job_id = session.submit_job(job)
    shutil.rmtree(job)
    session.monitor_job(job_id)

    session.monitor_job(session.clone_job(job_id))
    assert Path(session.download_job_result(job_id), "job/small/meta.json").is_file()


def test_a_refused_submission_leaves_nothing(server: SimulatedServer, session: Session, tmp_path: Path) -> None:
    """No job, no trace."""
    with pytest.raises(InvalidJobDefinition):
        session.submit_job(write_job(tmp_path / "bad", min_clients=0))

    assert (session.list_jobs(all=True), len(server.trace)) == ([], 0)


def test_a_clone_is_a_job_of_its_own(server: SimulatedServer, session: Session, job: str) -> None:
    """A clone starts at the beginning, belongs to who made it, and lives apart from its original."""
    original = session.submit_job(job)
    session.monitor_job(original)
    before = session.get_job_meta(original)

    clone = server.connect("admin@nvidia.com").clone_job(original)
    session.abort_job(clone)
    session.delete_job(clone)

    assert session.get_job_meta(original) == before
    again = session.get_job_meta(session.clone_job(original))
    assert (again["cloned_from"], again["status"], again["duration"]) == (original, "SUBMITTED", "N/A")


def test_a_list_shows_ones_own_jobs_unless_asked_for_all(server: SimulatedServer, session: Session) -> None:
    """By default one's own, in submit order; with all everybody's; detailed more of the same."""
    lead = server.connect("lead@nvidia.com")
    mine = [session.submit_definition(definition()) for _ in range(2)]
    theirs = lead.submit_definition(definition())

    assert [job["job_id"] for job in session.list_jobs()] == mine
    assert [job["job_id"] for job in lead.list_jobs(all=True)] == [*mine, theirs]
    assert [*session.list_jobs()[0]] == ["job_id", "job_name", "status", "submit_time", "duration"]
    assert session.list_jobs(True, True)[2] == session.get_job_meta(theirs)
    session.delete_job(mine[0])
    assert [job["job_id"] for job in session.list_jobs()] == mine[1:]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"detailed": 1}, "detailed must be a bool, not 1"),
        ({"all": None}, "all must be a bool, not None"),
        ({"all": "yes"}, "all must be a bool, not 'yes'"),
        ({"detailed": [], "all": True}, r"detailed must be a bool, not \[\]"),
    ],
)
def test_a_list_takes_bools(session: Session, flags: dict[str, Any], said: str) -> None:
    """A flag is True or False, nothing that merely looks like it."""
    with pytest.raises(InvalidArgumentError, match=f"^{said}$"):
        session.list_jobs(**flags)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"login": ("admin@nvidia.com", 1)}, "login must be what the server gave, not a value of type tuple"),
        ({"server": 3}, "server must be a SimulatedServer, not 3"),
        ({"download_dir": ""}, "download_dir must be the path of a folder, not ''"),
        ({"download_dir": 3}, "download_dir must be the path of a folder, not 3"),
    ],
)
def test_what_a_session_cannot_be_made_of_is_shown(server: SimulatedServer, changes: dict[str, Any], said: str) -> None:
    """With what is wanted instead."""
    good = {"server": server, "login": server.login("admin@nvidia.com"), "download_dir": None}
    with pytest.raises(ValueError, match=f"^{said}$"):
        Session(**{**good, **changes})


def test_a_result_that_cannot_be_written_says_where_it_was_to_go(
    server: SimulatedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of the user's by its name, one of the server's without."""
    job_id = server.submit(definition())

    def full(*_: object, **__: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(server.folders), "write_result", full)
    for folder, said in ((None, ""), (str(tmp_path), f" to '{tmp_path}'")):
        with pytest.raises(InternalError, match=f"^the result cannot be written{said}: no space left on device$"):
            server.connect(download_dir=folder).download_job_result(job_id)


def test_a_clock_that_ends_while_a_reply_is_on_its_way_is_an_internal_error() -> None:
    """It says that its time has ended."""
    server = SimulatedServer(clock=VirtualClock(LATEST - 5))
    session = server.connect()
    server.faults.slow_replies(10)

    with pytest.raises(InternalError, match=r"^the clock has no 10\.0 seconds left: its time ends at 1000000000000$"):
        session.list_jobs()


def test_the_rights_of_others_are_kept(server: SimulatedServer, session: Session) -> None:
    """Who may not is told so, and nothing has happened."""
    job_id = session.submit_definition(definition())
    member = server.connect("member@nvidia.com")
    before = server.trace.digest()
    for call in (
        lambda: member.submit_definition(definition()),
        lambda: member.clone_job(job_id),
        lambda: member.abort_job(job_id),
        lambda: member.delete_job(job_id),
        lambda: member.download_job_result(job_id),
    ):
        with pytest.raises(AuthorizationError, match=r"member@nvidia\.com"):
            call()

    assert server.trace.digest() == before
    assert member.get_job_meta(job_id)["status"] == "SUBMITTED"


def test_system_info_is_of_this_moment(server: SimulatedServer, session: Session) -> None:
    """The server's status, its clients and the jobs being executed, each with its app."""
    job_id = session.submit_definition(definition())
    idle = session.get_system_info()
    server.advance(15)
    server.advance(-0.0)
    busy = session.get_system_info()
    server.add_client("site-3")

    assert (idle.server_info.status, idle.job_info, busy.job_info) == ("stopped", [], [])
    assert [client.last_connect_time for client in busy.client_info] == [1767225610.0] * 2
    assert [client.name for client in session.get_system_info().client_info] == ["site-1", "site-2", "site-3"]
    session.delete_job(job_id)
    running = session.submit_definition(definition())
    server.advance(2)
    assert [(job.job_id, job.app_name) for job in session.get_system_info().job_info] == [(running, "app")]
    assert session.get_system_info().server_info.status == "started"


@pytest.mark.parametrize("method", METHODS)
def test_a_closed_session_says_so_before_it_looks(session: Session, method: str) -> None:
    """After close every method is SessionClosed, whatever it is given, and says why; close may be called again."""
    assert session.close() is None  # type: ignore[func-returns-value]
    session.close()

    with pytest.raises(SessionClosed, match=r"^the session is closed$"):
        getattr(session, method)(*arguments(method))


def test_closing_a_session_touches_nothing_else(server: SimulatedServer, session: Session) -> None:
    """Other sessions and all jobs go on."""
    job_id = session.submit_definition(definition())
    other = server.connect()

    with session as entered:
        assert entered is session
    assert repr(session) == "<Session of admin@nvidia.com with simulated_project (closed)>"

    server.run_until_idle()
    assert other.get_job_meta(job_id)["status"] == "FINISHED:COMPLETED"


def test_a_session_keeps_its_server_alive(job: str) -> None:
    """A server nobody holds but its session works on."""
    session = SimulatedServer().connect("admin@nvidia.com")

    assert os.path.isdir(session.download_job_result(session.submit_job(job)))
    assert repr(session) == "<Session of admin@nvidia.com with simulated_project (open)>"


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(ApiStatus.SUCCESS, MetaStatus.INVALID_JOB_DEF, "x"), InvalidJobDefinition, "invalid job definition: x"),
        (Reply(ApiStatus.SUCCESS, MetaStatus.INVALID_JOB_ID, "x"), JobNotFound, "no such job: 'x'"),
        (Reply(ApiStatus.SUCCESS, MetaStatus.JOB_RUNNING, "x"), JobNotDone, "job x is still running"),
        (Reply(ApiStatus.SUCCESS, MetaStatus.SYNTAX_ERROR, "x"), InternalError, "protocol error: x"),
        (
            Reply(ApiStatus.SUCCESS, MetaStatus.INTERNAL_ERROR, "x\ny\a"),
            InternalError,
            "server internal error: x\ny\\x07",
        ),
        (Reply(ApiStatus.SUCCESS, "never heard of", "x"), InternalError, "never heard of: x"),
        (Reply(ApiStatus.ERROR_SYNTAX, info="x"), InternalError, "x"),
        (Reply("never heard of"), InternalError, "never heard of"),
        (Reply(ApiStatus.ERROR_INACTIVE_SESSION, info="x"), SessionClosed, "x"),
    ],
)
def test_a_status_becomes_an_exception(
    session: Session, monkeypatch: pytest.MonkeyPatch, reply: Reply, kind: type[Exception], said: str
) -> None:
    """Each status a server may answer with is one of the interface's exceptions, unknown ones InternalError."""
    monkeypatch.setattr(session._server, "request", lambda *_: reply)

    with pytest.raises(kind) as raised:
        session.list_jobs()
    assert (type(raised.value), str(raised.value)) == (kind, said)
    assert ("closed" in repr(session)) == (kind is SessionClosed)


def test_a_clock_that_fails_a_monitor_is_an_internal_error() -> None:
    """Before its first look when it shows no time, in between when its time ends; the message says so."""
    server = SimulatedServer(clock=VirtualClock(LATEST - 5))
    session = server.connect()
    job_id = session.submit_definition(definition(custom_props=behaving(run_seconds=100)))
    with pytest.raises(InternalError, match=r"^the clock has no 2\.0 seconds left: its time ends at 1000000000000$"):
        session.monitor_job(job_id)
    session._clock = Noon()
    with pytest.raises(InternalError, match=r"^the clock shows 'noon', which is no time in seconds since the epoch$"):
        session.monitor_job(job_id)


class Noon:
    """A clock that shows no time."""

    def time(self) -> Any:
        """Return what is none."""
        return "noon"

    def sleep(self, seconds: float, /) -> None:
        """Return at once."""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"timeout": -1}, "timeout must be a number of seconds, 0 for none, not -1"),
        ({"timeout": float("nan")}, "timeout must be a number of seconds, 0 for none, not nan"),
        ({"timeout": "1"}, "timeout must be a number of seconds, 0 for none, not '1'"),
        ({"poll_interval": 0}, "poll_interval must be a number of seconds above 0 and up to 1000000000, not 0"),
        ({"poll_interval": None}, "poll_interval must be a number of seconds above 0 and up to 1000000000, not None"),
        ({"cb": 3}, "cb must be callable or None, not 3"),
    ],
)
def test_what_nobody_can_monitor_by_is_shown(session: Session, arguments: dict[str, Any], said: str) -> None:
    """With what is wanted instead, before anybody looks whether there is such a job."""
    with pytest.raises(InvalidArgumentError, match=f"^{said}$"):
        session.monitor_job("no such job", **arguments)


@pytest.mark.parametrize("job_id", ["", None, 3, b"x"])
def test_what_is_no_id_is_shown(session: Session, job_id: Any) -> None:
    """No job can be called so."""
    for ask in (session.get_job_meta, session.monitor_job):
        with pytest.raises(JobNotFound, match=f"^no such job: {re.escape(shown(job_id))}$"):
            ask(job_id)


def test_what_is_no_definition_is_shown(session: Session) -> None:
    """Where a job in memory is wanted."""
    with pytest.raises(InvalidJobDefinition, match=r"^invalid job definition: no job came with the command, but 3$"):
        session.submit_definition(3)  # type: ignore[arg-type]


def test_an_id_is_shown_short_and_safe(session: Session) -> None:
    """An unknown id of any length is in the message, cut and quoted."""
    with pytest.raises(JobNotFound) as caught:
        session.get_job_meta("\ud800é" * 5000)

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 700


@pytest.mark.parametrize(
    ("timeout", "interval", "waited"), [(1e-9, 1e-6, 1e-6), (1e-6, 1e-6, 1e-6), (2.0, 2.0, 2.0), (2.000001, 2.0, 4.0)]
)
def test_a_timeout_is_over_at_the_next_look(timeout: float, interval: float, waited: float) -> None:
    """To the microsecond; one that is shorter is as good as one. It counts on the clock the session was opened with."""
    server = SimulatedServer(clock=VirtualClock(0))
    session = server.connect()
    job_id = session.submit_definition(definition(min_clients=9))
    assert session.monitor_job(job_id, timeout, interval) is MonitorReturnCode.TIMEOUT  # type: ignore[arg-type]
    assert server.clock.time() == waited
    session._clock = VirtualClock(0)

    assert session.monitor_job(job_id, timeout, interval) is MonitorReturnCode.TIMEOUT  # type: ignore[arg-type]
    assert (session._clock.time(), server.clock.time()) == (waited, waited)
