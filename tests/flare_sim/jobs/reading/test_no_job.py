"""What is no job: the problem says what it is instead, and what to do."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from flare_sim.jobs.reading.job_files import read_job_files
from tests.flare_sim.job_samples import write_files, write_job
from tests.flare_sim.jobs.reading.job_on_disk import only_problem, zip_job


@pytest.mark.parametrize(
    ("path", "kind", "message"),
    [
        (None, "no-path", "the job definition path must be a str, not a NoneType"),
        (Path("x"), "no-path", "the job definition path must be a str, not a PosixPath"),
        (b"x", "no-path", "the job definition path must be a str, not a bytes"),
        (["x"], "no-path", "the job definition path must be a str, not a list"),
        ("", "no-path", "the job definition path is empty"),
        ("no/such/job", "not-there", "there is no file or folder 'no/such/job'"),
        ("a\0b", "unreadable", r"'a\x00b' cannot be read: no file can have this name"),
        ("\ud800", "unreadable", r"'\ud800' cannot be read: no file can have this name"),
        ("/dev/null", "no-job", "'/dev/null' is neither a folder nor a file"),
    ],
)
def test_what_is_no_path_is_told(path: Any, kind: str, message: str) -> None:
    """Anything that can't be the path of something is told, saying why."""
    job = read_job_files(path)

    (problem,) = job.problems
    assert (problem.kind, problem.message, problem.file, job.whole) == (kind, message, "", False)
    assert problem.advice


def test_a_path_that_is_too_long_is_told() -> None:
    """The reason is the file system's."""
    assert only_problem("x" * 5000).message.endswith("cannot be read: file name too long")


def test_a_path_that_is_a_dangling_link_is_told(tmp_path: Path) -> None:
    """A job that is linked and gone is told with where the link leads."""
    os.symlink("gone", tmp_path / "job")

    problem = only_problem(str(tmp_path / "job"))

    assert problem.kind == "link-dangling"
    assert problem.message.endswith("is a link to 'gone', which is not there")


def test_a_file_of_a_job_is_told_from_other_files(tmp_path: Path) -> None:
    """Who names the meta.json is told to name its folder, who names any other file that it is no zip file."""
    path = write_job(tmp_path / "small")

    meta = only_problem(f"{path}/meta.json")
    other = only_problem(f"{path}/app/config/config_fed_server.json")

    assert meta.message.endswith("is a file of a job, not a job")
    assert meta.advice == f"name its folder: {path}"
    assert other.message.endswith("is a file, but not a zip file")


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    """An empty folder is no job."""
    assert only_problem(str(tmp_path)).message == f"'{tmp_path}' is an empty folder"


def test_a_tree_without_meta_is_told_without_reading_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without meta.json is told before its files are read: it may be a very large tree."""
    path = write_files(tmp_path / "small", {"app/x": "1"})
    monkeypatch.setattr("flare_sim.jobs.reading.job_files.read_folder", None)

    assert only_problem(path).message == f"'{path}' has no meta.json"
    assert only_problem(path, meta_files=("meta.json", "meta.conf")).message.endswith("has no meta.json or meta.conf")


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("zipped", [False, True])
def test_a_folder_of_jobs_is_told(tmp_path: Path, count: int, zipped: bool) -> None:
    """A folder, or a zip file, with jobs in it is told as that, with their names and with what to do."""
    names = [f"job-{number}" for number in range(count)]
    files = {"README.md": "three jobs", **{f"{name}/meta.json": "{}" for name in names}}
    path = zip_job(tmp_path / "jobs.zip", files, "") if zipped else write_files(tmp_path / "jobs", files)

    problem = only_problem(path)

    assert problem.kind == "folder-of-jobs"
    assert ("a job: 'job-0'" if count == 1 else f"{count} jobs: 'job-0', 'job-1'") in problem.message
    assert problem.message.endswith(", ...") == (count == 5)
    assert problem.advice == ("put each into a zip file of its own" if zipped else f"name one: {path}/job-0")


def test_an_app_is_told(tmp_path: Path) -> None:
    """Who names the folder of an app is told that it looks like one."""
    path = write_job(tmp_path / "small") + "/app"

    problem = only_problem(path)

    assert (problem.kind, "looks like an app" in problem.message) == ("one-app", True)


@pytest.mark.parametrize(
    ("name", "what"), [("Meta.json", "not read"), ("meta.conf", "not read"), ("meta.json/x", "a folder")]
)
def test_a_meta_by_another_name_is_told(tmp_path: Path, name: str, what: str) -> None:
    """What somebody may have taken for the meta is named."""
    path = write_files(tmp_path / "small", {name: "{}"})

    problem = only_problem(path)

    assert problem.kind == "meta-missing"
    assert problem.message.endswith(f"there is '{name.removesuffix('/x')}', which is {what}")


def test_any_folder_can_be_read(tmp_path: Path) -> None:
    """Where a server takes folders without a meta, they are read."""
    job = read_job_files(write_files(tmp_path / "small", {"x": "1"}), any_folder=True)

    assert (job.files, job.whole) == ({"x": b"1"}, True)
