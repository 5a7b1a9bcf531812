"""A job that is larger than may be read: problems that say so, and settings that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from flare_sim import InvalidJobDefinition, JobDefinition, ServerConfig, SimulatedServer
from flare_sim.jobs.limits import JobLimits
from flare_sim.jobs.reading.job_files import read_job_files
from tests.flare_sim.job_samples import job_files, write_files, write_job
from tests.flare_sim.jobs.reading.job_on_disk import only_problem, zip_job

FILES = {**job_files(), "app/more/deep/x": "1234", "a": "", "b": ""}
SIZE = sum(len(content) for content in FILES.values())
META = len(FILES["meta.json"])


def on_disk(folder: Path, zipped: bool) -> str:
    """The job with ``FILES``."""
    return zip_job(folder / "a.zip", FILES) if zipped else write_files(folder / "small", FILES)


@pytest.mark.parametrize(
    ("limit", "enough", "fact"),
    [
        ("max_job_files", 10, "the job has more than 9 files and folders"),
        ("max_job_bytes", SIZE, f"the job's files are larger than {SIZE - 1} bytes in all"),
        ("max_job_depth", 3, "the job has folders more than 2 deep"),
        ("max_name_bytes", 22, "the job has names of more than 21 bytes"),
        ("max_path_bytes", 33, "the job has paths of more than 32 bytes"),
        ("max_meta_bytes", META, f"meta.json is larger than {META - 1} bytes"),
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_a_limit_says_whose_it_is_and_how_to_raise_it(
    tmp_path: Path, limit: str, enough: int, fact: str, zipped: bool
) -> None:
    """A job beyond a limit is told with it, whose it is and where to set it; one that just keeps it is read."""
    path = on_disk(tmp_path, zipped)

    problem = only_problem(path, limits=JobLimits(**{limit: enough - 1}))

    assert problem.kind == "simulators-limit"
    assert problem.message == f"{fact}, a limit of the simulator's own, not of NVFLARE's"
    assert f"ServerConfig({limit}=...)" in problem.advice
    assert f"--{limit.replace('_', '-')}" in problem.advice
    assert problem.file in FILES or problem.file in ("", "app/", "app/more/deep/", *(path[:32] for path in FILES))
    assert not read_job_files(path, limits=JobLimits(**{limit: enough - 1})).whole
    assert read_job_files(path, limits=JobLimits(**{limit: enough})).problems == ()


def test_folders_are_counted_as_files_are(tmp_path: Path) -> None:
    """A tree of nothing but folders comes to an end, too."""
    path = write_job(tmp_path / "small", {})
    for number in range(4):
        (tmp_path / "small" / str(number)).mkdir()

    assert only_problem(path, limits=JobLimits(max_job_files=3)).message.startswith("the job has more than 3 files")


@pytest.mark.parametrize(
    ("size", "said"), [(1 << 30, "1 GiB"), (3 << 20, "3 MiB"), (5 << 10, "5 KiB"), (1500, "1,500 bytes")]
)
def test_sizes_are_told_as_people_say_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, size: int, said: str
) -> None:
    """Round numbers of bytes have units; a file that is too large is not read to find that out."""
    path = write_job(tmp_path / "small")
    with open(f"{path}/app/big", "wb") as big:
        big.truncate(size)

    message = only_problem(path, limits=JobLimits(max_job_bytes=size)).message

    assert message.startswith(f"the job's files are larger than {said} in all")


def test_a_server_has_them_as_settings(tmp_path: Path) -> None:
    """A server refuses what is beyond the limits of its configuration, and takes it when they are raised."""
    path = on_disk(tmp_path, zipped=False)
    small, large = (SimulatedServer(config=ServerConfig(max_job_files=number)) for number in (9, 10))

    with pytest.raises(InvalidJobDefinition, match=r"more than 9 files and folders, a limit of the simulator's own"):
        small.connect().submit_job(path)

    assert large.connect().submit_job(path)
    assert JobDefinition.load(path, limits=JobLimits(max_job_files=10)).name == "small"
    with pytest.raises(InvalidJobDefinition, match="more than 2 deep"):
        JobDefinition.load(path, limits=JobLimits(max_job_depth=2))
