"""What is no job: the problem says what it is instead, and what to do."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from flare_sim.jobs.definition import examine
from flare_sim.jobs.reading.job_files import read_job_files
from flare_sim.personality.release_rules import RELEASE_RULES
from tests.flare_sim.job_samples import job_files, write_files, write_job
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

    assert only_problem(path).message == f"'{path}' has no meta.json, meta.conf, meta.yml or meta.yaml"
    assert only_problem(path, rules=RELEASE_RULES["2.3"]).message.endswith("has no meta.json")


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("zipped", [False, True])
def test_a_folder_of_jobs_is_told(tmp_path: Path, count: int, zipped: bool) -> None:
    """A folder, or a zip file, with jobs in it is told as that, with their names and with what to do."""
    names = [f"job-{number}" for number in range(count)]
    files = {"README.md": "three jobs", **{f"{name}/meta.json": "{}" for name in names}}
    path = zip_job(tmp_path / "jobs.zip", files, "") if zipped else write_files(tmp_path / "jobs", files)

    problem = only_problem(path)

    all_of_them = f", or all: {path}/*/" if count > 1 else ""
    assert problem.kind == "folder-of-jobs"
    assert ("a job: 'job-0'" if count == 1 else f"{count} jobs: 'job-0', 'job-1'") in problem.message
    assert problem.message.endswith(", ...") == (count == 5)
    assert problem.advice == (
        "put each into a zip file of its own" if zipped else f"name one, {path}/job-0{all_of_them}"
    )


def test_an_app_is_told(tmp_path: Path) -> None:
    """Who names the folder of an app is told that it looks like one."""
    path = write_job(tmp_path / "small") + "/app"

    problem = only_problem(path)

    assert (problem.kind, "looks like an app" in problem.message) == ("one-app", True)


@pytest.mark.parametrize(
    ("name", "what"), [("Meta.json", "not read"), ("meta.toml", "not read"), ("meta.json/x", "a folder")]
)
def test_a_meta_by_another_name_is_told(tmp_path: Path, name: str, what: str) -> None:
    """What somebody may have taken for the meta is named."""
    path = write_files(tmp_path / "small", {name: "{}"})

    problem = only_problem(path)

    assert problem.kind == "meta-missing"
    assert problem.message.endswith(f"there is '{name.removesuffix('/x')}', which is {what}")


def test_an_app_is_read_where_it_is_taken_for_a_job(tmp_path: Path) -> None:
    """By the rules of 2.3, and no other folder that has no meta is."""
    job = write_job(tmp_path / "small")

    assert set(read_job_files(f"{job}/app", RELEASE_RULES["2.3"]).files) == {
        "config/config_fed_client.json",
        "config/config_fed_server.json",
    }
    assert only_problem(str(tmp_path), rules=RELEASE_RULES["2.3"]).kind == "folder-of-jobs"


def test_a_zip_file_is_told_where_only_folders_are_taken(tmp_path: Path) -> None:
    """NVFLARE's clients have no use for one."""
    path = zip_job(tmp_path / "a.zip", job_files())

    problem = only_problem(path, rules=RELEASE_RULES["2.9"])

    assert (problem.kind, "is a zip file" in problem.message, problem.advice) == (
        "no-job",
        True,
        "unpack it, and name the folder",
    )


@pytest.mark.parametrize("held", ["nothing", "something", "jobs"])
@pytest.mark.parametrize("release", RELEASE_RULES)
def test_a_release_answers_in_its_own_words(tmp_path: Path, held: str, release: str) -> None:
    """The problem says what is there, the answer what a server of the release says; its first is what comes first."""
    folder = tmp_path / held
    folder.mkdir()
    if held != "nothing":
        write_files(folder, {"job/meta.json" if held == "jobs" else "app/x": "{}"})

    (problem,) = examine(str(folder), RELEASE_RULES[release]).problems

    assert problem.kind == {"nothing": "empty-folder", "something": "meta-missing", "jobs": "folder-of-jobs"}[held]
    assert problem.reply is not None
    assert problem.reply.text not in problem.message
    (by_the_contract,) = examine(str(folder)).problems
    assert (by_the_contract.kind, by_the_contract.reply) == (problem.kind, None)


@pytest.mark.parametrize("release", RELEASE_RULES)
def test_a_name_that_a_release_takes_for_none_comes_before_what_is_missing(tmp_path: Path, release: str) -> None:
    """From 2.8 on, which look at the name of the folder first; what they say of the rest is the same."""
    named, unnamed = (write_files(tmp_path / name, {"app/x": "{}"}) for name in ("a-name", "no name"))
    (missing,) = examine(str(named), RELEASE_RULES[release]).problems

    *before, problem = examine(str(unnamed), RELEASE_RULES[release]).problems
    assert [other.kind for other in before] == (["folder-name"] if release in ("2.8", "2.9") else [])
    assert (problem.kind, missing.kind) == ("meta-missing", "meta-missing")
    assert problem.reply is not None is not missing.reply
    assert problem.reply.text == missing.reply.text.replace("a-name", "no name")
