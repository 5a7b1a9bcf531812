"""Judging a job: what a server accepts, and what it refuses and why."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import InvalidJobDefinition, JobBehavior, JobDefinition
from tests.flare_sim.job_samples import APP_FILES, behaving, definition, job_files

NAMED = {"app": ["server", "site-1", "site-2"]}

BAD_METAS: list[tuple[dict[str, Any], str]] = [
    ({"deploy_map": ...}, "meta.json has no deploy_map"),
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


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
KEYS = ["name", "deploy_map", "min_clients", "mandatory_clients", "resource_spec", "custom_props"]


@given(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=3))
def test_any_meta_is_accepted_or_refused(changes: dict[str, Any]) -> None:
    """Whatever stands in the meta, it is a definition or an InvalidJobDefinition with a short message in one line."""
    try:
        made = definition(**changes)
    except InvalidJobDefinition as problem:
        assert str(problem).isprintable()  # noqa: PT017  (either way is fine, only these two are)
        assert len(str(problem)) < 1000  # noqa: PT017
    else:
        assert json.dumps(made.meta) == json.dumps(json.loads(dict(made.files)["meta.json"]))
