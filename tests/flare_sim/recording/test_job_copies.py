"""Copies of jobs: they are written again as they were, and nothing that may be a secret is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest

from flare_sim import make_job
from flare_sim.recording.job_copies import LARGEST_JOB, JobCopy, copy_of, write_copy
from tests.flare_sim.job_samples import write_files

if TYPE_CHECKING:
    from pathlib import Path


def copied(path: Any, largest: int = LARGEST_JOB) -> JobCopy:
    """The copy of a job that is there."""
    copy = copy_of(path, largest)
    assert copy is not None
    return copy


def contents(folder: Path) -> dict[str, bytes | None]:
    """What is in a folder, folders as None."""
    return {str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")}


def test_a_job_is_written_again_as_it_was(tmp_path: Path) -> None:
    """With its name, texts, other files and empty folders; also after a way through JSON."""
    job = tmp_path / "job"
    make_job(job, files={"app/custom/net.py": "import x\n", "app/data": b"\xff\x00"})
    (job / "app" / "empty").mkdir()
    (tmp_path / "there").mkdir()
    copy = JobCopy.of_line(copied(str(job)).as_line())

    assert write_copy(copy, str(tmp_path / "there")) == str(tmp_path / "there" / "job")
    assert contents(tmp_path / "there" / "job") == contents(job)
    assert copied(str(tmp_path / "there" / "job")).digest == copy.digest


def test_a_zip_file_is_one_again(tmp_path: Path) -> None:
    """Of the folder with its name."""
    with ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("job/meta.json", "{}")
        archive.writestr("job/app/config/x.json", "{}")
    (tmp_path / "there").mkdir()
    path = write_copy(copied(str(tmp_path / "a.zip")), str(tmp_path / "there"))

    assert path == str(tmp_path / "there" / "job.zip")
    assert copied(path).files == {"meta.json": b"{}", "app/config/x.json": b"{}"}


SECRETS = ("client.key", "App/Server.KEY", "root.pem", ".env", "x/id_rsa", "x/.netrc", "signed.crt")


@pytest.mark.parametrize("name", SECRETS)
def test_what_may_hold_a_secret_is_left_out(tmp_path: Path, name: str) -> None:
    """An empty file stands for it when the job is written again."""
    copy = copied(write_files(tmp_path / "job", {"meta.json": "{}", name: "hush"}))
    (tmp_path / "there").mkdir()

    assert "hush" not in str(copy.as_line())
    assert copy.left_out == {name: "it may hold a secret"}
    write_copy(copy, str(tmp_path / "there"))
    assert (tmp_path / "there" / "job" / name).read_bytes() == b""


def test_nothing_of_a_startup_kit_is_kept(tmp_path: Path) -> None:
    """Wherever in the job it lies, beside whatever else."""
    kit = {f"app/kit/startup/{name}": "secret" for name in ("fed_admin.json", "start.sh", "more/x", "client.crt")}
    copy = copied(write_files(tmp_path / "job", {"meta.json": "{}", "app/kit/readme": "", **kit}))

    assert set(copy.left_out) == set(kit)
    assert set(copy.files) == {"meta.json", "app/kit/readme"}


def test_small_files_are_kept_first(tmp_path: Path) -> None:
    """So that the meta and the configurations of a large job are."""
    copy = copied(write_files(tmp_path / "job", {"meta.json": "{}", "a": "x" * 60, "b": "x" * 50}), 100)

    assert set(copy.files) == {"meta.json", "b"}
    assert copy.left_out == {"a": "60 bytes are more than is kept of a job (100)"}


@pytest.mark.parametrize("path", [None, 5, "", "no/such/job", __file__])
def test_what_is_no_job_has_no_copy(path: Any) -> None:
    """Nothing is raised."""
    assert copy_of(path, LARGEST_JOB) is None


def test_another_job_has_another_digest(tmp_path: Path) -> None:
    """By its name, a file, an empty folder, and what is left out."""
    files = {"meta.json": "{}", "client.key": "1"}
    jobs = [write_files(tmp_path / name, files) for name in ("a", "b")]
    jobs += [
        write_files(tmp_path / str(n) / "a", {**files, **more})
        for n, more in enumerate(({"x": ""}, {"client.key": "2"}))
    ]
    (tmp_path / "c" / "a" / "folder").mkdir(parents=True)
    jobs.append(write_files(tmp_path / "c" / "a", files))

    assert len({copied(job).digest for job in jobs}) == 5
