"""A job's definition: a copy of the job's files, in memory, and what a clone gets of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import InvalidJobDefinition, JobDefinition
from flare_sim.jobs.definition import Examination
from flare_sim.jobs.limits import JobLimits
from flare_sim.personality.job_rules import CONTRACT
from flare_sim.personality.release_rules import RELEASE_RULES
from flare_sim.untrusted_values import shown
from tests.flare_sim.job_samples import behaving, definition, job_files, write_job

if TYPE_CHECKING:
    from pathlib import Path

    from flare_sim.personality.job_rules import JobRules


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


def test_a_definition_is_made_again_of_its_facts() -> None:
    """Which are all there is to know of it, each once; who judged it is not among them."""
    made = definition(note="mine", resource_spec={"site-1": {"gpu": 1}}, custom_props=behaving(run_seconds=1))
    for one in (made, made.for_clone()):
        again = JobDefinition.of_facts(one.facts())

        assert (again.facts(), again.size, again.rules) == (one.facts(), one.size, None)
        assert (again.for_clone() is again) == (one is made.for_clone())
    follow = {"contents", "size", "rules", "_meta", "_clone", "_kept_by_clones"}
    stand_for_them = {"files", "meta", "kept_by_clones", "is_clone"}
    assert {*made.facts()} == {*JobDefinition.__slots__} - follow | stand_for_them


@pytest.mark.parametrize("path", ["", "/meta.json", "a/", "a//b", "./a", "a/../b", 3])
def test_files_in_memory_need_relative_paths(path: Any) -> None:
    """A definition in memory has plain relative paths."""
    with pytest.raises(InvalidJobDefinition, match=f"^{re.escape(shown(path))} is not a relative path$"):
        JobDefinition.from_files({**job_files(), path: ""})


def test_files_in_memory_are_text_or_bytes() -> None:
    """A definition in memory holds text or bytes, and no file where there is a folder."""
    with pytest.raises(InvalidJobDefinition, match=r"^'x' must hold text or bytes, not a int$"):
        JobDefinition.from_files({**job_files(), "x": 3})  # type: ignore[dict-item]
    with pytest.raises(InvalidJobDefinition, match=r"^the files of a job must be a dict of path to content, not 3$"):
        JobDefinition.from_files(3)  # type: ignore[arg-type]
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


@pytest.mark.parametrize("rules", [CONTRACT, *RELEASE_RULES.values()])
def test_who_judged_is_known_and_not_asked_again(tmp_path: Path, rules: JobRules) -> None:
    """A job that was taken by these rules is taken as it is; by others another one is made of it."""
    made = JobDefinition.load(write_job(tmp_path / "small"), rules)
    again = made.by_rules(rules)
    other = made.by_rules(CONTRACT._replace(release="another"))

    assert (made.rules, again.definition is made, again.problems) == (rules, True, ())
    assert other.definition is not None
    assert (other.definition is made, other.definition.files) == (False, made.files)


def test_what_nobody_says_anything_against_is_no_job_either() -> None:
    """Whoever asks for the job of an examination that has none is told that it is no good."""
    with pytest.raises(InvalidJobDefinition, match=r"^the job is no good$"):
        Examination(None, ()).accepted()


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", 3])
def test_a_folder_name_is_plain(name: Any) -> None:
    """A definition in memory has the name of a folder."""
    with pytest.raises(InvalidJobDefinition, match=f"^{re.escape(shown(name))} is not a folder name$"):
        JobDefinition.from_files(job_files(), name)


@pytest.mark.parametrize("limit", ["max_job_files", "max_job_bytes", "max_meta_bytes", "max_job_depth"])
def test_files_in_memory_keep_the_limits(limit: str) -> None:
    """Of which the message speaks."""
    with pytest.raises(InvalidJobDefinition, match="a limit of the simulator's own"):
        JobDefinition.from_files(job_files(), limits=JobLimits()._replace(**{limit: 1}))
    with pytest.raises(ValueError, match="limits must be"):
        JobDefinition.from_files(job_files(), limits=3)  # type: ignore[arg-type]


@pytest.mark.parametrize("keys", [3, "name", [3], ["name", None]])
def test_a_copy_keeps_what_is_named(keys: Any) -> None:
    """Of the meta; what is no name is shown."""
    original = definition(note="mine")
    assert original.copy(("name", "nothing")).meta == {"name": "small"}
    assert original.copy().meta == original.meta

    with pytest.raises(ValueError, match=f"^keys must be names, not {re.escape(shown(keys))}$"):
        original.copy(keys)


def test_many_apps_are_not_all_printable_on_a_line() -> None:
    """The first ten are shown, by the first ten letters of their names."""
    apps = {f"application-{number}": ["server"] if number == 0 else [f"site-{number}"] for number in range(11)}
    files = {f"{app}/config/config_fed_{side}.json": "{}" for app in apps for side in ("server", "client")}
    told = [
        repr(JobDefinition.from_files(job_files(files, deploy_map=dict([*apps.items()][:count])))) for count in (10, 11)
    ]

    assert [text.count("applicatio: ") for text in told] == [10, 10]
    assert ["['site-9']}" in told[0], "['site-9'], ...}" in told[1]] == [True, True]


def test_a_definition_prints_what_it_is() -> None:
    """The representation names the job, its files, its apps and how many clients it needs."""
    assert repr(definition()) == "<JobDefinition 'small', 3 files, {app: ['@ALL']}, min_clients=2>"
