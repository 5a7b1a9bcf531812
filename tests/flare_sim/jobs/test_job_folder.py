"""Reading job folders and zip files: everything that could go wrong on a disk is an InvalidJobDefinition."""

from __future__ import annotations

import os
import socket
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flare_sim import InvalidJobDefinition, JobDefinition
from flare_sim.jobs.job_folder import read_job_files
from tests.flare_sim.job_samples import job_files, write_files, write_job


def zip_job(target: Path, files: dict[str, str], prefix: str = "small/") -> str:
    """Write a zip file of a job; returns its path."""
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(prefix, "") if prefix else None
        for path, content in files.items():
            archive.writestr(prefix + path, content)
    return str(target)


def test_a_folder_is_read_completely(tmp_path: Path) -> None:
    """All files of a folder are read, in sorted order, with the folder's name."""
    files = {**job_files(), "app/custom/net.py": "x = 1", "README": "read me"}
    path = write_files(tmp_path / "small", files)

    name, read, folders = read_job_files(path + "/")

    assert name == "small"
    assert list(read.items()) == [(key, files[key].encode()) for key in sorted(files)]
    assert folders == ("app", "app/config", "app/custom")


@pytest.mark.parametrize("prefix", ["small/", ""])
def test_a_zip_file_is_as_good_as_a_folder(tmp_path: Path, prefix: str) -> None:
    """A zip file of the folder, or of its content, gives the same job."""
    path = zip_job(tmp_path / "small.zip", job_files(), prefix)

    assert read_job_files(path) == read_job_files(write_job(tmp_path / "small"))


def test_a_symbolic_link_is_followed(tmp_path: Path) -> None:
    """A link to a file or folder counts as what it leads to."""
    path = write_job(tmp_path / "small")
    write_files(tmp_path / "elsewhere", {"data.txt": "1"})
    os.symlink(tmp_path / "elsewhere", tmp_path / "small" / "linked")
    os.symlink(tmp_path / "elsewhere" / "data.txt", tmp_path / "small" / "data.txt")

    files = read_job_files(path).files

    assert (files["linked/data.txt"], files["data.txt"]) == (b"1", b"1")


@pytest.mark.parametrize(
    ("path", "match"),
    [
        (None, "must be a str"),
        (Path("x"), "must be a str"),
        (b"x", "must be a str"),
        (["x"], "must be a str"),
        ("", "is empty"),
        ("no/such/job", "No such file"),
        ("a\0b", "cannot be read"),
        ("\ud800", "cannot be read"),
        ("x" * 5000, "cannot be read"),
        ("/dev/null", "neither a folder nor a file"),
    ],
)
def test_what_is_no_path_is_refused(path: Any, match: str) -> None:
    """Anything that can't be a path of something is refused, saying why."""
    with pytest.raises(InvalidJobDefinition, match=match):
        read_job_files(path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """An empty folder is no job."""
    with pytest.raises(InvalidJobDefinition, match="empty folder"):
        read_job_files(str(tmp_path))


def test_a_tree_without_meta_is_refused_without_reading_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without meta.json is refused before its files are read: it may be a very large tree."""
    path = write_files(tmp_path / "small", {"app/x": "1"})
    monkeypatch.setattr("flare_sim.jobs.job_folder._read_file", None)

    with pytest.raises(InvalidJobDefinition, match=r"no meta\.json"):
        read_job_files(path)


def test_a_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    """A FIFO would never be read to its end, so it is refused, inside a job or as one."""
    path = write_job(tmp_path / "small")
    os.mkfifo(tmp_path / "small" / "pipe")

    with pytest.raises(InvalidJobDefinition, match="'pipe' is not a regular file"):
        read_job_files(path)
    with pytest.raises(InvalidJobDefinition, match="neither"):
        read_job_files(path + "/pipe")


def test_a_fifo_put_in_place_of_a_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that becomes a FIFO between looking and opening is still refused without waiting."""
    path = write_job(tmp_path / "small")
    os.mkfifo(tmp_path / "small" / "pipe")
    regular = os.stat(path + "/meta.json")
    monkeypatch.setattr(os, "stat", lambda where: regular if where.endswith("pipe") else os.lstat(where))

    with pytest.raises(InvalidJobDefinition, match="'pipe' is not a regular file"):
        read_job_files(path)


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket is no file of a job."""
    path = write_job(tmp_path / "small")
    monkeypatch.chdir(path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        with pytest.raises(InvalidJobDefinition, match="'socket' is not a regular file"):
            read_job_files(path)


def test_a_folder_that_contains_itself_is_refused(tmp_path: Path) -> None:
    """A loop of symbolic links is found."""
    path = write_job(tmp_path / "small")
    os.symlink(path, tmp_path / "small" / "app" / "again")

    with pytest.raises(InvalidJobDefinition, match="'app/again' is a folder that contains itself"):
        read_job_files(path)


def test_a_dangling_link_is_refused(tmp_path: Path) -> None:
    """A link to nothing can't be read, and nor can one that leads to itself."""
    for number, target in enumerate(("nowhere", "loop")):
        path = write_job(tmp_path / str(number))
        os.symlink(target, tmp_path / str(number) / "loop")

        with pytest.raises(InvalidJobDefinition, match="cannot be read"):
            read_job_files(path)


def test_a_deep_folder_is_refused(tmp_path: Path) -> None:
    """Folders nest only so deep."""
    path = write_job(tmp_path / "small")
    write_files(tmp_path / "small" / "/".join("d" * 70), {"x": ""})

    with pytest.raises(InvalidJobDefinition, match="more than 64 deep"):
        read_job_files(path)


@pytest.mark.parametrize(
    ("limit", "match"), [("MOST_FILES", "more than 2 files"), ("MOST_BYTES", "larger than 2 bytes")]
)
@pytest.mark.parametrize("zipped", [False, True])
def test_a_job_has_a_largest_size(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: str, match: str, zipped: bool
) -> None:
    """More files or bytes than the limit are refused, from a folder and from a zip file."""
    path = zip_job(tmp_path / "a.zip", job_files()) if zipped else write_job(tmp_path / "small")
    monkeypatch.setattr(f"flare_sim.jobs.job_folder.{limit}", 2)

    with pytest.raises(InvalidJobDefinition, match=match):
        read_job_files(path)


def test_a_file_that_grows_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that is longer than it said is refused."""
    path = write_job(tmp_path / "small")
    empty = write_files(tmp_path / "other", {"empty": ""}) + "/empty"
    status = os.stat(empty)
    monkeypatch.setattr(os, "fstat", lambda _: status)

    with pytest.raises(InvalidJobDefinition, match="grew while it was read"):
        read_job_files(path)


def test_a_file_that_is_no_zip_file_is_refused(tmp_path: Path) -> None:
    """An ordinary file is no job."""
    path = write_files(tmp_path, {"notes.txt": "hello"}) + "/notes.txt"

    with pytest.raises(InvalidJobDefinition, match="not a zip file"):
        read_job_files(path)


@pytest.mark.parametrize(
    ("names", "match"),
    [
        ([], "empty zip file"),
        (["a/meta.json", "b/meta.json"], r"no meta\.json"),
        (["a/x"], r"no meta\.json"),
        (["../meta.json"], "outside its folder"),
        (["/meta.json"], "outside its folder"),
        (["a/../meta.json"], "outside its folder"),
        (["a\\meta.json"], "outside its folder"),
        (["c:/meta.json"], "outside its folder"),
    ],
)
def test_a_zip_file_of_no_job_is_refused(tmp_path: Path, names: list[str], match: str) -> None:
    """A zip file holds one job folder, and nothing outside it."""
    with pytest.raises(InvalidJobDefinition, match=match):
        read_job_files(zip_job(tmp_path / "a.zip", dict.fromkeys(names, "{}"), ""))


def test_an_entry_given_twice_is_refused(tmp_path: Path) -> None:
    """A zip file that has the same file twice could be read in two ways."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("meta.json", "{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("meta.json", "[]")

    with pytest.raises(InvalidJobDefinition, match="twice"):
        read_job_files(str(tmp_path / "a.zip"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_zip_file_is_refused_or_read(tmp_path: Path, damage: list[tuple[float, int]]) -> None:
    """Whatever bytes of a zip file are changed, it is read or refused, never anything else."""
    source = Path(zip_job(tmp_path / "good.zip", job_files()))
    content = bytearray(source.read_bytes())
    for place, value in damage:
        content[int(place * len(content))] = value
    broken = tmp_path / "broken.zip"
    broken.write_bytes(content)

    try:
        JobDefinition.load(str(broken))
    except InvalidJobDefinition as problem:
        assert str(problem)  # noqa: PT017  (either way is fine, only these two are)


def test_an_entry_longer_than_it_says_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A zip file can't unpack to more than it declares."""
    path = zip_job(tmp_path / "a.zip", job_files())
    real = zipfile.ZipFile.infolist

    def lying(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
        entries = real(archive)
        for entry in entries:
            entry.file_size = min(entry.file_size, 1)
        return entries

    monkeypatch.setattr(zipfile.ZipFile, "infolist", lying)
    monkeypatch.setattr(zipfile.ZipExtFile, "_update_crc", lambda *_: None)
    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda *_: b"too much")

    with pytest.raises(InvalidJobDefinition, match="larger than it says"):
        read_job_files(path)


def test_reading_writes_nothing(tmp_path: Path) -> None:
    """The folder is the same afterwards: names, contents, times of change."""
    path = write_job(tmp_path / "small")

    def state() -> list[tuple[str, int, int]]:
        return [(str(item), item.stat().st_mtime_ns, item.stat().st_size) for item in sorted(tmp_path.rglob("*"))]

    before = state()
    JobDefinition.load(path)

    assert state() == before
