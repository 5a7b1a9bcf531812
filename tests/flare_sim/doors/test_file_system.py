"""What the file system says comes out as the interface says it, with a reason, and the next call is as good as ever."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flare_sim import InternalError, InvalidJobDefinition, Session, SimulatedServer
from flare_sim.disk.file_errors import FileErrors
from tests.flare_sim.disk.full_disk import full_disk
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def job_id(session: Session) -> str:
    """A job there is something to download of."""
    return session.submit_definition(definition())


@pytest.fixture(params=["missing", "a file"])
def no_room(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No temporary folder can be had."""
    place = tmp_path / "temporary"
    if request.param == "a file":
        place.write_text("")
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr(tempfile, "tempdir", str(place))


@pytest.mark.usefixtures("no_room")
def test_no_temporary_folder_is_an_internal_error(
    server: SimulatedServer, session: Session, job_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever needs one is told why there is none, and gets one as soon as there is room."""
    before = server.trace.digest()
    calls: list[Callable[[], object]] = [
        lambda: session.download_job_result(job_id),
        server.download_folder,
        lambda: server.folder("kits"),
    ]
    for call in calls:
        with pytest.raises(InternalError, match=r"no temporary folder: (no such file or|not a) directory"):
            call()
    assert server.trace.digest() == before

    monkeypatch.undo()
    assert os.path.isdir(session.download_job_result(job_id))


@pytest.mark.parametrize("place", ["file", "file/below", "nul\0", "lone\ud800", "x" * 300, ("y" * 200 + "/") * 25])
def test_a_download_folder_that_cannot_be_is_an_internal_error(
    server: SimulatedServer, job_id: str, tmp_path: Path, place: str
) -> None:
    """The message says where the result was to go, and what the file system has against it."""
    (tmp_path / "file").write_text("")
    session = server.connect(download_dir=str(tmp_path / place))

    with pytest.raises(InternalError, match=r"the result cannot be written to .*: ") as caught:
        session.download_job_result(job_id)

    assert str(caught.value).isprintable()
    assert session.get_job_meta(job_id)["status"] == "SUBMITTED"


def test_a_disk_without_room_is_an_internal_error(session: Session, job_id: str) -> None:
    """Also when the folder could be made, and a file in it not be written."""
    with full_disk(20), pytest.raises(InternalError, match=os.strerror(errno.EFBIG).lower()):
        session.download_job_result(job_id)


def test_a_working_directory_that_is_gone_is_no_accident(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path leads nowhere then, and the session says so."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    with pytest.raises((InvalidJobDefinition, InternalError), match=r"^the job cannot be read: no such |there is no"):
        session.submit_job("job")


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "permission denied"),
        (OSError(errno.EROFS, "Read-only file system"), "read-only file system"),
        (OSError("no number"), "OSError"),
        (ValueError("embedded null byte"), "no file can have this name"),
        (RecursionError("maximum recursion depth exceeded"), "the path is too deep"),
    ],
)
def test_an_error_is_told_with_its_reason(problem: Exception, reason: str) -> None:
    """What could not be done comes first, then why; the error itself is behind it."""
    with pytest.raises(InternalError) as caught, FileErrors("nothing was done"):
        raise problem

    assert str(caught.value) == f"nothing was done: {reason}"
    assert caught.value.__cause__ is problem


def test_anything_else_comes_out_as_it_is() -> None:
    """What is no word of the file system's, an interruption among others, is left alone."""
    for problem in (KeyError("x"), KeyboardInterrupt(), InvalidJobDefinition("x")):
        with pytest.raises(type(problem)) as caught, FileErrors("nothing was done"):
            raise problem
        assert caught.value is problem
