"""A FLARE API session on a file: every call is one transaction, and the runner that works the jobs off is elsewhere."""

from __future__ import annotations

import math
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import jobs
import rights
from database import Database
from job_definition import SERVER, app_of, read_definition

from flare_sim import spec


class SqliteSession(spec.SessionSpec):
    """A session of a user.

    Args:
        path: the file with the job store.
        user: who logs in.
        download_dir: the folder that results are put in, a new one of this machine's unless given.

    Raises:
        NoConnection: the file can't be used.
        AuthenticationError: it does not know the user.
    """

    def __init__(self, path: Path, user: str, download_dir: Path | None = None) -> None:
        self._database = Database(path)
        self._download_dir = download_dir or Path(tempfile.mkdtemp(prefix="results-"))
        self._token = str(uuid.uuid4())
        self._closed = False
        with self._database.transaction() as db:
            rights.log_in(db, user, self._token)

    def submit_job(self, job_definition_path: str) -> str:
        """Read the folder and store what is in it."""
        with self._call("submit") as (_, user):
            pass  # who may not has no use of what else is wrong
        definition = read_definition(job_definition_path)
        with self._call("submit") as (db, user):
            return jobs.add(db, definition, user)

    def clone_job(self, job_id: str) -> str:
        """Store what the job was submitted as once more."""
        with self._call("clone", job_id) as (db, user):
            return jobs.add(db, jobs.definition(db, jobs.find(db, job_id)), user)

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Read a job's row."""
        with self._call("view", job_id) as (db, _):
            return jobs.meta(jobs.find(db, job_id))

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Read all rows."""
        with self._call("view") as (db, user):
            if not isinstance(detailed, bool) or not isinstance(all, bool):
                raise spec.InvalidArgumentError("detailed and all are bools")
            return [jobs.entry(row, detailed) for row in jobs.every(db) if all or row["submitter"] == user]

    def download_job_result(self, job_id: str) -> str:
        """Put the files of a result into a folder; of a large one tell where it is.

        Raises:
            JobNotDone: there is no result yet.
        """
        with self._call("download", job_id) as (db, _):
            row = jobs.find(db, job_id)
            if row["status"] in jobs.UNDONE:
                raise spec.JobNotDone(f"job {row['job_id']} is {row['status']}")
            (largest,) = db.execute("SELECT largest_download FROM server").fetchone()
            if jobs.size(db, row["job_id"], jobs.RESULT) > largest:
                return f"sqlite:{self._database.path}?job_id={row['job_id']}"
            found = jobs.files(db, row["job_id"], jobs.RESULT)
        folder = self._download_dir / str(row["job_id"])
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in found.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return str(folder)

    def abort_job(self, job_id: str) -> None:
        """Let the job be done; whoever runs it finds that it is not his any more."""
        with self._call("abort", job_id) as (db, _):
            jobs.move(db, job_id, jobs.ABORTED, *jobs.UNDONE)

    def delete_job(self, job_id: str) -> None:
        """Forget the job, whatever it is doing."""
        with self._call("delete", job_id) as (db, _):
            jobs.remove(db, job_id)

    def get_system_info(self) -> spec.SystemInfo:
        """Read what the runner says of itself and of the clients, and which jobs run."""
        with self._call("view") as (db, _):
            status, started = db.execute("SELECT status, started FROM server").fetchone()
            clients = db.execute("SELECT name, last_connect_time FROM clients ORDER BY rowid").fetchall()
            running = [jobs.meta(row) for row in jobs.every(db, jobs.RUNNING)]
        return spec.SystemInfo(
            spec.ServerInfo(status, started),
            [spec.ClientInfo(*client) for client in clients],
            [spec.JobInfo(job["job_id"], app_of(job["deploy_map"], SERVER)) for job in running],
        )

    def monitor_job(
        self,
        job_id: str,
        timeout: int = 0,
        poll_interval: float = 2.0,
        cb: Any = None,
        *cb_args: Any,
        **cb_kwargs: Any,
    ) -> spec.MonitorReturnCode:
        """Read a job's row again and again, until it is done, the callback returns False or the time is up."""
        job = self.get_job_meta(job_id)
        if not _is_finite(timeout) or timeout < 0:
            raise spec.InvalidArgumentError("timeout is a number of seconds, and not negative")
        if not _is_finite(poll_interval) or not 0 < poll_interval <= 86_400:
            raise spec.InvalidArgumentError("poll_interval is a number of seconds, more than none, a day at most")
        if cb is not None and not callable(cb):
            raise spec.InvalidArgumentError("cb can't be called")
        begun = time.monotonic()
        while True:
            done = job["status"] not in jobs.UNDONE
            if cb is not None and not cb(self, job_id, job, *cb_args, **cb_kwargs):
                return spec.MonitorReturnCode.ENDED_BY_CB
            if done:  # whatever the callback did to its meta
                return spec.MonitorReturnCode.JOB_FINISHED
            if timeout and time.monotonic() - begun >= timeout:
                return spec.MonitorReturnCode.TIMEOUT
            time.sleep(poll_interval)
            job = self.get_job_meta(job_id)

    def close(self) -> None:
        """Log out; where the file can't be used just forget it."""
        if not self._closed:
            self._closed = True
            with suppress(spec.NoConnection, spec.InternalError), self._database.transaction() as db:
                rights.log_out(db, self._token)

    @contextmanager
    def _call(self, right: str, *job_id: object) -> Iterator[tuple[sqlite3.Connection, str]]:
        """A transaction of somebody who is logged in, and may do this (to that job); tells who that is.

        Raises:
            SessionClosed: nobody is logged in any more.
            JobNotFound: there is no such job.
            AuthorizationError: the user may not.
        """
        if self._closed:
            raise spec.SessionClosed("the session is closed")
        with self._database.transaction() as db:
            user = rights.user(db, self._token)
            owner = jobs.find(db, *job_id)["submitter"] if job_id else user
            rights.require(db, user, right, owner)
            yield db, user


def _is_finite(value: object) -> bool:
    try:
        return isinstance(value, (int, float)) and math.isfinite(value)
    except OverflowError:
        return False
