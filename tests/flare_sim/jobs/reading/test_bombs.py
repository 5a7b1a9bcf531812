"""What is made to cost much is refused before it does, in every way in, and each limit can be raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import InvalidJobDefinition, JobDefinition, SimulatedServer
from flare_sim.jobs.definition import examine
from flare_sim.jobs.limits import JobLimits
from tests.flare_sim.cost import cost_of
from tests.flare_sim.job_samples import job_files, write_job
from tests.flare_sim.jobs.reading.bombs import FOLDERS, ZIP_FILES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flare_sim.jobs.definition import Examination


def examined(path: Path, hits: str) -> Examination:
    """What comes of a bomb, which costs little and hits this limit, has a problem of this kind, or is taken (empty)."""
    found: list[Examination] = []

    cost = cost_of(lambda: found.append(examine(str(path))))

    (examination,) = found
    assert cost.little, cost
    assert (examination.definition is None) == bool(hits)
    if hits:
        problem = examination.problems[0]
        assert hits == problem.kind or f"ServerConfig({hits}=...)" in problem.advice
        assert sum(len(text) for problem in examination.problems for text in problem[:5]) < 400_000
    return examination


@pytest.fixture(autouse=True)
def _loaded(tmp_path: Path) -> None:
    """What reads and judges is loaded before anything is measured."""
    examine(write_job(tmp_path / "small"))


@pytest.mark.slow
@pytest.mark.parametrize(("make", "hits"), ZIP_FILES.values(), ids=ZIP_FILES)
def test_a_zip_file_is_refused_at_once(tmp_path: Path, make: Callable[[Path], None], hits: str) -> None:
    """Whatever it holds, or says it does."""
    make(tmp_path / "job.zip")

    examined(tmp_path / "job.zip", hits)


@pytest.mark.slow
@pytest.mark.parametrize(("make", "hits"), FOLDERS.values(), ids=FOLDERS)
def test_a_folder_is_refused_at_once(tmp_path: Path, make: Callable[[Path], None], hits: str) -> None:
    """Or taken, if what makes it large is nothing but holes."""
    make(tmp_path / "job")

    examined(tmp_path / "job", hits)


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        ({"a/" * 200_000 + "x": ""}, "deep"),
        ({"a" * 256: ""}, "names of more than 255 bytes"),
        ({"ü" * 128: ""}, "names of more than 255 bytes"),
        ({f"{'a' * 200}/" * 6 + "x": ""}, "paths of more than 1,024 bytes"),
        ({f"{number}/x": "" for number in range(5_000)}, "more than 10,000 files and folders"),
        ({"meta.json": f"[{'[],' * 200_000}0]"}, r"meta\.json is larger than 512 KiB"),
        ({"app/x": bytes(1 << 20)}, "larger than 1 MiB in all"),
    ],
)
def test_files_in_memory_have_the_same_limits(files: dict[str, Any], limit: str) -> None:
    """A definition that is made of them is refused in the same words."""
    limits = JobLimits(max_job_bytes=1 << 20) if "in all" in limit else JobLimits()

    def make() -> None:
        with pytest.raises(InvalidJobDefinition, match=f"{limit}.*, a limit of the simulator's own"):
            JobDefinition.from_files({**job_files(), **files}, limits=limits)

    assert cost_of(make).little


def test_a_zip_file_may_hold_more_than_its_size_when_that_is_raised(tmp_path: Path) -> None:
    """What is in it then is read as it is asked for."""
    ZIP_FILES["zeros"][0](tmp_path / "job.zip")

    made = JobDefinition.load(str(tmp_path / "job.zip"), limits=JobLimits(max_zip_ratio=2_000))

    assert [len(content) for path, content in made.contents if path == "app/x"] == [17 << 20]
    assert dict(made.files)["app/x"] == bytes(17 << 20)


def test_what_was_submitted_is_a_copy_wherever_it_is_kept(tmp_path: Path) -> None:
    """A large file is handed out as it was, however its folder has changed since, and so is a clone's."""
    path = write_job(tmp_path / "job")
    content = bytes(range(256)) * (10 << 10)
    (tmp_path / "job/app/large").write_bytes(content)
    with SimulatedServer(progress="immediate") as server:
        session = server.connect(download_dir=str(tmp_path / "results"))
        job_id = session.submit_job(path)
        (tmp_path / "job/app/large").write_bytes(b"changed")
        clone = session.clone_job(job_id)

        results = [session.download_job_result(one) for one in (job_id, clone)]

    assert [(tmp_path / "results" / one / "job/job/app/large").read_bytes() for one in (job_id, clone)] == [content] * 2
    assert all(f"{tmp_path}/results" in result for result in results)
