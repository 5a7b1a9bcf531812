"""The files of a result: laid out as on a real server, or a location when they are too large."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from flare_sim import Command, JobBehavior, JobDefinition, Run, ServerConfig, Session, SimulatedServer
from flare_sim.disk.contents import whole
from flare_sim.jobs.result_files import clashing
from tests.flare_sim.job_samples import behaving, definition, job_files, write_job


def test_a_result_has_the_layout_of_a_real_one(session: Session, job: str) -> None:
    """The job as submitted, and the workspace the server leaves of a run."""
    job_id = session.submit_job(job)
    session.monitor_job(job_id)

    folder = Path(session.download_job_result(job_id))

    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == [
        "job/small/app/config/config_fed_client.json",
        "job/small/app/config/config_fed_server.json",
        "job/small/meta.json",
        "workspace/app_server/config/config_fed_client.json",
        "workspace/app_server/config/config_fed_server.json",
        "workspace/fl_app.txt",
        "workspace/log.txt",
        "workspace/meta.json",
    ]
    assert (folder / "workspace/fl_app.txt").read_text() == "app"
    assert (folder / "job/small/meta.json").read_bytes() == Path(job, "meta.json").read_bytes()


@pytest.mark.parametrize("way", ["behavior", "meta", "write", "files", "both"])
@pytest.mark.parametrize("personality", [None, "nvflare-2.3", "nvflare-2.9"])
def test_a_run_may_leave_files_beside_its_app_and_over_it(tmp_path: Path, way: str, personality: str | None) -> None:
    """A model where real runs leave it, however it is said; what of the app is in the way of it is gone."""
    left = {
        "app_server/FL_global_model.pt": "weights",
        "app_server/config/config_fed_server.json": "mine",
        "app_server/config/config_fed_client.json/a": "in a folder",
        "log_fl.txt/a": "in a folder",
        "app_site-1/local.npy": "theirs",
        "log.txt": "told",
    }

    def behave(run: Run) -> None:
        for path, content in left.items():
            run.write(path, content)

    ways: dict[str, Any] = {
        "behavior": JobBehavior(result_files=left),
        "write": behave,
        "files": lambda run: run.files.update(left),
        "both": behave,
    }
    said = {"meta": left, "both": {"app_server/FL_global_model.pt/a": "", "app_site-1": "", "log.txt": ""}}
    with SimulatedServer(behavior=ways.get(way), personality=personality) as server:
        session = server.connect()
        props = behaving(result_files=said[way]) if way in said else {}
        job_id = session.submit_job(write_job(tmp_path / "small", custom_props=props))
        session.monitor_job(job_id)
        workspace = Path(session.download_job_result(job_id)) / "workspace"

        assert {path: (workspace / path).read_text() for path in left} == left
        content = server.request(server.login("admin@nvidia.com"), Command("download_job", (job_id,))).content
        assert clashing(dict(content)) is None


def test_a_file_that_a_run_leaves_takes_the_place_of_a_folder() -> None:
    """With all that was in it."""
    server = SimulatedServer(behavior=JobBehavior(result_files={"app_server/config": "mine"}))
    job_id = server.submit(definition())
    server.run_until_idle()
    content = dict(server.request(server.login("admin@nvidia.com"), Command("download_job", (job_id,))).content)

    assert [path for path in content if path.startswith("workspace/app_server")] == ["workspace/app_server/config"]
    assert clashing(content) is None


def test_the_app_of_a_result_is_the_servers() -> None:
    """Where sites have apps of their own, the workspace has the one that ran on the server, by its name."""
    files = job_files(
        {f"{app}/config/config_fed_{where}.json": app for app in ("ours", "theirs") for where in ("server", "client")},
        deploy_map={"theirs": ["site-1"], "ours": ["server", "site-2"]},
    )
    server = SimulatedServer()
    job_id = server.submit(JobDefinition.from_files(files))
    server.run_until_idle()
    login = server.login("admin@nvidia.com")
    content = dict(server.request(login, Command("download_job", (job_id,))).content)

    assert content["workspace/fl_app.txt"] == b"ours"
    assert content["workspace/app_server/config/config_fed_server.json"] == b"ours"


def test_the_workspace_is_empty_unless_a_run_ended(server: SimulatedServer, session: Session, job: str) -> None:
    """Before the run, during it and without one the workspace is there and empty."""
    job_id = session.submit_job(job)
    for seconds in (0, 2):
        server.advance(seconds)
        folder = Path(session.download_job_result(job_id))
        assert list((folder / "workspace").iterdir()) == []
    server.faults.crash()
    server.faults.restart()
    folder = Path(server.connect().download_job_result(job_id))
    assert list((folder / "workspace").iterdir()) == []


def test_a_large_result_is_a_location() -> None:
    """A result over the limit is not downloaded; what comes back is no local folder."""
    server = SimulatedServer(config=ServerConfig(max_download_bytes=1000))
    session = server.connect()
    job_id = session.submit_definition(definition(custom_props=behaving(result_bytes=5000)))
    assert os.path.isdir(session.download_job_result(job_id))
    session.monitor_job(job_id)

    location = session.download_job_result(job_id)

    assert location == f"flare-sim://simulated_project/{job_id}"
    assert not os.path.exists(location)


@pytest.mark.parametrize("personality", [None, "nvflare-2.9"])
def test_a_log_holds_whatever_an_app_said(personality: str | None) -> None:
    """Also half a character, as it was."""

    def fail(run: Run) -> JobBehavior:
        raise ValueError("half a \ud83d")

    server = SimulatedServer(behavior=fail, personality=personality)
    job_id = server.submit(definition())
    server.run_until_idle()
    content = dict(server.request(server.login("admin@nvidia.com"), Command("download_job", (job_id,))).content)

    assert b"ValueError: half a \xed\xa0\xbd\n" in whole(content["workspace/log.txt"])


def test_lines_of_a_log_are_kept_as_json_too() -> None:
    """One object for each, where a release has them."""

    def fail(run: Run) -> JobBehavior:
        raise ValueError(f"{run.name} failed")

    server = SimulatedServer(behavior=fail, quirks=["result-has-meta-and-logs"])
    job_id = server.submit(definition())
    server.run_until_idle()
    content = dict(server.request(server.login("admin@nvidia.com"), Command("download_job", (job_id,))).content)

    assert content["workspace/log.json"] == b'{"message": "ValueError: small failed"}\n'
    assert content["workspace/error_log.txt"] == b"ValueError: small failed\n"


@pytest.mark.parametrize("beyond", [0, 1])
def test_a_result_may_be_as_large_as_the_limit(beyond: int) -> None:
    """To the byte, all counted: the job, what the server writes of a run, what the run leaves, what it pretends to."""
    behavior = behaving(result_files={"left.txt": "12345"}, result_bytes=1000)
    plain = SimulatedServer()
    job_id = plain.connect().submit_definition(definition(custom_props=behavior))
    plain.run_until_idle()
    content = plain.request(plain.login("admin@nvidia.com"), Command("download_job", (job_id,))).content
    size = sum(len(data) for _, data in content) + 1000

    server = SimulatedServer(config=ServerConfig(max_download_bytes=size - beyond))
    session = server.connect()
    session.submit_definition(definition(custom_props=behavior))
    server.run_until_idle()

    assert os.path.isdir(session.download_job_result(job_id)) == (not beyond)


def test_a_result_that_pretends_to_nothing_has_its_own_size() -> None:
    """Not a byte more."""
    sizes: list[int] = []
    for _ in range(2):
        server = SimulatedServer(config=ServerConfig(max_download_bytes=sizes[0] if sizes else 10**6))
        session = server.connect()
        job_id = session.submit_definition(definition())
        server.run_until_idle()
        reply = server.request(server.login("admin@nvidia.com"), Command("download_job", (job_id,)))
        sizes.append(sum(len(data) for _, data in reply.content))

    assert sizes[0] == sizes[1] > 0
