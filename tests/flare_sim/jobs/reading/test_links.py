"""Links in a job folder: followed inside of it, never out of it, whatever takes the place of what was looked at."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from flare_sim import InvalidJobDefinition, JobDefinition, SimulatedServer
from flare_sim.disk.contents import whole
from flare_sim.jobs.reading.job_files import read_job_files
from flare_sim.personality.job_rules import CONTRACT, JobRules
from flare_sim.personality.personalities import PERSONALITIES
from flare_sim.personality.release_rules import RELEASE_RULES, with_quirks
from tests.flare_sim.job_samples import job_files, write_files, write_job
from tests.flare_sim.jobs.reading.job_on_disk import only_problem, refusing, told

EVERY_RULES = [CONTRACT, *RELEASE_RULES.values()]


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A job, beside something that is none of its business."""
    write_files(tmp_path / "elsewhere", {"data.txt": "secret", "folder/key.txt": "secret"})
    return write_job(tmp_path / "small")


@pytest.mark.parametrize("absolute", [False, True])
def test_a_link_to_a_file_of_the_job_is_that_file(tmp_path: Path, path: str, absolute: bool) -> None:
    """A link within the job counts as what it leads to, and is no matter."""
    write_files(tmp_path / "small", {"a.txt": "1"})
    os.symlink(f"{path}/a.txt" if absolute else "../../small/a.txt", f"{path}/app/b.txt")

    job = read_job_files(path)

    assert (job.files["app/b.txt"], job.problems) == (b"1", ())


def test_a_link_inside_is_one_by_whatever_way_the_job_is_reached(tmp_path: Path, path: str) -> None:
    """The job folder, and the folder it is in, may be links: what they lead to is the job."""
    write_files(tmp_path / "small", {"a.txt": "1"})
    os.symlink("..", tmp_path / "elsewhere" / "up")
    os.symlink(tmp_path / "elsewhere" / "up" / "small", tmp_path / "linked")
    os.symlink("linked", tmp_path / "again")
    for name, lead in {"b": f"{path}/a.txt", "c": f"{tmp_path}/again/a.txt", "d": "../linked/b", "e": "a.txt"}.items():
        os.symlink(lead, f"{path}/{name}")

    for way in (path, f"{path}/", f"{tmp_path}/again", f"{tmp_path}/elsewhere/up/linked"):
        job = read_job_files(way)

        assert {job.files[name] for name in "bcde"} == {b"1"}
        assert job.problems == ()


@pytest.mark.parametrize("rules", EVERY_RULES)
@pytest.mark.parametrize("lead", ["../../elsewhere/data.txt", "..//../elsewhere/folder/../data.txt", "/etc/passwd"])
def test_a_link_out_of_the_job_is_refused(path: str, rules: JobRules, lead: str) -> None:
    """What lies elsewhere is not read, by the rules of no release; the problem names both ends."""
    os.symlink(lead, f"{path}/app/data.txt")

    job = read_job_files(path, rules)

    (problem,) = job.problems
    assert job.files["app/data.txt"] == b""
    assert (problem.kind, problem.file, problem.warning) == ("link-outside", "app/data.txt", False)
    assert problem.message == (
        f"'app/data.txt' is a link to '{lead}', which is not in the job, and nothing outside of it is read"
    )


def test_a_folder_beside_the_job_whose_name_goes_on_is_outside(tmp_path: Path, path: str) -> None:
    """That a path begins like the job's is not enough."""
    write_files(tmp_path / "small-too", {"data.txt": "1"})
    os.symlink("../small-too/data.txt", f"{path}/data.txt")

    assert told(path) == [("link-outside", "data.txt", False)]


@pytest.mark.parametrize("personality", [None, *PERSONALITIES])
def test_a_link_out_of_the_job_is_followed_where_that_is_asked_for(path: str, personality: str | None) -> None:
    """A quirk has what NVFLARE's client does: it sends what is linked; then it is a warning."""
    os.symlink("../elsewhere/data.txt", f"{path}/data.txt")
    asked = SimulatedServer(personality=personality, quirks=("links-followed",)).examine(path)
    unasked = SimulatedServer(personality=personality).examine(path)

    assert unasked.definition is None
    assert asked.definition is not None
    assert dict(asked.definition.files)["data.txt"] == b"secret"
    assert [(problem.kind, problem.warning) for problem in asked.problems] == [("link-outside", True)]
    with pytest.raises(InvalidJobDefinition, match="is not in the job, and nothing outside of it is read"):
        unasked.accepted()


@pytest.mark.parametrize("what", ["fifo", "folder"])
def test_a_link_that_is_followed_leads_to_a_file(tmp_path: Path, path: str, what: str) -> None:
    """Nothing else is opened that lies elsewhere, with the quirk either."""
    if what == "fifo":
        os.mkfifo(tmp_path / "elsewhere" / "fifo")
    os.symlink(f"../elsewhere/{what}", f"{path}/data")
    rules = with_quirks(CONTRACT, frozenset(("links-followed",)))

    assert told(path, rules=rules) == [("no-file" if what == "fifo" else "link-outside", "data", False)]


@pytest.mark.parametrize("rules", EVERY_RULES)
def test_a_linked_folder_of_the_job_is_told(path: str, rules: JobRules) -> None:
    """It is there with its content or, as NVFLARE's client sends it, without; a warning says so."""
    write_files(Path(path), {"data/one.txt": "1"})
    os.symlink("data", f"{path}/linked")

    job = read_job_files(path, rules)

    assert job.files.get("linked/one.txt") == (None if rules.release else b"1")
    assert "linked" in job.folders
    assert told(path, rules=rules) == [("link-to-folder", "linked", True)]


@pytest.mark.parametrize("rules", EVERY_RULES)
def test_a_linked_folder_of_others_is_not_read(path: str, rules: JobRules) -> None:
    """It is refused; or, as NVFLARE's client sends it, empty."""
    os.symlink("../elsewhere", f"{path}/linked")

    job = read_job_files(path, rules)

    assert not any(path.startswith("linked/") for path in job.files)
    kind, warning = ("link-to-folder", True) if rules.release else ("link-outside", False)
    assert told(path, rules=rules) == [(kind, "linked", warning)]


def test_a_dangling_link_is_named(path: str) -> None:
    """A link to nothing is told by its own path inside the job, with where it leads; what lies beside it is read."""
    os.symlink("../nowhere", f"{path}/app/data.txt")

    problem = only_problem(path)

    assert (problem.kind, problem.file) == ("link-dangling", "app/data.txt")
    assert problem.message == "'app/data.txt' is a link to '../nowhere', which is not there"
    assert set(job_files()) < set(read_job_files(path).files)
    with pytest.raises(InvalidJobDefinition, match=r"'app/data\.txt' is a link to '\.\./nowhere'"):
        JobDefinition.load(path)


def test_a_link_through_a_file_is_dangling(path: str) -> None:
    """A link to what would be inside a file leads nowhere, too."""
    os.symlink("meta.json/x", f"{path}/link")

    assert told(path) == [("link-dangling", "link", False)]


def test_a_link_to_itself_is_named(path: str) -> None:
    """A link that leads to itself is told as that."""
    os.symlink("loop", f"{path}/loop")

    problem = only_problem(path)

    assert (problem.kind, problem.message) == ("link-loop", "'loop' is a link to 'loop', which leads back to it")


@pytest.mark.parametrize("lead", ["..", ".", "../app", "../../small"])
def test_a_folder_that_contains_itself_is_named(path: str, lead: str) -> None:
    """A link to a folder that it is in is no way to read on."""
    os.symlink(lead, f"{path}/app/again")

    assert told(path) == [("link-to-folder", "app/again", True), ("link-loop", "app/again", False)]
    assert told(path, rules=RELEASE_RULES["2.9"]) == [("link-to-folder", "app/again", True)]


def test_folders_that_contain_each_other_are_named(path: str) -> None:
    """A way that comes back to where it has been ends there."""
    write_files(Path(path), {"a/x": "1", "b/y": "1"})
    os.symlink("../b", f"{path}/a/to-b")
    os.symlink("../a", f"{path}/b/to-a")

    assert [one for one in told(path) if one[0] == "link-loop"] == [
        ("link-loop", "a/to-b/to-a", False),
        ("link-loop", "b/to-a/to-b", False),
    ]


def test_a_link_to_what_may_not_be_read_is_named(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Where it leads is told with the reason."""
    write_files(Path(path), {"app/data.txt": "1"})
    os.symlink("app/data.txt", f"{path}/link")
    monkeypatch.setattr(os, "open", refusing("data.txt"))

    assert "'link' is a link to 'app/data.txt', which cannot be read: permission denied" in [
        problem.message for problem in read_job_files(path).problems
    ]


@pytest.mark.parametrize(
    ("place", "kind"), [("app/config/data.txt", "no-file"), ("app/config", "unreadable"), ("app", "unreadable")]
)
def test_a_link_put_in_place_of_what_was_looked_at_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str, place: str, kind: str
) -> None:
    """What becomes a link between looking and opening leads nowhere, be it the file or a folder it lies in."""
    write_files(Path(path), {"app/config/data.txt": "1"})
    write_files(tmp_path / "elsewhere", {"data.txt": "secret", "config/data.txt": "secret"})
    lead = {"data.txt": "data.txt", "config": "config", "app": ""}[os.path.basename(place)]
    real = os.open

    def swapped(name: str, *flags: Any, **folder: Any) -> int:
        if name == os.path.basename(place) and not os.path.islink(f"{path}/{place}"):
            os.rename(f"{path}/{place}", tmp_path / "moved")
            os.symlink(tmp_path / "elsewhere" / lead, f"{path}/{place}")
        return real(name, *flags, **folder)

    monkeypatch.setattr(os, "open", swapped)
    job = read_job_files(path)

    assert (kind, place) in [(problem.kind, problem.file) for problem in job.problems]
    assert b"secret" not in job.files.values()


def test_a_folder_moved_away_while_it_is_read_is_still_that_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str
) -> None:
    """A link that takes the place of a folder that is open already is not looked at."""
    write_files(tmp_path / "elsewhere", {"config_fed_server.json": "secret", "config_fed_client.json": "secret"})
    real = os.open

    def swapped(name: str, *flags: Any, **folder: Any) -> int:
        if name == "config_fed_client.json":
            os.rename(f"{path}/app/config", tmp_path / "moved")
            os.symlink(tmp_path / "elsewhere", f"{path}/app/config")
        return real(name, *flags, **folder)

    monkeypatch.setattr(os, "open", swapped)
    job = read_job_files(path)

    assert {name: whole(content).decode() for name, content in job.files.items()} == job_files()
