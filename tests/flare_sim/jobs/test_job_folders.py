"""A job folder is written in a line, as NVFLARE reads it, and is judged before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flare_sim import (
    PERSONALITIES,
    Client,
    InternalError,
    InvalidJobDefinition,
    JobBehavior,
    JobDefinition,
    SimulatedServer,
    make_job,
)


def files_in(folder: Path) -> dict[str, str]:
    """The files of a folder, by their paths in it."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}


def test_the_folder_is_one_of_nvflares(tmp_path: Path) -> None:
    """A meta and an app with the configurations of both sides, for everybody; the path comes back."""
    path = make_job(tmp_path / "hello")
    files = files_in(tmp_path / "hello")

    assert path == str(tmp_path / "hello")
    assert sorted(files) == ["app/config/config_fed_client.json", "app/config/config_fed_server.json", "meta.json"]
    assert json.loads(files["meta.json"]) == {
        "name": "hello",
        "resource_spec": {},
        "min_clients": 1,
        "deploy_map": {"app": ["@ALL"]},
    }
    assert json.loads(files["app/config/config_fed_server.json"])["format_version"] == 2


EVERYTHING: dict[str, Any] = {
    "name": "a-job",
    "apps": {"one": ["server", "site-1"], "other": ["site-2"]},
    "min_clients": 2,
    "mandatory_clients": ["site-2"],
    "resource_spec": {"site-1": {"num_of_gpus": 1}},
    "behavior": JobBehavior(run_seconds=5, outcome="ABORTED", result_files={"app_server/model.txt": "weights"}),
    "files": {"one/custom/trainer.py": "print()\n", "one/custom/data.bin": b"\xff"},
}


@pytest.mark.parametrize("personality", [None, *PERSONALITIES])
@pytest.mark.parametrize("said", [{}, {"sites": ["site-1"], "apps": "mine"}, EVERYTHING])
def test_every_release_takes_it(tmp_path: Path, personality: str | None, said: dict[str, Any]) -> None:
    """With all that can be said of a job, too, and without a warning."""
    path = make_job(tmp_path / "job", **said)
    clients = [Client("site-1", {"num_of_gpus": 1}), Client("site-2")]
    with SimulatedServer(personality=personality, clients=clients) as server:
        server.connect().submit_job(path)

        assert server.remarks == {}


def test_what_is_said_of_a_job_is_in_it(tmp_path: Path) -> None:
    """As whoever reads the folder finds it."""
    job = JobDefinition.load(make_job(tmp_path / "job", **EVERYTHING))

    assert job.name == "a-job"
    assert job.deploy_map == (("one", ("server", "site-1")), ("other", ("site-2",)))
    assert (job.min_clients, job.mandatory_clients) == (2, ("site-2",))
    assert job.resource_spec == {"site-1": {"num_of_gpus": 1}}
    assert job.behavior == EVERYTHING["behavior"]
    assert dict(job.app_files("one"))["custom/data.bin"] == b"\xff"


def test_clients_that_are_named_get_the_app_beside_the_server(tmp_path: Path) -> None:
    """And nobody else."""
    job = JobDefinition.load(make_job(tmp_path, sites=["site-2"]))

    assert job.deploy_map == (("app", ("server", "site-2")),)


def test_a_behavior_may_be_a_mapping(tmp_path: Path) -> None:
    """As in the meta."""
    job = JobDefinition.load(make_job(tmp_path / "job", behavior={"run_seconds": 7}))

    assert job.behavior == JobBehavior(run_seconds=7)


def test_all_of_a_behavior_is_in_the_job(tmp_path: Path) -> None:
    """What happens over its run, too."""
    behavior = JobBehavior(
        rounds=2,
        every=5,
        metrics={"site-1": {"loss": [1, 0.5]}},
        round_files={"app_server/round.txt": "x"},
        timed_files=[(3, "app_server/early.txt", "y")],
        log_lines=[(2, "begun")],
        deploy_failures=["site-2"],
    )

    assert JobDefinition.load(make_job(tmp_path / "job", behavior=behavior)).behavior == behavior


def test_a_file_goes_before_what_is_written_by_itself(tmp_path: Path) -> None:
    """So that a configuration, and the meta, can be anything."""
    make_job(tmp_path / "job", files={"app/config/config_fed_server.json": '{"mine": 1}'})

    assert files_in(tmp_path / "job")["app/config/config_fed_server.json"] == '{"mine": 1}'


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"path": 5}, "path must be the path of a folder, not 5"),
    ({"path": ""}, "path must be the path of a folder, not ''"),
    ({"name": 5}, "name must be text, not 5"),
    ({"apps": 5}, "apps must be the name of an app, or a mapping of names to sites, not 5"),
    ({"apps": {"a": "site-1"}}, "apps must be a list of names, not 'site-1'"),
    ({"apps": {5: []}}, "apps must be text, not 5"),
    ({"apps": {"a": ["server"]}, "sites": ["b"]}, "sites is for apps that do not say where they go"),
    ({"sites": "site-1"}, "sites must be a list of names, not 'site-1'"),
    ({"mandatory_clients": [5]}, "mandatory_clients must be text, not 5"),
    ({"resource_spec": {"site-1": {1}}}, "resource_spec cannot be a value of type set"),
    ({"resource_spec": {"site-1": {1: 2}}}, "resource_spec must be text, not 1"),
    ({"min_clients": [1]}, r"min_clients cannot be \[1\]"),
    ({"behavior": 5}, "behavior must be a JobBehavior, or the same as a mapping, not 5"),
    ({"behavior": {"seconds": 5}}, "has unknown key 'seconds'"),
    ({"behavior": JobBehavior(result_files={"x.pt": b"\xff"})}, "result_files in a job's meta are text, .* 'x.pt'"),
    ({"files": 5}, "files must be a mapping, not 5"),
    ({"files": {5: ""}}, "files must be text, not 5"),
]


@pytest.mark.parametrize(("said", "message"), WRONG)
def test_what_makes_no_sense_is_refused(tmp_path: Path, said: dict[str, Any], message: str) -> None:
    """It is named, and nothing is written."""
    with pytest.raises(ValueError, match=message):
        make_job(**{"path": tmp_path / "job", **said})

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"min_clients": 0}, "min_clients must be a whole number from 1"),
        ({"apps": {}}, "deploy_map in meta.json must be an object with an app"),
        ({"apps": "a/b"}, "'a/b' in deploy_map is not the name of an app folder"),
        ({"mandatory_clients": ["site-9"], "sites": ["site-1"]}, "mandatory client 'site-9' is not in deploy_map"),
        ({"files": {"../up": ""}}, "'../up' is not a relative path"),
        ({"files": {"meta.json": "{}"}}, "meta.json has no deploy_map"),
        ({"files": {"app/x": 5}}, "'app/x' must hold text or bytes, not a int"),
    ],
)
def test_a_job_that_no_server_takes_is_not_written(tmp_path: Path, said: dict[str, Any], message: str) -> None:
    """The error is the one a server would give."""
    with pytest.raises(InvalidJobDefinition, match=message):
        make_job(tmp_path / "job", **said)

    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays(tmp_path: Path) -> None:
    """A folder with something in it is not written into; nothing is left beside it."""
    folder = tmp_path / "job"
    make_job(folder)
    with pytest.raises(InternalError, match=r"the job cannot be written to '.*job': directory not empty"):
        make_job(folder, name="another")

    assert JobDefinition.load(str(folder)).name == "job"
    assert list(tmp_path.iterdir()) == [folder]


def test_an_empty_folder_is_taken_and_missing_ones_are_made(tmp_path: Path) -> None:
    """Such as ``tmp_path`` itself."""
    make_job(tmp_path, name="here")
    make_job(tmp_path / "some" / "where" / "else")

    assert JobDefinition.load(str(tmp_path / "some" / "where" / "else")).name == "else"
    assert JobDefinition.load(str(tmp_path)).name == "here"
