"""A job's definition: what a server accepts, what it refuses and why, and that it is a copy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import InvalidJobDefinition, JobBehavior, JobDefinition
from tests.flare_sim.job_samples import APP_FILES, behaving, definition, job_files, write_job

if TYPE_CHECKING:
    from pathlib import Path

NAMED = {"app": ["server", "site-1", "site-2"]}

BAD_METAS: list[tuple[dict[str, Any], str]] = [
    ({"deploy_map": ...}, "deploy_map in meta.json must be an object"),
    ({"deploy_map": {}}, "must be an object with an app"),
    ({"deploy_map": ["app"]}, "must be an object with an app"),
    ({"deploy_map": {"app": []}}, "names no site"),
    ({"deploy_map": {"app": "site-1"}}, "must be a list of sites"),
    ({"deploy_map": {"app": {"targets": ["@ALL"]}}}, "must be a list of sites"),
    ({"deploy_map": {"app": [1]}}, "must hold site names"),
    ({"deploy_map": {"app": [""]}}, "must hold site names"),
    ({"deploy_map": {"app": ["@ALL", "site-1"]}}, "@ALL and other sites"),
    ({"deploy_map": {"app": ["@all", "@ALL"]}}, "@ALL and other sites"),
    ({"deploy_map": {"app": ["site-1"]}}, "nothing to the server"),
    ({"deploy_map": {"app": ["server"]}}, "nothing to any client"),
    ({"deploy_map": {"app": ["server", "site-1", "site-1"]}}, "'site-1' more than once"),
    ({"deploy_map": {"app": ["server", "a"], "other": ["a"]}}, "'a' more than once"),
    ({"deploy_map": {"other": ["@ALL"]}}, "'other' in deploy_map is not in the job"),
    ({"deploy_map": {"../app": ["@ALL"]}}, "not the name of an app folder"),
    ({"deploy_map": {"": ["@ALL"]}}, "not the name of an app folder"),
    ({"deploy_map": {"..": ["@ALL"]}}, "not the name of an app folder"),
    ({"deploy_map": {"a\\b": ["@ALL"]}}, "not the name of an app folder"),
    ({"deploy_map": {"a\0b": ["@ALL"]}}, "not the name of an app folder"),
    ({"min_clients": 0}, "min_clients"),
    ({"min_clients": -1}, "min_clients"),
    ({"min_clients": 1.5}, "min_clients"),
    ({"min_clients": True}, "min_clients"),
    ({"min_clients": "two"}, "min_clients"),
    ({"min_clients": [2]}, "min_clients"),
    ({"min_clients": float("nan")}, "min_clients"),
    ({"min_clients": float("inf")}, "min_clients"),
    ({"min_clients": 1_000_001}, "min_clients"),
    ({"min_clients": "9" * 5000}, "min_clients"),
    ({"min_clients": 3, "deploy_map": NAMED}, "names only 2 clients"),
    ({"mandatory_clients": "site-1"}, "mandatory_clients must be a list"),
    ({"mandatory_clients": [1]}, "mandatory_clients must be a list"),
    ({"mandatory_clients": ["site-3"], "deploy_map": NAMED}, "'site-3' is not in deploy_map"),
    ({"resource_spec": []}, "resource_spec must be an object"),
    ({"resource_spec": {"site-1": 2}}, "resource_spec of 'site-1'"),
    ({"name": 3}, "name in meta.json must be text"),
    ({"custom_props": behaving(outcome="FINE")}, "custom_props.flare_sim in meta.json: outcome"),
    ({"custom_props": {"flare_sim": 3}}, "must be an object"),
    ({"custom_props": {"flare_sim": {"x": {}}}}, "unknown key 'x'"),
]


@pytest.mark.parametrize(("changes", "match"), BAD_METAS, ids=[repr(changes)[:60] for changes, _ in BAD_METAS])
def test_a_bad_meta_is_refused(changes: dict[str, Any], match: str) -> None:
    """A meta no server accepts is refused, saying what is wrong."""
    with pytest.raises(InvalidJobDefinition) as caught:
        definition(**changes)

    assert match in str(caught.value)


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        (b"\xff\xfe\xfa", "not JSON"),
        ("[1]", "must hold an object"),
        ("null", "must hold an object"),
        ("[" * 200_000, "nested too deeply"),
        ('{"a":' * 70 + "1" + "}" * 70, "more than 60 deep"),
        ('{"a": ' + "9" * 5000 + "}", "not JSON"),
    ],
)
def test_a_meta_that_is_no_object_is_refused(content: str | bytes, match: str) -> None:
    """Content that is not a JSON object of bearable depth is refused."""
    files: dict[str, str | bytes] = {**job_files(), "meta.json": content}
    if content == '{"a": ' + "9" * 5000 + "}":
        match = "not JSON|deploy_map"  # a limit that came with Python 3.10.7

    with pytest.raises(InvalidJobDefinition, match=match):
        JobDefinition.from_files(files)


@pytest.mark.parametrize(
    ("missing", "match"),
    [
        ("app/config/config_fed_server.json", "goes to a server but has no config_fed_server"),
        ("app/config/config_fed_client.json", "goes to a client but has no config_fed_client"),
        ("meta.json", r"no meta\.json"),
    ],
)
def test_a_missing_file_is_refused(missing: str, match: str) -> None:
    """A job needs its meta and the configurations of the sides its apps go to."""
    files = job_files()
    del files[missing]

    with pytest.raises(InvalidJobDefinition, match=match):
        JobDefinition.from_files(files)


def test_an_app_without_config_folder_is_refused() -> None:
    """An app folder that has other things but no config is named."""
    with pytest.raises(InvalidJobDefinition, match="no config folder"):
        JobDefinition.from_files(job_files({"app/custom/net.py": ""}))


@pytest.mark.parametrize("suffix", [".json", ".conf", ".yml", ".yaml"])
def test_configurations_come_in_four_formats(suffix: str) -> None:
    """Each of the formats later releases read is accepted."""
    files = {path.replace(".json", suffix): content for path, content in APP_FILES.items()}

    assert JobDefinition.from_files(job_files(files)).deploy_map == (("app", ("@ALL",)),)


def test_an_app_needs_the_sides_it_goes_to_only() -> None:
    """An app for the server needs no client configuration, one for clients no server configuration."""
    files = {"s/config/config_fed_server.json": "{}", "c/config/config_fed_client.json": "{}"}

    made = JobDefinition.from_files(job_files(files, deploy_map={"s": ["server"], "c": ["a", "b"]}))

    assert [made.app_of(site) for site in ("server", "a", "b", "z")] == ["s", "c", "c", ""]
    assert made.names_sites
    assert made.app_files("c") == (("config/config_fed_client.json", b"{}"),)


@pytest.mark.parametrize("given_value", [2, 2.0, "2", " 2 "])
def test_two_may_be_written_in_several_ways(given_value: Any) -> None:
    """A number of clients written as text or as a float counts; the meta keeps it as it was written."""
    made = definition(min_clients=given_value)

    assert (made.min_clients, made.meta["min_clients"]) == (2, given_value)


def test_what_may_be_left_out_has_a_default() -> None:
    """Name, min_clients, resources and mandatory clients may be missing, or null."""
    for nothing in (..., None):
        made = definition(name=nothing, min_clients=nothing, resource_spec=nothing, mandatory_clients=nothing)

        assert (made.name, made.min_clients, made.resource_spec, made.mandatory_clients) == ("job", 1, {}, ())


def test_a_deploy_map_may_hold_objects() -> None:
    """Later releases write the sites of an app inside an object."""
    assert definition(deploy_map={"app": {"sites": ["@all"]}}).deploy_map == (("app", ("@ALL",)),)


def test_a_job_says_what_its_run_does() -> None:
    """The behavior is read from custom_props; other custom properties are the user's business."""
    made = definition(custom_props=behaving(run_seconds=60, outcome="ABNORMAL"))

    assert made.behavior == JobBehavior(run_seconds=60, outcome="ABNORMAL")
    assert definition(custom_props="mine").behavior == JobBehavior()


def test_a_resource_may_be_null() -> None:
    """A site that needs nothing may be written as null."""
    assert definition(resource_spec={"site-1": None}).resource_spec == {"site-1": {}}


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


@pytest.mark.parametrize("name", ["", "..", "a/b", 3])
def test_a_folder_name_is_plain(name: Any) -> None:
    """A definition in memory has the name of a folder."""
    with pytest.raises(InvalidJobDefinition, match="folder name"):
        JobDefinition.from_files(job_files(), name)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
KEYS = ["name", "deploy_map", "min_clients", "mandatory_clients", "resource_spec", "custom_props"]


@given(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=3))
def test_any_meta_is_accepted_or_refused(changes: dict[str, Any]) -> None:
    """Whatever stands in the meta, it is a definition or an InvalidJobDefinition with a short ASCII message."""
    try:
        made = definition(**changes)
    except InvalidJobDefinition as problem:
        assert str(problem).isascii()  # noqa: PT017  (either way is fine, only these two are)
        assert len(str(problem)) < 1000  # noqa: PT017
    else:
        assert json.dumps(made.meta) == json.dumps(json.loads(dict(made.files)["meta.json"]))


def test_a_definition_prints_what_it_is() -> None:
    """The representation names the job, its files, its apps and how many clients it needs."""
    assert repr(definition()) == "<JobDefinition 'small', 3 files, {app: ['@ALL']}, min_clients=2>"
