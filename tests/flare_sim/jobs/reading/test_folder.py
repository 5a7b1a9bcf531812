"""Reading a job folder: everything in it that is no file, or can't be read, is told, and the rest is read."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from flare_sim import InvalidJobDefinition, JobDefinition
from flare_sim.jobs.reading.job_files import read_job_files
from flare_sim.personality.job_rules import CONTRACT, RELEASE_RULES, JobRules
from tests.flare_sim.job_samples import job_files, write_files, write_job
from tests.flare_sim.jobs.reading.job_on_disk import only_problem, told


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


def test_a_link_to_a_file_of_the_job_is_that_file(tmp_path: Path) -> None:
    """A link within the job counts as what it leads to, and is no matter."""
    path = write_files(tmp_path / "small", {**job_files(), "a.txt": "1"})
    os.symlink("../a.txt", tmp_path / "small" / "app" / "b.txt")

    job = read_job_files(path)

    assert (job.files["app/b.txt"], job.problems) == (b"1", ())


def test_a_link_out_of_the_job_is_followed_and_told(tmp_path: Path) -> None:
    """What is linked from elsewhere is sent with the job; that is a warning, and names both ends."""
    path = write_job(tmp_path / "small")
    write_files(tmp_path / "elsewhere", {"data.txt": "1"})
    os.symlink("../elsewhere/data.txt", tmp_path / "small" / "data.txt")

    job = read_job_files(path)

    (problem,) = job.problems
    assert job.files["data.txt"] == b"1"
    assert (problem.kind, problem.file, problem.warning) == ("link-outside", "data.txt", True)
    assert problem.message.startswith("'data.txt' is a link to '../elsewhere/data.txt', which is not in the job")


@pytest.mark.parametrize(
    ("rules", "files"), [(CONTRACT, {"linked/data.txt": b"1"}), *((rules, {}) for rules in RELEASE_RULES.values())]
)
def test_a_linked_folder_is_told(tmp_path: Path, rules: JobRules, files: dict[str, bytes]) -> None:
    """A linked folder is there with its content or, as NVFLARE's client sends it, without; a warning says so."""
    path = write_job(tmp_path / "small", {})
    write_files(tmp_path / "elsewhere", {"data.txt": "1"})
    os.symlink(tmp_path / "elsewhere", tmp_path / "small" / "linked")

    job = read_job_files(path, rules)

    assert {name: content for name, content in job.files.items() if name != "meta.json"} == files
    assert job.folders == ("linked",)
    assert told(path, rules=rules) == [("link-to-folder", "linked", True)]


def test_a_dangling_link_is_named(tmp_path: Path) -> None:
    """A link to nothing is told by its own path inside the job, with where it leads; what lies beside it is read."""
    path = write_job(tmp_path / "small")
    os.symlink("../nowhere", tmp_path / "small" / "app" / "data.txt")

    problem = only_problem(path)

    assert (problem.kind, problem.file) == ("link-dangling", "app/data.txt")
    assert problem.message == "'app/data.txt' is a link to '../nowhere', which is not there"
    assert set(job_files()) < set(read_job_files(path).files)
    with pytest.raises(InvalidJobDefinition, match=r"'app/data\.txt' is a link to '\.\./nowhere'"):
        JobDefinition.load(path)


def test_a_link_through_a_file_is_dangling(tmp_path: Path) -> None:
    """A link to what would be inside a file leads nowhere, too."""
    path = write_job(tmp_path / "small")
    os.symlink("meta.json/x", tmp_path / "small" / "link")

    assert told(path) == [("link-dangling", "link", False)]


def test_a_link_to_itself_is_named(tmp_path: Path) -> None:
    """A link that leads to itself is told as that."""
    path = write_job(tmp_path / "small")
    os.symlink("loop", tmp_path / "small" / "loop")

    problem = only_problem(path)

    assert (problem.kind, problem.message) == ("link-loop", "'loop' is a link to 'loop', which leads back to it")


def test_a_folder_that_contains_itself_is_named(tmp_path: Path) -> None:
    """A link to a folder above it is no way to read on."""
    path = write_job(tmp_path / "small")
    os.symlink("..", tmp_path / "small" / "app" / "again")

    assert told(path) == [("link-to-folder", "app/again", True), ("link-loop", "app/again", False)]
    assert told(path, rules=RELEASE_RULES["2.9"]) == [("link-to-folder", "app/again", True)]


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

    def swapped(file: str, flags: int) -> int:
        os.unlink(file)
        os.mkfifo(file)
        return real(file, flags)

    monkeypatch.setattr(os, "open", swapped)

    assert ("no-file", "meta.json", False) in told(path)


def test_a_socket_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A socket is no file of a job."""
    path = write_job(tmp_path / "small")
    monkeypatch.chdir(path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")

        assert only_problem(path).message == "'socket' is a socket, and not a file"


@pytest.mark.parametrize(("function", "place"), [("open", "app/secret.txt"), ("scandir", "app")])
def test_what_may_not_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, function: str, place: str
) -> None:
    """A file or a folder of others is told with the reason, without the words of an errno."""
    path = write_files(tmp_path / "small", {**job_files(), "app/secret.txt": "x"})
    real = getattr(os, function)

    def refusing(where: str, *rest: object) -> object:
        if str(where).endswith(place):
            raise PermissionError(13, "Permission denied", where)
        return real(where, *rest)

    monkeypatch.setattr(os, function, refusing)
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


def test_a_link_to_what_may_not_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where it leads is told with the reason."""
    path = write_job(tmp_path / "small")
    write_files(tmp_path / "elsewhere", {"data.txt": "1"})
    os.symlink("../elsewhere/data.txt", tmp_path / "small" / "data.txt")
    real = os.open

    def refusing(where: str, flags: int) -> int:
        if where.endswith("data.txt"):
            raise PermissionError(13, "Permission denied", where)
        return real(where, flags)

    monkeypatch.setattr(os, "open", refusing)

    *_, problem = read_job_files(path).problems
    assert problem.message == "'data.txt' is a link to '../elsewhere/data.txt', which cannot be read: permission denied"


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
