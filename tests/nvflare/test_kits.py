"""The startup kit that a script names says where its jobs are and where results go, as it does to a real client."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from nvflare.fuel.flare_api.api_spec import InvalidJobDefinition
from nvflare.fuel.flare_api.flare_api import Session, new_secure_session

from flare_sim import SimulatedServer
from flare_sim.nvflare import installed_release, offline
from flare_sim.nvflare.startup_kit import Kits, transfer_folders
from tests.nvflare.jobs import HELLO_JOB

USER = "admin@nvidia.com"


def make_kit(folder: Path, settings: dict[str, Any] | None = None) -> Path:
    """Make what a user has of a provisioned kit, as far as folders go: the configuration, and no ``transfer`` yet."""
    (folder / "startup").mkdir(parents=True)
    admin = {"upload_dir": "transfer", "download_dir": "transfer", "host": "fl.example.com"}
    content = json.dumps({"format_version": 1, "admin": {**admin, **(settings or {})}})
    (folder / "startup" / "fed_admin.json").write_text(content, encoding="utf-8")
    return folder


def add_job(folder: Path) -> None:
    """Put a job where the tutorial has it."""
    shutil.copytree(HELLO_JOB, folder / "hello-numpy")


@pytest.mark.parametrize("configured", [True, False])
def test_the_tutorials_flow(configured: bool, tmp_path: Path) -> None:
    """A job is submitted by its name, out of ``transfer`` of the kit, and its result goes there."""
    kit = make_kit(tmp_path / "kit") if configured else tmp_path / "kit"
    add_job(kit / "transfer")
    with offline():
        session = new_secure_session(USER, str(kit))
        job_id = session.submit_job("hello-numpy")
        session.monitor_job(job_id)

        assert Path(session.download_job_result(job_id)) == kit / "transfer" / job_id
        assert (session.upload_dir, session.download_dir) == (str(kit / "transfer"),) * 2


def test_the_download_folder_of_a_kit_is_made(tmp_path: Path) -> None:
    """As soon as the session begins."""
    kit = make_kit(tmp_path / "kit")
    with offline():
        new_secure_session(USER, str(kit))

    assert (kit / "transfer").is_dir()


def test_a_kit_may_name_other_folders(tmp_path: Path) -> None:
    """Within it, or anywhere."""
    kit = make_kit(tmp_path / "kit", {"upload_dir": "jobs", "download_dir": str(tmp_path / "results")})
    add_job(kit / "jobs")
    with offline():
        session = new_secure_session(USER, str(kit))
        job_id = session.submit_job("hello-numpy")
        session.monitor_job(job_id)

        assert Path(session.download_job_result(job_id)) == tmp_path / "results" / job_id


@pytest.mark.parametrize("place", ["startup/fed_admin.json", "local/resources.json"])
def test_a_fifo_in_a_kit_is_not_waited_for(tmp_path: Path, place: str) -> None:
    """What can't be read of a kit is as if it said nothing."""
    kit = make_kit(tmp_path / "kit")
    (kit / "transfer").mkdir()
    (kit / "local").mkdir()
    (kit / place).unlink(missing_ok=True)
    os.mkfifo(kit / place)

    assert transfer_folders(str(kit)) == (str(kit / "transfer"),) * 2


def test_a_forked_process_has_kits_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the process that it was forked from go with that, at any time."""
    with SimulatedServer() as server:
        kits = Kits(server)
        kit = kits.for_named("anywhere")
        assert kits.for_named("anywhere") == kit
        mode = os.stat(kit).st_mode
        assert mode & 0o777 == 0o700
        with monkeypatch.context() as patch:
            patch.setattr(os, "getpid", lambda: 1)
            another = Path(kits.for_named("anywhere"))
            assert another.parent.parent != Path(kit).parent.parent
            server.folders.remove()
        assert os.path.isdir(kit)
        assert not another.exists()


def test_two_kits_are_two(tmp_path: Path) -> None:
    """Each session has the folders of its own."""
    one, other = make_kit(tmp_path / "one"), make_kit(tmp_path / "other")
    with offline():
        assert new_secure_session(USER, str(one)).download_dir == str(one / "transfer")
        assert new_secure_session(USER, str(other)).download_dir == str(other / "transfer")


def test_folders_that_are_given_outrank_the_kit(tmp_path: Path) -> None:
    """Also where there is no kit; the download folder is made."""
    add_job(tmp_path / "jobs")
    kit = make_kit(tmp_path / "kit")
    for named in (str(kit), str(tmp_path / "no-kit")):
        with offline(upload_dir=str(tmp_path / "jobs"), download_dir=str(tmp_path / "results")):
            session = new_secure_session(USER, named)
            job_id = session.submit_job("hello-numpy")
            session.monitor_job(job_id)

            assert Path(session.download_job_result(job_id)).parent == tmp_path / "results"
            shutil.rmtree(tmp_path / "results")
    assert not (tmp_path / "no-kit").exists()


def test_one_folder_may_be_given_and_the_other_the_kits(tmp_path: Path) -> None:
    """What is not given is as the kit says."""
    kit = make_kit(tmp_path / "kit")
    with offline(download_dir=str(tmp_path / "results")):
        session = new_secure_session(USER, str(kit))

        assert (session.upload_dir, session.download_dir) == (str(kit / "transfer"), str(tmp_path / "results"))


def test_results_of_a_kit_that_is_not_there_go_with_the_server(tmp_path: Path) -> None:
    """Nothing is made at the path, and the folder goes when the server does."""
    with offline() as server:
        session = new_secure_session(USER, str(tmp_path / "kit"))
        job_id = session.submit_job(HELLO_JOB)
        session.monitor_job(job_id)
        result = Path(session.download_job_result(job_id))

        assert result.parent == Path(server.download_folder())
        with pytest.raises(InvalidJobDefinition):
            session.submit_job("hello-numpy")
    assert not result.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_kit_is_left_alone(tmp_path: Path) -> None:
    """Such as the working directory."""
    with offline():
        new_secure_session(USER, str(tmp_path))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", '{"admin": 7}', '{"admin": {"upload_dir": 7}}', "\udc80", "[" * 9999])
def test_a_configuration_that_can_not_be_read_says_nothing(content: str, tmp_path: Path) -> None:
    """The folders are those of any kit."""
    kit = make_kit(tmp_path / "kit")
    (kit / "startup" / "fed_admin.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    with offline():
        assert new_secure_session(USER, str(kit)).download_dir == str(kit / "transfer")


def test_the_second_file_of_a_kit_outranks_the_first(tmp_path: Path) -> None:
    """Where the release reads it."""
    kit = make_kit(tmp_path / "kit")
    (kit / "local").mkdir()
    (kit / "local" / "resources.json").write_text('{"admin": {"download_dir": "elsewhere"}}', encoding="utf-8")
    with offline():
        found = Path(new_secure_session(USER, str(kit)).download_dir)

    assert found.name == ("elsewhere" if installed_release().merges_resources else "transfer")


def test_a_session_that_begins_again_keeps_its_folders(tmp_path: Path) -> None:
    """By the kit it named, or by the one it has."""
    kit = make_kit(tmp_path / "kit")
    with offline():
        session = new_secure_session(USER, str(kit))
        Session.__init__(session, USER, getattr(session, "startup_path", str(kit)))

        assert session.download_dir == str(kit / "transfer")
