"""Downloaded results: whole or not at all, and none mixed with what is not its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flare_sim import InternalError, JobBehavior, NoConnection, Session, SimulatedServer
from flare_sim.disk.results import Results
from tests.flare_sim.disk.full_disk import full_disk
from tests.flare_sim.job_samples import definition, write_job

RESULT = (("job/meta.json", b"{}"), ("workspace/log.txt", b"log" * 1000), ("workspace/models/", b""))


def files_in(folder: Path) -> dict[str, bytes]:
    """All files in a folder, links not followed, by their paths."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.fixture
def results() -> Results:
    """What writes results."""
    return Results()


@pytest.fixture
def write(results: Results, tmp_path: Path) -> Callable[..., Path]:
    """Write a result called ``one``."""

    def written(tree: Any = RESULT, *, numbered: bool = False) -> Path:
        return Path(results.write(str(tmp_path), "one", tree, numbered=numbered))

    return written


def test_a_result_is_written(write: Callable[..., Path], tmp_path: Path) -> None:
    """All of it, empty folders too, and nothing beside it stays."""
    folder = write()

    assert folder == tmp_path / "one"
    assert files_in(folder) == {path: content for path, content in RESULT if not path.endswith("/")}
    assert (folder / "workspace" / "models").is_dir()
    assert os.listdir(tmp_path) == ["one"]


def test_downloading_again_overwrites_in_place(session: Session, job: str) -> None:
    """The same folder each time; what was changed is put right, what the user added stays."""
    job_id = session.submit_job(job)
    session.monitor_job(job_id)
    folder = Path(session.download_job_result(job_id))
    (folder / "workspace/log.txt").write_text("changed")
    (folder / "mine.txt").write_text("mine")

    assert Path(session.download_job_result(job_id)) == folder
    assert "started" in (folder / "workspace/log.txt").read_text()
    assert (folder / "mine.txt").read_text() == "mine"
    other = session.submit_job(job)
    assert Path(session.download_job_result(other)) != folder


def test_what_a_later_result_has_more_comes_along(write: Callable[..., Path]) -> None:
    """Files and folders that were not there."""
    folder = write()
    later = (*RESULT, ("workspace/new/deep/er.txt", b"new"), ("empty/er/", b""))

    assert write(later) == folder
    assert files_in(folder)["workspace/new/deep/er.txt"] == b"new"
    assert (folder / "empty" / "er").is_dir()


def test_one_that_is_numbered_leaves_the_others_alone(write: Callable[..., Path]) -> None:
    """Each goes into a folder of its own."""
    assert [write(numbered=True).name for _ in range(3)] == ["one", "one__1", "one__2"]


@pytest.mark.parametrize("what", ["file", "folder", "link", "dangling link", "fifo"])
def test_what_is_not_its_own_is_left_alone(write: Callable[..., Path], tmp_path: Path, what: str) -> None:
    """Whatever has the name of the folder: nothing is written into it, nor through it."""
    (tmp_path / "other").mkdir()
    place = tmp_path / "one"
    if what == "file":
        place.write_text("mine")
    elif what == "folder":
        place.mkdir()
        (place / "mine.txt").write_text("mine")
    elif what == "fifo":
        os.mkfifo(place)
    else:
        place.symlink_to("other" if what == "link" else "nowhere")
    before = os.lstat(place).st_ino, files_in(tmp_path)

    assert write() == tmp_path / "one__1"
    assert os.lstat(place).st_ino == before[0]
    assert before[1].items() <= files_in(tmp_path).items()
    assert os.listdir(tmp_path / "other") == []
    assert not (tmp_path / "nowhere").exists()


def test_an_empty_folder_is_taken(write: Callable[..., Path], tmp_path: Path) -> None:
    """Nothing can be mixed up in it."""
    (tmp_path / "one").mkdir()

    assert write() == tmp_path / "one"


@pytest.mark.parametrize("place", ["workspace/log.txt", "workspace", "workspace/models"])
@pytest.mark.parametrize("what", ["link", "fifo", "other"])
def test_what_is_in_the_way_in_its_own_folder_is_left_alone(
    write: Callable[..., Path], tmp_path: Path, place: str, what: str
) -> None:
    """A link is not written through, a FIFO not waited for, and a folder not removed: another result is made."""
    folder = write()
    (tmp_path / "elsewhere").mkdir()
    os.rename(folder / place, tmp_path / "moved")
    if what == "link":
        (folder / place).symlink_to(tmp_path / "elsewhere")
    elif what == "fifo":
        os.mkfifo(folder / place)
    elif (tmp_path / "moved").is_dir():
        (folder / place).write_text("mine")
    else:
        (folder / place).mkdir()
    before = files_in(folder)

    assert [write(), write()] == [tmp_path / "one__1"] * 2
    assert files_in(folder) == before
    assert os.listdir(tmp_path / "elsewhere") == []
    assert files_in(tmp_path / "one__1").keys() == {"job/meta.json", "workspace/log.txt"}


def test_a_folder_that_was_put_in_place_of_its_own_is_another(write: Callable[..., Path], tmp_path: Path) -> None:
    """Be it by a name or by a link."""
    folder = write()
    os.rename(folder, tmp_path / "kept")
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    own = write()
    assert own == tmp_path / "one__1"
    os.rename(own, tmp_path / "kept too")
    own.symlink_to("kept too")
    before = files_in(tmp_path)
    assert write() == tmp_path / "one__2"
    assert before.items() <= files_in(tmp_path).items()
    assert os.listdir(folder) == ["mine.txt"]


@pytest.mark.parametrize("again", [False, True])
def test_a_disk_that_is_full_leaves_what_was_there(write: Callable[..., Path], tmp_path: Path, again: bool) -> None:
    """Nothing of a result that could not be written whole, and the earlier one as it was."""
    if again:
        write(RESULT[:1])
    before = files_in(tmp_path)

    with full_disk(1000), pytest.raises(OSError, match="File too large"):
        write()

    assert files_in(tmp_path) == before
    assert os.listdir(tmp_path) == (["one"] if again else [])


@pytest.mark.parametrize("problem", [KeyboardInterrupt, RecursionError, OSError(28, "No space left on device")])
def test_what_ends_the_writing_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, write: Callable[..., Path], tmp_path: Path, problem: Any
) -> None:
    """An interrupt, too."""
    real = os.mkdir

    def failing(path: Any, *mode: Any, **folder: Any) -> None:
        if str(path).endswith("workspace"):
            raise problem
        real(path, *mode, **folder)

    monkeypatch.setattr(os, "mkdir", failing)
    with pytest.raises(type(problem) if isinstance(problem, OSError) else problem):
        write()

    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["", "/x", "..", "../x", "a//x", "a\0", "a" * 300, "job/meta.json/x", "job/meta.json"])
def test_a_path_that_no_file_can_have_leaves_nothing(write: Callable[..., Path], tmp_path: Path, name: str) -> None:
    """One that is written twice neither."""
    with pytest.raises((OSError, ValueError)):
        write((*RESULT, (name, b"")))

    assert os.listdir(tmp_path) == []


def test_servers_that_share_a_folder_share_no_result(tmp_path: Path) -> None:
    """Jobs of two servers with one seed have one id: each has a folder, and each is written over by itself alone."""
    servers = [SimulatedServer(behavior=JobBehavior(result_files={f"{name}.txt": name})) for name in "ab"]
    sessions = [server.connect(download_dir=str(tmp_path / "results")) for server in servers]
    ids = [session.submit_definition(definition()) for session in sessions]
    for session, job_id in zip(sessions, ids, strict=True):
        session.monitor_job(job_id)

    assert ids[0] == ids[1]
    for _ in range(2):
        for session, place, name in zip(sessions, (ids[0], f"{ids[0]}__1"), "ab", strict=True):
            folder = Path(session.download_job_result(ids[0]))
            assert folder == tmp_path / "results" / place
            assert (folder / "workspace" / f"{name}.txt").read_text() == name
            assert not (folder / "workspace" / f"{'ab'.replace(name, '')}.txt").exists()


def test_a_session_has_its_own_download_folder(server: SimulatedServer, job: str, tmp_path: Path) -> None:
    """A folder given to connect is where results go, made when it is missing; it may be reached through a link."""
    (tmp_path / "linked").symlink_to(tmp_path)
    where = tmp_path / "linked" / "a" / "b"
    session = server.connect(download_dir=str(where))
    job_id = session.submit_job(job)

    assert session.download_job_result(job_id) == str(where / job_id)
    assert (tmp_path / "a" / "b" / job_id / "job").is_dir()


def test_a_download_that_fails_leaves_no_folder_that_was_made_for_it(server: SimulatedServer, tmp_path: Path) -> None:
    """Those that were there stay."""
    (tmp_path / "a").mkdir()
    session = server.connect(download_dir=str(tmp_path / "a" / "b" / "c"))
    job_id = session.submit_definition(definition())

    with full_disk(10), pytest.raises(InternalError, match="file too large"):
        session.download_job_result(job_id)

    assert os.listdir(tmp_path) == ["a"]
    assert os.listdir(tmp_path / "a") == []


@pytest.mark.parametrize("place", ["file", "nul\0", "dangling", "file/below", "x" * 300, "y/" * 3000])
def test_a_folder_that_cannot_be_written_is_an_internal_error(
    server: SimulatedServer, job: str, tmp_path: Path, place: str
) -> None:
    """A download that fails on this machine is an InternalError that says why."""
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "dangling").symlink_to("nowhere")
    session = server.connect(download_dir=str(tmp_path / place))

    with pytest.raises(InternalError, match=r"the result cannot be written to '.*: "):
        session.download_job_result(session.submit_job(job))
    assert sorted(os.listdir(tmp_path)) == ["dangling", "file", "small"]


def test_a_server_that_is_closed_meanwhile_leaves_no_folder(
    monkeypatch: pytest.MonkeyPatch, server: SimulatedServer, session: Session, tmp_path: Path
) -> None:
    """Closing waits for the result that is being written; what comes later is told that there is no server."""
    job_id = session.submit_job(write_job(tmp_path / "job"))
    root = Path(server.download_folder()).parent
    closing = threading.Thread(target=server.close)
    real = os.mkdir

    def closed_meanwhile(path: Any, *mode: Any, **folder: Any) -> None:
        if str(path).endswith("workspace"):
            closing.start()
            closing.join(0.1)
        real(path, *mode, **folder)

    monkeypatch.setattr(os, "mkdir", closed_meanwhile)
    session.download_job_result(job_id)
    closing.join()

    assert not root.exists()
    for call in (server.download_folder, lambda: server.folders.write_result("one", RESULT, str(tmp_path))):
        with pytest.raises(NoConnection, match="the server was closed"):
            call()
    assert not root.exists()
