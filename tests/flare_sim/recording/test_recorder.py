"""A recorded session does what the other one does, and its calls are in the file, as soon as each is over."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest

import flare_sim
from flare_sim import (
    InvalidJobDefinition,
    JobNotFound,
    MonitorReturnCode,
    Session,
    SessionSpec,
    SimulatedServer,
    VirtualClock,
    make_job,
)
from flare_sim.recording import Recorder, Recording, record
from tests.flare_sim.disk.full_disk import full_disk

if TYPE_CHECKING:
    from pathlib import Path


class Plain(SessionSpec):
    """Somebody's own session, which remembers how it was called."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.answer: Any = None

    def _call(self, *args: Any, **kwargs: Any) -> Any:
        self.seen.append((args, kwargs))
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    submit_job = clone_job = get_job_meta = list_jobs = download_job_result = abort_job = delete_job = _call
    get_system_info = monitor_job = close = _call


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a recording goes."""
    return tmp_path / "calls.jsonl"


def lines(file: Path) -> list[dict[str, Any]]:
    """The lines of a file."""
    return [json.loads(line) for line in file.read_text(encoding="ascii").splitlines()]


METHODS = sorted(SessionSpec.__abstractmethods__)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_given_and_what_comes_back_is_handed_on(file: Path, method: str) -> None:
    """The very objects, by place and by name; what is raised, too."""
    inner, mark = Plain(), object()
    with record(inner, file, clock=VirtualClock()) as session:
        inner.answer = mark

        assert getattr(session, method)(mark, 5, named=mark) is mark
        assert inner.seen == [((mark, 5), {"named": mark})]
        inner.answer = KeyError(mark)
        with pytest.raises(KeyError) as caught:
            getattr(session, method)()
        assert caught.value is inner.answer
        inner.answer = KeyboardInterrupt("enough")
        with pytest.raises(KeyboardInterrupt):
            getattr(session, method)()
        inner.answer = None

    told = Recording.load(file).calls
    assert [call.method for call in told] == [method] * 3 + ["close"]
    assert told[0].outcome.returned == {"$type": "object", "text": "a value of type object"}
    assert told[2].outcome.raised == ("KeyboardInterrupt", "enough")


def test_it_is_of_the_class_of_the_other_one(file: Path) -> None:
    """For ``isinstance``; what is no method of the interface is the other one's."""
    inner: Any = Plain()
    session = record(inner, file)
    session.note = 5

    assert (inner.note, session.note, session.seen) == (5, 5, [])
    assert repr(session).startswith("<recorded <")
    del session.note
    assert not hasattr(inner, "note")
    assert all(isinstance(session, kind) for kind in (Plain, SessionSpec))
    assert record(SimulatedServer().connect(), file).number == 1


def test_the_same_calls_give_the_same_bytes(tmp_path: Path) -> None:
    """On the server's clock, which is that of its sessions unless another is given."""
    job = make_job(tmp_path / "job")
    for name in ("a", "b"):
        with record(SimulatedServer().connect(), tmp_path / name) as session:
            job_id = session.submit_job(job)
            session.monitor_job(job_id, cb=lambda *seen: True)
            session.get_system_info()
            session.download_job_result(job_id)

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert [line["took"] for line in lines(tmp_path / "a") if "call" in line] == [0, 10, 0, 0, 0]


def test_a_callback_is_handed_the_recorded_session(file: Path, job: str) -> None:
    """What it does with it is recorded as made within its look, and the meta as it was shown."""
    with record(SimulatedServer().connect(), file) as session:
        seen: list[Any] = []

        def callback(one: Any, job_id: str, meta: dict[str, Any], *args: Any, **kwargs: Any) -> bool:
            seen.append((one, args, kwargs))
            meta.clear()
            one.list_jobs()
            return len(seen) < 2

        job_id = session.submit_job(job)
        ended = session.monitor_job(job_id, 0, 2.0, callback, "secret", token="secret")

    assert ended is MonitorReturnCode.ENDED_BY_CB
    assert seen == [(session, ("secret",), {"token": "secret"})] * 2
    calls = Recording.load(file).calls
    assert [(call.method, call.within) for call in calls[1:]] == [
        *(("monitor_job", None), ("list_jobs", (2, 0)), ("list_jobs", (2, 1)), ("close", None))
    ]
    assert [(look.meta["status"], look.outcome.returned) for look in calls[1].looks] == [
        *(("SUBMITTED", True), ("RUNNING", False))
    ]
    assert b"secret" not in file.read_bytes()


def test_what_a_call_calls_itself_is_part_of_it(file: Path) -> None:
    """A session that is made of recorded ones has lines for its own calls alone."""
    recorder = Recorder(file)
    first, outer = Plain(), Plain()
    inner = recorder.record(first)
    outer.list_jobs = inner.list_jobs  # type: ignore[method-assign]
    recorder.record(outer).list_jobs()
    inner.list_jobs()

    assert len(first.seen) == 2
    assert [line["session"] for line in lines(file) if "call" in line] == [2, 1]


def test_several_sessions_and_threads_go_into_one_file(file: Path) -> None:
    """No line is lost or torn, and numbers tell how calls began."""
    server = SimulatedServer()
    with Recorder(file) as recorder:
        sessions = [recorder.record(server.connect(user)) for user in ("admin@nvidia.com", "lead@nvidia.com")]
        threads = [
            threading.Thread(target=lambda session: [session.list_jobs() for _ in range(50)], args=(session,))
            for session in sessions * 2
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    told = Recording.load(file)

    assert [session.user for session in told.sessions.values()] == ["admin@nvidia.com", "lead@nvidia.com"]
    assert [call.number for call in told.calls] == list(range(1, 201))
    assert [call.session for call in told.calls].count(2) == 100


def test_a_job_is_kept_once_and_without_the_path_to_it(tmp_path: Path, file: Path) -> None:
    """Paths of this machine are nowhere, not even in what was raised."""
    job = make_job(tmp_path / "my-job")
    with record(SimulatedServer().connect(), file) as session:
        for _ in range(2):
            session.submit_job(job)
        session.submit_job(job_definition_path=job)
        with pytest.raises(InvalidJobDefinition):
            session.submit_job(str(tmp_path / "missing"))
        with pytest.raises(InvalidJobDefinition):
            session.submit_job(7)
    told = Recording.load(file)

    assert [job.name for job in told.jobs.values()] == ["my-job"]
    assert [call.args for call in told.calls[3:5]] == [
        *([{"$type": "path", "name": "missing", "problem": "not-there"}], [7])
    ]
    assert str(tmp_path) not in file.read_text(encoding="ascii")


def test_where_results_go_is_not_told(tmp_path: Path, file: Path) -> None:
    """By place or by name, as later releases take it."""
    with record(Plain(), file) as session:
        session.download_job_result("id", str(tmp_path / "results"))
        session.download_job_result(job_id="id", destination=tmp_path / "results")
    told = Recording.load(file)

    assert told.calls[0].args == ["id", {"$type": "path", "name": "results"}]
    assert told.calls[1].kwargs == {"job_id": "id", "destination": {"$type": "path", "name": "results"}}
    assert str(tmp_path) not in file.read_text(encoding="ascii")


def test_a_call_is_in_the_file_when_it_is_over(file: Path) -> None:
    """So a process that is killed loses no more than what is under way."""
    session = record(SimulatedServer().connect(), file)
    session.list_jobs()

    assert [line["method"] for line in lines(file) if "call" in line] == ["list_jobs"]
    file.write_bytes(file.read_bytes() + b'{"call":2,"session":1,"at":0.0,"to')
    told = Recording.load(file)
    assert (len(told.calls), told.cut_off) == (1, True)


def test_a_file_that_cannot_be_written_harms_no_call(file: Path) -> None:
    """At the end it is said, once; what was written before is there."""
    session = record(SimulatedServer().connect(), file)
    with full_disk(file.stat().st_size + 20):
        with pytest.raises(JobNotFound):
            session.get_job_meta("x")
        assert session.list_jobs() == []
    with pytest.raises(OSError, match="File too large"), session:
        assert session.list_jobs() == []
    with session:
        pass
    told = Recording.load(file)

    assert (told.calls, told.cut_off) == ((), True)


@pytest.mark.parametrize(
    ("session", "options", "message"),
    [
        (5, {}, "session must have the methods of a session; 5 has no submit_job"),
        (Plain(), {"file": 5}, "file must be the path of a file, not 5"),
        (Plain(), {"user": ""}, "user must be the name of somebody, not ''"),
        (Plain(), {"clock": 5}, "clock must have time"),
    ],
)
def test_what_makes_no_sense_is_refused(file: Path, session: Any, options: dict[str, Any], message: str) -> None:
    """In a sentence that names it."""
    with pytest.raises(ValueError, match=message):
        record(session, **{"file": file, **options})


def test_a_limit_of_jobs_is_a_number(file: Path) -> None:
    """Of bytes."""
    with pytest.raises(ValueError, match="largest_job must be a whole number of bytes, not -1"):
        Recorder(file, largest_job=-1)


def test_what_is_told_of_a_session(file: Path) -> None:
    """Whose it is, what it is, and whether its server is a simulated one."""
    with Recorder(file) as recorder:
        recorder.record(SimulatedServer().connect("lead@nvidia.com"))
        recorder.record(Plain(), "ann")
    first, second = Recording.load(file).sessions.values()

    assert (first.user, first.type, first.simulated) == ("lead@nvidia.com", f"{Session.__module__}.Session", True)
    assert first.library == f"flare-sim {flare_sim.__version__}"
    assert (second.user, second.simulated) == ("ann", False)
    assert second.type.endswith(".Plain")
