"""A job's definition: a copy of the job's files, in memory, and what a clone gets of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import InvalidJobDefinition, JobDefinition
from flare_sim.jobs.definition import Examination
from tests.flare_sim.job_samples import behaving, definition, job_files, write_job

if TYPE_CHECKING:
    from pathlib import Path


def test_an_app_needs_the_sides_it_goes_to_only() -> None:
    """An app for the server needs no client configuration, one for clients no server configuration."""
    files = {"s/config/config_fed_server.json": "{}", "c/config/config_fed_client.json": "{}"}

    made = JobDefinition.from_files(job_files(files, deploy_map={"s": ["server"], "c": ["a", "b"]}))

    assert [made.app_of(site) for site in ("server", "a", "b", "z")] == ["s", "c", "c", ""]
    assert made.names_sites
    assert made.app_files("c") == (("config/config_fed_client.json", b"{}"),)


def test_a_definition_is_a_copy(tmp_path: Path) -> None:
    """Changing or removing the folder afterwards changes nothing, and nor does changing the meta handed out."""
    path = write_job(tmp_path / "small")
    made = JobDefinition.load(path)
    before = (made.files, made.meta)
    (tmp_path / "small" / "meta.json").write_text("{}")
    made.meta["name"] = made.meta["deploy_map"]["app"] = "other"

    assert (made.files, made.meta) == before


def test_a_folder_is_read_again(tmp_path: Path) -> None:
    """What is known of a folder that was submitted before says nothing about what is in it now."""
    path = write_job(tmp_path / "small")
    first, again = JobDefinition.load(path), JobDefinition.load(path)
    meta = json.loads((tmp_path / "small" / "meta.json").read_text())
    (tmp_path / "small" / "meta.json").write_text(json.dumps({**meta, "name": "renamed"}))

    assert (again.name, again.files) == (first.name, first.files)
    assert JobDefinition.load(path).name == "renamed" != first.name


def test_two_readers_of_a_folder_share_nothing(tmp_path: Path) -> None:
    """What one does to its definition, or to that of a clone, no other server learns of."""
    path = write_job(tmp_path / "small", resource_spec={"site-1": {"gpu": 1}})
    first, again = JobDefinition.load(path), JobDefinition.load(path)

    first.resource_spec["site-1"]["gpu"] = 8
    first.for_clone().resource_spec["site-2"] = {}
    first.min_clients = 5

    for other in (again, JobDefinition.load(path)):
        assert other.resource_spec == other.for_clone().resource_spec == {"site-1": {"gpu": 1}}
        assert other.min_clients == again.for_clone().min_clients != 5


def test_a_clone_keeps_the_job_and_little_of_its_meta() -> None:
    """A clone's meta has what real servers copy; files and behavior are the original's."""
    original = definition(note="mine", mandatory_clients=["site-1"], custom_props=behaving(run_seconds=1))

    clone = original.for_clone()

    assert sorted(clone.meta) == ["deploy_map", "mandatory_clients", "min_clients", "name", "resource_spec"]
    assert (clone.files, clone.behavior, clone.name) == (original.files, original.behavior, original.name)
    assert original.meta["note"] == "mine"
    assert clone.for_clone() is clone
    assert original.for_clone() is clone


@pytest.mark.parametrize("path", ["", "/meta.json", "a/../b", 3])
def test_files_in_memory_need_relative_paths(path: Any) -> None:
    """A definition in memory has plain relative paths."""
    with pytest.raises(InvalidJobDefinition, match="relative path"):
        JobDefinition.from_files({**job_files(), path: ""})


def test_files_in_memory_are_text_or_bytes() -> None:
    """A definition in memory holds text or bytes, and no file where there is a folder."""
    with pytest.raises(InvalidJobDefinition, match="text or bytes"):
        JobDefinition.from_files({**job_files(), "x": 3})  # type: ignore[dict-item]
    with pytest.raises(InvalidJobDefinition, match="both a file and a folder"):
        JobDefinition.from_files({**job_files(), "app/config": ""})


def test_text_in_memory_is_kept_to_the_letter() -> None:
    """Half a character among others, as three bytes of UTF-8."""
    made = JobDefinition.from_files({**job_files(), "app/half": "a\ud83d"})

    assert dict(made.app_files("app"))["half"] == b"a\xed\xa0\xbd"


def test_only_rules_judge(tmp_path: Path) -> None:
    """Anything else is shown, on whichever way a job comes."""
    rules: Any = "2.9"
    for judge in (lambda: JobDefinition.load(tmp_path, rules), lambda: definition().by_rules(rules)):
        with pytest.raises(ValueError, match=r"^rules must be JobRules, not '2\.9'$"):
            judge()


def test_what_nobody_says_anything_against_is_no_job_either() -> None:
    """Whoever asks for the job of an examination that has none is told that it is no good."""
    with pytest.raises(InvalidJobDefinition, match=r"^the job is no good$"):
        Examination(None, ()).accepted()


@pytest.mark.parametrize("name", ["", "..", "a/b", 3])
def test_a_folder_name_is_plain(name: Any) -> None:
    """A definition in memory has the name of a folder."""
    with pytest.raises(InvalidJobDefinition, match="folder name"):
        JobDefinition.from_files(job_files(), name)


def test_a_definition_prints_what_it_is() -> None:
    """The representation names the job, its files, its apps and how many clients it needs."""
    assert repr(definition()) == "<JobDefinition 'small', 3 files, {app: ['@ALL']}, min_clients=2>"
