"""Reading a job folder: everything in it that is no file, or can't be read, is told, and the rest is read."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from flare_sim import JobDefinition
from flare_sim.jobs.reading.job_files import read_job_files
from tests.flare_sim.job_samples import job_files, write_files, write_job
from tests.flare_sim.jobs.reading.job_on_disk import only_problem, refusing, told


def test_a_folder_is_read_completely(tmp_path: Path) -> None:
    """All files of a folder are read, in sorted order, with the folder's name and all folders."""
    files = {**job_files(), "app/custom/net.py": "x = 1", "README": "read me"}
    path = write_files(tmp_path / "small", files)

    job = read_job_files(path + "/")

    assert job.name == "small"
    assert list(job.files.items()) == [(key, files[key].encode()) for key in sorted(files)]
    assert job.folders == ("app", "app/config", "app/custom")
    assert (job.problems, job.whole) == ((), True)


def test_empty_folders_are_there(tmp_path: Path) -> None:
    """A folder is there even when nothing is in it, and none is a file."""
    path = write_job(tmp_path / "small", {})
    (tmp_path / "small" / "app" / "config").mkdir(parents=True)

    job = read_job_files(path)

    assert (job.folders, list(job.files)) == (("app", "app/config"), ["meta.json"])


def test_a_job_may_be_the_folder_one_is_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A job that is called a dot has the folder's name all the same."""
    monkeypatch.chdir(write_job(tmp_path / "small"))

    assert read_job_files(".").name == "small"


def test_a_fifo_is_named_without_waiting(tmp_path: Path) -> None:
    """A FIFO would never be read to its end, so it is told, inside a job or as one."""
    path = write_job(tmp_path / "small")
    os.mkfifo(tmp_path / "small" / "pipe")

    problem = only_problem(path)

    assert (problem.kind, problem.file, problem.message) == ("no-file", "pipe", "'pipe' is a FIFO, and not a file")
    assert "neither a folder nor a file" in only_problem(path + "/pipe").message


def test_a_fifo_put_in_place_of_a_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that becomes a FIFO between looking and opening is still told without waiting."""
    path = write_job(tmp_path / "small")
    real = os.open

    def swapped(name: str, flags: int, **folder: Any) -> int:
        if name == "meta.json":
            os.unlink(name, **folder)
            os.mkfifo(name, **folder)
        return real(name, flags, **folder)

    monkeypatch.setattr(os, "open", swapped)

    assert ("no-file", "meta.json", False) in told(path)


def test_a_socket_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A socket is no file of a job."""
    path = write_job(tmp_path / "small")
    monkeypatch.chdir(path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")

        assert only_problem(path).message == "'socket' is a socket, and not a file"


@pytest.mark.parametrize("place", ["app/secret.txt", "app"])
def test_what_may_not_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str) -> None:
    """A file or a folder of others is told with the reason, without the words of an errno."""
    path = write_files(tmp_path / "small", {**job_files(), "app/secret.txt": "x"})
    monkeypatch.setattr(os, "open", refusing(place.rpartition("/")[2]))
    job = read_job_files(path)

    (problem,) = job.problems
    assert (problem.kind, problem.file) == ("unreadable", place)
    assert problem.message == f"'{place}' cannot be read: permission denied"
    assert [job.is_unread(name) for name in (place, f"{place}/x", "meta.json", f"{place}2")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_name_that_is_no_utf8_is_told(tmp_path: Path) -> None:
    """NVFLARE sends no such name: of a file, of a folder, which is told once, or of the job."""
    path = write_job(tmp_path / "small")
    Path(os.fsdecode(os.fsencode(path) + b"/caf\xe9.txt")).write_text("x")
    inside = Path(os.fsdecode(os.fsencode(path) + b"/caf\xe9"))
    inside.mkdir()
    (inside / "x").write_text("x")

    assert told(path) == [("name-no-utf8", "caf\udce9", False), ("name-no-utf8", "caf\udce9.txt", False)]
    inside.rename(tmp_path / "small" / "cafe")
    os.unlink(os.fsdecode(os.fsencode(path) + b"/caf\xe9.txt"))
    os.rename(path, os.fsencode(path) + b"\xff")
    assert told(path + "\udcff") == [("name-no-utf8", "", False)]


def test_a_file_that_grows_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that is longer than it said is told."""
    path = write_files(tmp_path / "small", {"meta.json": "{}"})
    status = os.stat(write_files(tmp_path / "other", {"empty": ""}) + "/empty")
    monkeypatch.setattr(os, "fstat", lambda _: status)

    assert told(path) == [("file-changing", "meta.json", False)]


def test_reading_writes_nothing(tmp_path: Path) -> None:
    """The folder is the same afterwards: names, contents, times of change."""
    path = write_job(tmp_path / "small")

    def state() -> list[tuple[str, int, int]]:
        return [(str(item), item.stat().st_mtime_ns, item.stat().st_size) for item in sorted(tmp_path.rglob("*"))]

    before = state()
    JobDefinition.load(path)

    assert state() == before


def test_problems_come_in_order_of_names(tmp_path: Path) -> None:
    """Whatever order a disk has its names in, the problems of the same folder are told in the same one."""
    path = write_job(tmp_path / "small")
    for name in ("c", "a", "app/z", "b"):
        os.symlink("nowhere", tmp_path / "small" / name)

    assert [file for _, file, _ in told(path)] == ["a", "b", "c", "app/z"]
