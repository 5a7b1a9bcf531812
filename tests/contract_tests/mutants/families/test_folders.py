"""Where a job was submitted from, and submitting something else than what lies there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.mutants.algebra.altered import META, SUBMIT, Change, altered, on
from contract_tests.mutants.algebra.call import Call, Effect
from contract_tests.mutants.families import folders
from contract_tests.system.job_folders import job_folder
from contract_tests.system.job_plan import JobPlan


def opened(effect: Effect) -> Any:
    """A session whose submissions are altered."""
    return altered("altered", on(SUBMIT, effect))().open_session()


def renamed(path: str, name: str) -> None:
    """Have a folder's job called otherwise."""
    folders.write_meta(path, {**folders.read_meta(path), "name": name})


@pytest.fixture
def path() -> str:
    """A job folder of one's own."""
    return job_folder(JobPlan(), fresh=True)


def test_a_clone_of_a_clone_comes_from_the_folder_of_the_first(path: str) -> None:
    """However long the line; of a job that nobody made nothing is known."""
    system = altered("unaltered", Change({}))()
    session = system.open_session()
    job = session.submit_job(path)
    last = session.clone_job(session.clone_job(job))

    def about(job_id: str) -> str:
        return folders.folder(Call(META, {"job_id": job_id}, system, session, place=len(system.history)))

    assert [about(job), about(last), about("nobody's")] == [path, path, ""]


def test_a_copy_with_another_meta_is_submitted(path: str) -> None:
    """The folder itself stays as it is."""
    before = Path(path, "meta.json").read_bytes()
    session = opened(folders.submits_copy(lambda meta, call: {**meta, "name": "other"}))

    assert session.get_job_meta(session.submit_job(path))["name"] == "other"
    assert Path(path, "meta.json").read_bytes() == before


@pytest.mark.parametrize("content", [b"[]", b"{", b"[" * 100_000, b"{}"])
def test_what_has_no_other_meta_is_submitted_itself(path: str, content: bytes) -> None:
    """So that the server says what is wrong with it."""
    Path(path, "meta.json").write_bytes(content)
    seen: list[str] = []

    def notes(call: Call) -> str:
        seen.append(call[folders.PATH])
        return "noted"

    changed = on(SUBMIT, folders.drops_key("name")) + on(SUBMIT, notes)
    assert altered("altered", changed)().open_session().submit_job(path) == "noted"
    assert seen == [path]


def test_a_key_is_dropped(path: str) -> None:
    """From what is submitted only."""
    session = opened(folders.drops_key("name"))

    assert "name" not in session.get_job_meta(session.submit_job(path))
    assert "name" in folders.read_meta(path)


def test_the_first_version_of_a_folder_is_submitted(path: str) -> None:
    """What was submitted to find out whether a later one is good is gone."""
    session = opened(folders.submits_first_version())
    jobs = []
    for name in ("first", "second"):
        renamed(path, name)
        jobs.append(session.submit_job(path))

    assert [session.get_job_meta(job)["name"] for job in jobs] == ["first", "first"]
    assert [entry["job_id"] for entry in session.list_jobs()] == jobs


def test_a_version_is_known_by_its_key(path: str) -> None:
    """By its name alone, say."""
    session = opened(folders.submits_first_version(lambda folder: folder.name))
    other = job_folder(JobPlan(), fresh=True)
    renamed(path, "first")

    assert Path(other).name == Path(path).name
    assert [session.get_job_meta(session.submit_job(each))["name"] for each in (path, other)] == ["first", "first"]


def test_a_good_job_takes_the_place_of_a_bad_one(tmp_path: Path) -> None:
    """It waits, and nothing of what was handed in is in it."""
    session = opened(folders.submits_a_good_one)

    assert session.get_job_meta(session.submit_job(str(tmp_path)))["status"] == "SUBMITTED"


def test_a_meta_is_read_and_written(path: str) -> None:
    """As JSON."""
    folders.write_meta(path, {"name": "x"})

    assert folders.read_meta(path) == json.loads('{"name": "x"}')
