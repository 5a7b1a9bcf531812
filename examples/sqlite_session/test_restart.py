"""What the contract says nothing of: the file outlives the runner, and who opens it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from database import Database
from job_definition import SERVER_CONFIG
from runner import Runner
from sqlite_session import SqliteSession

from flare_sim.spec import MonitorReturnCode

HELLO_JOB = Path(__file__).resolve().parents[1] / "hello-job"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with no jobs in it."""
    database = Database(tmp_path / "jobs.db")
    database.create({"ann": "admin"}, largest_download=1000)
    return database.path


@contextmanager
def runner(file: Path) -> Iterator[None]:
    """A runner with two clients, while the block lasts."""
    running = Runner(Database(file), ["site-1", "site-2"], interval=0.01)
    running.start()
    yield
    running.stop()


def job(folder: Path, *workflows: dict[str, Any]) -> str:
    """The path of a job that does this."""
    shutil.copytree(HELLO_JOB, folder)
    (folder / "app" / SERVER_CONFIG).write_text(json.dumps({"workflows": workflows}), encoding="utf-8")
    return str(folder)


def test_a_job_waits_in_the_file_for_a_runner(file: Path, tmp_path: Path) -> None:
    """Submitted while there is none, it is run when one comes."""
    session = SqliteSession(file, "ann", tmp_path / "results")
    job_id = session.submit_job(job(tmp_path / "job", {"name": "write", "args": {"file": "a/b.txt", "text": "found"}}))
    assert session.monitor_job(job_id, timeout=1, poll_interval=0.5) is MonitorReturnCode.TIMEOUT

    with runner(file):
        assert session.monitor_job(job_id, timeout=60, poll_interval=0.01) is MonitorReturnCode.JOB_FINISHED

    assert session.get_job_meta(job_id)["status"] == "FINISHED:COMPLETED"
    assert Path(session.download_job_result(job_id), "a", "b.txt").read_text(encoding="utf-8") == "found"


def test_a_job_whose_runner_ended_is_given_up_by_the_next(file: Path, tmp_path: Path) -> None:
    """What it was doing nobody knows; what was done before stays."""
    session = SqliteSession(file, "ann")
    job_id = session.submit_job(job(tmp_path / "job", {"name": "wait", "args": {"seconds": 3600}}))
    with runner(file):
        while session.get_job_meta(job_id)["status"] != "RUNNING":
            session.monitor_job(job_id, timeout=1, poll_interval=0.01, cb=lambda *_: False)
    assert session.get_job_meta(job_id)["status"] == "RUNNING"

    with runner(file):
        assert session.get_job_meta(job_id)["status"] == "FINISHED:ABANDONED"


def test_a_job_writes_nowhere_but_into_its_result(file: Path, tmp_path: Path) -> None:
    """A path around it ends the job."""
    session = SqliteSession(file, "ann", tmp_path / "results")
    job_id = session.submit_job(job(tmp_path / "job", {"name": "write", "args": {"file": "../found.txt"}}))
    with runner(file):
        session.monitor_job(job_id, timeout=60, poll_interval=0.01)

    assert session.get_job_meta(job_id)["status"] == "FINISHED:EXECUTION_EXCEPTION"
    assert sorted(path.name for path in Path(session.download_job_result(job_id)).iterdir()) == ["log.txt"]
