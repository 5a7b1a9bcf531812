"""A server that keeps its state in a file: what is in there when, who may have it, and what goes wrong."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import warnings
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import (
    AuthenticationError,
    InternalError,
    JobBehavior,
    Run,
    ServerConfig,
    SimulatedServer,
    VirtualClock,
)
from flare_sim.commands.request import Request
from flare_sim.commands.table import answer, changes
from flare_sim.saving.records import MAGIC, BadState, Checksum, RecordReader
from flare_sim.saving.state_file import HeldFile
from tests.flare_sim.job_samples import definition
from tests.flare_sim.saving.played import bytes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flare_sim import Reply
    from flare_sim.commands.request import Request


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a state file may be."""
    return tmp_path / "state"


@pytest.fixture
def kept(path: Path) -> Iterator[SimulatedServer]:
    """A server that keeps its state there."""
    with SimulatedServer(state_file=path) as server:
        yield server


def test_a_server_goes_on_where_another_one_stopped(path: Path) -> None:
    """A clock of its own goes on as well, and so do ids and sessions."""
    with SimulatedServer(state_file=path, seed=3) as first:
        job_id = first.submit(definition())
        first.advance(4)
        time, digest = first.clock.time(), first.trace.digest()
    with SimulatedServer(state_file=path) as second:
        assert (second.seed, second.clock.time(), second.trace.digest()) == (3, time, digest)
        assert second.connect().get_job_meta(job_id)["status"] == "RUNNING"
        second.run_until_idle()
        assert second.connect().get_job_meta(job_id)["status"] == "FINISHED:COMPLETED"


def test_what_was_due_meanwhile_happens_at_the_first_call(path: Path) -> None:
    """A clock that is given may show a later time; one that shows an earlier one stands still until it is there."""
    with SimulatedServer(state_file=path, clock=VirtualClock(1000)) as first:
        job_id = first.submit(definition())
    with SimulatedServer(state_file=path, clock=VirtualClock(2000)) as later:
        assert later.connect().get_job_meta(job_id)["status"] == "FINISHED:COMPLETED"
    with SimulatedServer(state_file=path, clock=VirtualClock(1500)) as earlier:
        assert earlier.connect().get_system_info().server_info.start_time == 1000
        assert earlier.trace.digest() == later.trace.digest()


@pytest.mark.parametrize(
    "said",
    [
        {"seed": 1},
        {"progress": "manual"},
        {"personality": "nvflare-2.9"},
        {"quirks": ["delete-refused-while-running"]},
        {"config": ServerConfig(max_jobs=9)},
        {"users": ["somebody"]},
    ],
    ids=str,
)
def test_a_file_of_another_server_is_refused(path: Path, said: dict[str, Any]) -> None:
    """What is said of a server has to be so; what is not said comes from the file."""
    SimulatedServer(state_file=path, seed=2).close()
    (name,) = said

    with pytest.raises(ValueError, match=f"state' holds the state of a server with (an)?other {name}"):
        SimulatedServer(state_file=path, **said)
    with SimulatedServer(state_file=path, seed=2) as server:
        assert server.seed == 2


def test_nobody_else_may_have_the_file(kept: SimulatedServer, path: Path) -> None:
    """Neither another server nor who saves there; to read it is all right, and once it is closed it is free."""
    for take in (
        lambda: SimulatedServer(state_file=path),
        lambda: kept.save(path),
        lambda: SimulatedServer().save(path),
    ):
        with pytest.raises(ValueError, match="state' is in use: a running server keeps its state there"):
            take()
    assert SimulatedServer.restore(path).trace == kept.trace
    kept.close()
    SimulatedServer(state_file=path).close()


def test_a_file_that_came_meanwhile_is_not_written_over(path: Path) -> None:
    """Who looked when there was none is told of it, and what another one acknowledged there stays."""
    late = HeldFile(str(path))
    assert late.is_new
    with SimulatedServer(state_file=path, seed=6):
        pass
    with pytest.raises(BadState, match="is there by now"):
        late.replace(lambda _: None)
    assert SimulatedServer.restore(path).seed == 6


def test_a_fork_keeps_its_hands_off(kept: SimulatedServer, path: Path) -> None:
    """The file is that of the process that opened it; another one that has a copy of the server by chance is told."""
    before = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads are not needed in the child
        child = os.fork()
    if not child:
        try:
            kept.submit(definition())
        except InternalError as problem:
            os._exit(0 if "is kept by the process that this one was forked from" in str(problem) else 2)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert path.read_bytes() == before
    assert kept.submit(definition()) == SimulatedServer.restore(path).jobs[0].job_id


def test_a_behavior_that_is_a_function_is_given_again(path: Path, tmp_path: Path) -> None:
    """No file holds code.  What it answered is kept, so it is not asked again for runs that have begun."""
    asked: list[str] = []

    def behave(run: Run) -> JobBehavior:
        asked.append(run.job_id)
        run.write("asked", str(len(asked)))
        return JobBehavior(run_seconds=30 + len(asked))

    with SimulatedServer(state_file=path, behavior=behave, config=ServerConfig(max_jobs=2)) as server:
        ids = [server.submit(definition()) for _ in range(2)]
        server.advance(10)
    with pytest.raises(ValueError, match=r"state' holds .* behavior was .*behave, a function, which no file can hold"):
        SimulatedServer(state_file=path)
    with SimulatedServer(state_file=path, behavior=behave) as again:
        assert asked == ids
        again.submit(definition())
        again.run_until_idle()
        assert len(asked) == 3
        assert [job.end_time - job.start_time for job in again.jobs if job.end_time and job.start_time] == [31, 32, 33]


def test_what_a_function_does_is_in_the_file(path: Path, tmp_path: Path) -> None:
    """Also what it does to the server in the middle of an event, and what call_later calls does."""

    def behave(run: Run) -> None:
        if run.name == "small":
            server.connect().submit_definition(definition(name="child", min_clients=1))
            server.faults.drop("site-1")

    with SimulatedServer(state_file=path, behavior=behave) as server:
        server.submit(definition(min_clients=1))
        server.call_later(20, server.faults.hold)
        for _ in range(4):
            server.advance(6)
            copy = SimulatedServer.restore(path, behavior=behave)
            assert (copy.trace, copy.jobs) == (server.trace, server.jobs)
        assert bytes_of(copy, tmp_path) == bytes_of(server, tmp_path)
        assert [job.name for job in server.jobs] == ["small", "child"]


def test_a_call_that_is_interrupted_is_made_good(kept: SimulatedServer, path: Path, tmp_path: Path) -> None:
    """It was not answered, so it is neither in the file nor in the server, as if it had not been made."""

    def interrupted(request: Request) -> Reply:
        answer(request)
        raise KeyboardInterrupt

    session = kept.connect()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flare_sim.simulation.answering._commands", lambda: (Request, interrupted, changes))
        with pytest.raises(KeyboardInterrupt):
            session.submit_definition(definition())
    assert SimulatedServer.restore(path).jobs == ()

    assert session.list_jobs() == []
    session.submit_definition(definition())
    assert bytes_of(SimulatedServer.restore(path), tmp_path) == bytes_of(kept, tmp_path)


@pytest.mark.parametrize("refused", ["write", "fsync", "replace"])
def test_a_full_disk_is_an_internal_error(
    kept: SimulatedServer, path: Path, tmp_path: Path, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is acknowledged that is not in the file; once there is room again, all is made good."""
    session = kept.connect()
    real: dict[str, Callable[..., Any]] = {name: getattr(os, name) for name in ("write", "fsync", "replace")}

    def full(name: str, *args: Any) -> Any:
        if name == refused:
            if name == "write":
                real[name](args[0], args[1][: len(args[1]) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        return real[name](*args)

    with monkeypatch.context() as patch:
        patch.setattr(kept._journal, "_longest", 0)
        for name in real:
            patch.setattr(os, name, partial(full, name))
        for _ in range(2):
            with pytest.raises(InternalError, match=r"the state file '.*state' cannot be written: no space left"):
                session.submit_definition(definition())
    assert SimulatedServer.restore(path).jobs == ()

    session.submit_definition(definition())
    assert bytes_of(SimulatedServer.restore(path), tmp_path) == bytes_of(kept, tmp_path)


def test_a_change_is_on_the_disk_before_it_is_answered(
    kept: SimulatedServer, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sync for each, of all there is of it; that time has passed is written, and synced with the next change."""
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_size))
    kept.advance(3)
    kept.connect().get_system_info()
    after_one = path.stat().st_size
    assert synced == [after_one]
    kept.faults.hold()
    assert synced == [after_one, path.stat().st_size]


def test_a_file_is_on_the_disk_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And its name is, before anybody hears of it: first what is in it, then the name, then the folder."""
    done: list[str] = []

    def noted(name: str, function: Callable[..., Any], *args: Any) -> Any:
        done.append(name)
        return function(*args)

    for name in ("write", "fsync", "replace"):
        monkeypatch.setattr(os, name, partial(noted, name, getattr(os, name)))
    SimulatedServer().save(tmp_path / "state")

    assert done == ["write", "fsync", "replace", "fsync"]


def test_a_refusal_costs_no_more_than_a_call(kept: SimulatedServer, path: Path) -> None:
    """What changes nothing is not put down, and no reason to write everything anew."""
    before = path.stat()
    for _ in range(3):
        with pytest.raises(AuthenticationError):
            kept.login("nobody")
        with pytest.raises(ValueError, match="no client"):
            kept.remove_client("nobody")

    assert path.stat() == before


def test_the_log_does_not_grow_for_ever(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is longer than the snapshot, a snapshot takes its place."""
    monkeypatch.setattr("flare_sim.saving.journal._SHORT_LOG", 0)
    monkeypatch.setattr("os.fsync", lambda _: None)
    with SimulatedServer(state_file=path) as kept:
        least = path.stat().st_size
        for _ in range(300):
            kept.advance(1)

        assert path.stat().st_size < 2.5 * least
        assert SimulatedServer.restore(path).clock.time() == kept.clock.time()


def test_half_a_record_was_not_acknowledged(kept: SimulatedServer, path: Path) -> None:
    """At the end of a log it is left out; damage before it is an error, and in the last record, too."""
    kept.login("lead@nvidia.com")
    size = path.stat().st_size
    kept.login("org@nvidia.com")
    content = path.read_bytes()
    for length in range(size, len(content)):
        path.write_bytes(content[:length])
        assert SimulatedServer.restore(path)._state.sessions == 1
    for at in (size, size + 20, size + 60, len(content) - 1):
        path.write_bytes(content[:at] + bytes([content[at] ^ 8]) + content[at + 1 :])
        with pytest.raises(ValueError, match="is damaged"):
            SimulatedServer.restore(path)


def test_a_call_that_turns_out_otherwise_is_an_error(kept: SimulatedServer, path: Path) -> None:
    """Such as one that a server of other rules would answer otherwise; the state would not be what was acknowledged."""
    job_id = kept.submit(definition())
    payloads = list(RecordReader(BytesIO(path.read_bytes()), path.stat().st_size))
    for wrong in (
        b'["login",1,"nobody"]',
        b'["login",7,"lead@nvidia.com"]',
        b'["request",1,"nobody",1,"abort_job",["x"],null]',
        b'["step",1,"%b"]' % job_id.encode(),
        b'["unknown",1]',
        b'["login"]',
        b'["fault",1,["explode",[]],null,null]',
    ):
        checksum = Checksum()
        path.write_bytes(MAGIC + b"".join(map(checksum.record, [*payloads, wrong])))
        with pytest.raises(ValueError, match=r"holds (a call|wrong data)"):
            SimulatedServer.restore(path)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.mkdir(), "is no file|is a directory"),
        (os.mkfifo, "is no file"),
        (lambda path: path.touch(), "is not the state of a server"),
        (lambda path: path.write_text("something else"), "is not the state of a server"),
    ],
)
def test_what_is_no_state_file_is_left_alone(path: Path, make: Callable[[Path], object], reason: str) -> None:
    """Nobody waits for it, and nothing is written into it."""
    make(path)
    before = path.stat()

    for take in (SimulatedServer.restore, lambda path: SimulatedServer(state_file=path)):
        with pytest.raises((ValueError, InternalError), match=reason):
            take(path)
    after = path.stat()
    assert (before.st_ino, before.st_mode, before.st_size) == (after.st_ino, after.st_mode, after.st_size)


@pytest.mark.parametrize("path", ["", None, 7, "no\0path", "lone\ud800", b"bytes"])
def test_what_is_no_path_is_refused(path: Any) -> None:
    """It is named."""
    for take in (SimulatedServer.restore, SimulatedServer().save):
        with pytest.raises(ValueError, match="a state file must be a path, not"):
            take(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """There is nothing to restore, and no folder to write into."""
    with pytest.raises(ValueError, match="state' cannot be read: no such file"):
        SimulatedServer.restore(tmp_path / "no" / "state")
    with pytest.raises(InternalError, match="state' cannot be written: no such file"):
        SimulatedServer().save(tmp_path / "no" / "state")
    with pytest.raises(InternalError, match="state' cannot be written: no such file"):
        SimulatedServer(state_file=tmp_path / "no" / "state")
    with pytest.raises(ValueError, match="cannot be read: file name too long"):
        SimulatedServer.restore("x" * 300)
    with pytest.raises(InternalError, match="cannot be written: file name too long"):
        SimulatedServer().save("x" * 300)


def test_a_link_leads_to_the_file(tmp_path: Path) -> None:
    """What is written beside is put where the link leads, and the link stays."""
    (tmp_path / "link").symlink_to(tmp_path / "state")
    SimulatedServer(seed=4).save(tmp_path / "link")

    assert (tmp_path / "link").is_symlink()
    assert SimulatedServer.restore(tmp_path / "state").seed == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "state"]


def test_only_its_owner_may_read_it(kept: SimulatedServer, path: Path) -> None:
    """It holds what is in people's jobs."""
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_processes_that_are_killed_leave_what_they_answered() -> None:
    """Twenty of them, at points drawn; ``tox -e durability`` kills more."""
    outcome = subprocess.run(
        [sys.executable, "-m", "tests.flare_sim.saving.killed", "20", "0"], capture_output=True, check=False, text=True
    )

    assert outcome.stdout == "20 killed, 0 wrong\n", outcome.stderr


def test_a_system_that_locks_no_files_is_told_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two servers could write into one file there."""
    monkeypatch.setattr("flare_sim.saving.state_file.CAN_LOCK", False)

    with pytest.raises(ValueError, match="POSIX systems alone"):
        SimulatedServer(state_file=path)
