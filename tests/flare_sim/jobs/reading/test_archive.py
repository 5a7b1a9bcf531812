"""Reading a zip file of a job: as good as the folder, and whatever is wrong with it is told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flare_sim import InvalidJobDefinition, JobDefinition
from flare_sim.jobs.reading.job_files import read_job_files
from tests.flare_sim.job_samples import job_files, write_files, write_job
from tests.flare_sim.jobs.reading.job_on_disk import only_problem, told, zip_job


@pytest.mark.parametrize("prefix", ["small/", ""])
def test_a_zip_file_is_as_good_as_a_folder(tmp_path: Path, prefix: str) -> None:
    """A zip file of the folder, or of its content, gives the same job."""
    path = zip_job(tmp_path / "small.zip", job_files(), prefix)

    assert read_job_files(path) == read_job_files(write_job(tmp_path / "small"))


def test_folders_of_a_zip_file_are_there(tmp_path: Path) -> None:
    """An entry that is a folder is one, empty or not."""
    path = zip_job(tmp_path / "small.zip", {"meta.json": "{}", "app/": "", "app/config/": "", "app/x": "1"})

    job = read_job_files(path)

    assert (list(job.files), job.folders) == (["app/x", "meta.json"], ("app", "app/config"))


@pytest.mark.parametrize(
    ("names", "kind", "message"),
    [
        ([], "empty-folder", "is an empty zip file"),
        (["a/meta.json", "b/meta.json"], "folder-of-jobs", "holds 2 jobs: 'a', 'b'"),
        (["a/x"], "meta-missing", "has no meta.json"),
        (["a/x", "b/x"], "meta-missing", "has no meta.json"),
        (["../meta.json"], "zip-outside", "an entry outside its folder: '../meta.json'"),
        (["/meta.json"], "zip-outside", "an entry outside its folder: '/meta.json'"),
        (["a/meta.json", "a/../x"], "zip-outside", "an entry outside its folder: 'a/../x'"),
        (["meta.json", "a\\x"], "zip-outside", r"an entry outside its folder: 'a\x'"),
        (["meta.json", "c:/x"], "zip-outside", "an entry outside its folder: 'c:/x'"),
    ],
)
def test_a_zip_file_of_no_job_is_told(tmp_path: Path, names: list[str], kind: str, message: str) -> None:
    """A zip file holds one job folder, and nothing outside it."""
    problem = only_problem(zip_job(tmp_path / "a.zip", dict.fromkeys(names, "{}"), ""))

    assert problem.kind == kind
    assert message in problem.message


def test_an_entry_given_twice_is_told(tmp_path: Path) -> None:
    """A zip file that has the same file twice could be read in two ways."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a/meta.json", "{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a/meta.json", "[]")

    assert told(str(tmp_path / "a.zip")) == [("zip-twice", "meta.json", False)]


def test_a_link_in_a_zip_file_is_told(tmp_path: Path) -> None:
    """NVFLARE unpacks no links (2.9.0), and what one leads to is not in the zip file."""
    link = zipfile.ZipInfo("a/link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a/meta.json", "{}")
        archive.writestr(link, "/etc/passwd")

    assert told(str(tmp_path / "a.zip")) == [("no-file", "link", False)]


def test_an_encrypted_entry_is_told(tmp_path: Path) -> None:
    """What needs a password can't be read."""
    path = Path(zip_job(tmp_path / "a.zip", {"meta.json": "{}"}))
    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)

    assert only_problem(str(path)).message == "'meta.json' is encrypted"


def test_an_entry_that_is_damaged_is_told_by_name(tmp_path: Path) -> None:
    """One entry whose content has changed is told, and the others are read."""
    path = Path(zip_job(tmp_path / "a.zip", {"meta.json": "{}", "x": "content"}))
    path.write_bytes(path.read_bytes().replace(b"content", b"CONTENT"))

    job = read_job_files(str(path))

    (problem,) = job.problems
    assert (problem.kind, problem.file) == ("zip-damaged", "x")
    assert problem.message.startswith("'x' is damaged in the zip file: Bad CRC-32")
    assert job.files["meta.json"] == b"{}"


def test_a_zip_file_whose_names_are_no_utf8_is_told(tmp_path: Path) -> None:
    """A name that says it is UTF-8 has to be."""
    path = Path(zip_job(tmp_path / "a.zip", {"meta.json": "{}", "é": ""}))
    path.write_bytes(path.read_bytes().replace("é".encode(), b"\xff\xff"))

    assert only_problem(str(path)).message.endswith("is a damaged zip file: a name in it is no UTF-8")


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


def test_an_entry_longer_than_it_says_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A zip file can't unpack to more than it declares."""
    path = zip_job(tmp_path / "a.zip", {"meta.json": "{}"})
    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda *_: b"too much")

    assert only_problem(path).message == "'meta.json' is larger than the zip file says"


def test_a_file_that_is_no_zip_file_is_told(tmp_path: Path) -> None:
    """An ordinary file is no job."""
    path = write_files(tmp_path, {"notes.txt": "hello"}) + "/notes.txt"

    assert only_problem(path).message == f"'{path}' is a file, but not a zip file"
