"""Small jobs for the tests: as folders on disk, as definitions in memory, and as a server keeps them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flare_sim import JobDefinition, User
from flare_sim.engine.job import Job

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "APP_FILES",
    "START",
    "USERS",
    "behaving",
    "definition",
    "job_files",
    "job_meta",
    "new_job",
    "write_files",
    "write_job",
]

APP_FILES = {
    "app/config/config_fed_server.json": '{"format_version": 2, "workflows": []}',
    "app/config/config_fed_client.json": '{"format_version": 2, "executors": []}',
}
"""One app with both its configurations."""


USERS = [User("a", "x", "lead"), User("b", "y", "lead")]
"""Two users of different organisations."""
START = 1_767_225_600_000_000
"""When the first job that is kept was submitted, in ticks."""


def job_meta(**changes: Any) -> dict[str, Any]:
    """A small valid meta, with keys changed or added; a key changed to ``...`` is left out."""
    meta: dict[str, Any] = {
        "name": "small",
        "resource_spec": {},
        "min_clients": 2,
        "deploy_map": {"app": ["@ALL"]},
        **changes,
    }
    return {key: value for key, value in meta.items() if value is not ...}


def behaving(**behavior: Any) -> dict[str, Any]:
    """The ``custom_props`` that tell the simulated run what to do."""
    return {"flare_sim": behavior}


def job_files(files: dict[str, str] | None = None, **changes: Any) -> dict[str, str]:
    """The files of a job: its meta.json and its app (or other files)."""
    return {"meta.json": json.dumps(job_meta(**changes)), **(APP_FILES if files is None else files)}


def definition(**changes: Any) -> JobDefinition:
    """A definition in memory."""
    return JobDefinition.from_files(job_files(**changes))


def write_files(folder: Path, files: dict[str, str] | dict[str, bytes]) -> str:
    """Write files under a folder; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(folder)


def write_job(folder: Path, files: dict[str, str] | None = None, **changes: Any) -> str:
    """Write a job folder; returns its path."""
    return write_files(folder, job_files(files, **changes))


def new_job(serial: int = 0, user: int = 0, made: JobDefinition | None = None, cloned_from: str = "") -> Job:
    """A job of a user, as the server keeps it."""
    return Job(serial, f"id-{serial:04d}", made or definition(), USERS[user], START + serial, cloned_from)
