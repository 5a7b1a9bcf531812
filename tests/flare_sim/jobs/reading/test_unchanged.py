"""Reading a job folder again: it is not read as long as nothing in it has changed, and always after any change."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim.jobs import definition as definitions
from flare_sim.jobs.definition import examine
from flare_sim.jobs.reading import unchanged
from tests.flare_sim.job_samples import write_job

META = "meta.json"
CONFIG = "app/config/config_fed_client.json"


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    unchanged._kept.clear()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that were read, one for each time."""
    from flare_sim.jobs.reading import job_files

    found: list[str] = []
    read = job_files.read_job_files

    def reading(path: Any, *how: Any) -> Any:
        found.append(path)
        return read(path, *how)

    monkeypatch.setattr(job_files, "read_job_files", reading)
    return found


def settled(path: Path) -> Path:
    """The path, once all that is there was written long before: for some 20 milliseconds, that is."""
    newest = max(one.lstat().st_ctime_ns for one in (path, *path.rglob("*")))
    while unchanged._date() <= newest + unchanged._A_TICK:
        pass
    return path


def a_job(folder: Path, **changes: Any) -> Path:
    """Write a job folder into another folder."""
    return Path(write_job(folder / "job", **changes))


def contents(path: Path) -> dict[str, bytes]:
    """What a server makes of a job folder: its files, or nothing when it refuses it."""
    examination = examine(str(path))
    return dict(examination.definition.files) if examination.definition else {}


def on_disk(path: Path) -> dict[str, bytes]:
    """What is in a folder."""
    return {str(one.relative_to(path)): one.read_bytes() for one in path.rglob("*") if one.is_file()}


def test_a_folder_that_stays_is_read_once(tmp_path: Path, reads: list[str]) -> None:
    """However often it is submitted; what comes of it is each time's own."""
    path = settled(a_job(tmp_path, resource_spec={"site-1": {"gpus": 1}}))

    first, second = examine(str(path)).accepted(), examine(str(path)).accepted()

    assert reads == [str(path)]
    assert first is not second
    assert first.files == second.files
    first.resource_spec["site-1"]["gpus"] = 8
    assert examine(str(path)).accepted().resource_spec == {"site-1": {"gpus": 1}}


def test_a_folder_that_was_just_written_is_read_again(tmp_path: Path, reads: list[str]) -> None:
    """A change of the next moment might have the same date."""
    path = a_job(tmp_path)

    examine(str(path))
    examine(str(path))

    assert reads == [str(path)] * 2


def same_size(path: Path) -> None:
    """Other bytes, as many, with the time of before."""
    before = (path / CONFIG).stat()
    (path / CONFIG).write_bytes(bytes(reversed((path / CONFIG).read_bytes())))
    os.utime(path / CONFIG, ns=(before.st_atime_ns, before.st_mtime_ns))


def exchanged(path: Path) -> None:
    """Another folder of the same name."""
    shutil.copytree(path, path.with_name("other"), copy_function=shutil.copy2)
    same_size(path.with_name("other"))
    path.rename(path.with_name("away"))
    path.with_name("other").rename(path)


def linked(path: Path) -> None:
    """A link where a file was."""
    (path / CONFIG).rename(path / "app/config/there.json")
    (path / CONFIG).symlink_to("there.json")


CHANGES: dict[str, Callable[[Path], object]] = {
    "other bytes": same_size,
    "another file": lambda path: (path / "app/config/more.json").write_text("{}"),
    "a file less": lambda path: (path / CONFIG).unlink(),
    "a file by another name": lambda path: (path / CONFIG).rename(path / "app/config/other.json"),
    "another folder": lambda path: (path / "app/custom").mkdir(),
    "another folder of that name": exchanged,
    "a link": linked,
    "no folder": shutil.rmtree,
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_seen(change: str, tmp_path: Path) -> None:
    """Whatever is changed, and whatever date the file is given then."""
    path = settled(a_job(tmp_path))
    assert contents(path) == contents(path) == on_disk(path)

    CHANGES[change](path)

    assert contents(path) == (on_disk(path) if (path / CONFIG).exists() else {})  # no job without it


def test_what_a_link_leads_to_is_read_each_time(tmp_path: Path, reads: list[str]) -> None:
    """It may be changed, or be another, without anything in the folder that tells."""
    path = a_job(tmp_path)
    linked(path)
    top = tmp_path / "top"
    top.symlink_to(path)
    settled(tmp_path)

    for one in (path, top):
        examine(str(one))
        examine(str(one))

    assert reads == [str(path), str(path), str(top), str(top)]


def test_a_relative_path_means_what_is_there_now(
    tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read each time."""
    for folder in ("here", "there"):
        a_job(tmp_path / folder, name=folder)
    settled(tmp_path)

    names = []
    for folder in ("here", "there"):
        monkeypatch.chdir(tmp_path / folder)
        names.append(examine("job").accepted().name)

    assert names == ["here", "there"]


def test_another_user_may_not_be_allowed_to(tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What one user of the system has read is nothing of another's."""
    path = settled(a_job(tmp_path))
    examine(str(path))
    monkeypatch.setattr(unchanged, "_user", lambda: -1)
    examine(str(path))

    assert len(reads) == 2


def test_not_all_is_remembered(tmp_path: Path) -> None:
    """Of many folders those that were read last."""
    paths = [write_job(tmp_path / f"job{number}") for number in range(unchanged._MOST + 10)]
    settled(tmp_path)
    for path in paths:
        examine(str(path))

    assert len(unchanged._kept) == unchanged._MOST
    assert {key[0] for key in unchanged._kept} == {str(path) for path in paths[10:]}


def test_where_dates_cannot_be_seen_nothing_is_kept(
    tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system may have no pipes, or no dates for them."""
    path = settled(a_job(tmp_path))

    def none() -> tuple[int, int]:
        raise OSError

    monkeypatch.setattr(os, "pipe", none)
    assert unchanged._date() == 0
    examine(str(path))
    examine(str(path))

    assert len(reads) == 2


@given(
    st.lists(
        st.sampled_from(("submit", *(name for name in CHANGES if name not in ("no folder", "a link")))), max_size=6
    )
)
def test_what_is_read_is_what_is_there(tmp_path_factory: pytest.TempPathFactory, acts: list[str]) -> None:
    """Without any pause, in any order: the same as when it is read each time."""
    path = a_job(tmp_path_factory.mktemp("some"))
    for act in acts:
        examine(str(path))
        if act != "submit":
            try:
                CHANGES[act](path)
            except OSError:  # it is there, or gone, already
                continue
        kept = contents(path)
        unchanged._kept.clear()
        definitions._known.cache_clear()
        assert kept == contents(path)
