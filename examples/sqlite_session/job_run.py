"""One job as it is run, in a thread of its own: its parts are set up at the clients, then the server works it off.

A job says in its configurations what is to be done:

- ``components`` of the client's: ``{"name": "data", "args": {"seconds": 2}}``, a part that takes time to set up. A
  part that nobody here knows can't be set up, and the job can't be deployed.
- ``workflows`` of the server's, one after the other: ``wait`` for some ``seconds``, ``write`` a ``text`` into a
  ``file`` of the result, also over and over to some ``bytes``; ``fail`` for a ``reason``; ``exit``, as code may that
  ends its process.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any, TypeVar

import jobs
from database import Database
from job_definition import CLIENT_CONFIG, EVERYWHERE, SERVER, SERVER_CONFIG, app_of

from flare_sim.spec import InternalError, JobNotFound, NoConnection

LOG = "log.txt"
Done = TypeVar("Done")


class Stopped(Exception):
    """The job is no longer this run's: it was aborted or deleted, or the runner stops."""


class JobRun(threading.Thread):
    """Runs a job that is dispatched, to its end or until it is stopped.

    Args:
        database: where the job is.
        job_id: the job.
        interval: seconds between two tries to reach a file that can't be used.
    """

    def __init__(self, database: Database, job_id: str, interval: float) -> None:
        super().__init__(name=f"job {job_id}", daemon=True)
        self._database = database
        self._job_id = job_id
        self._interval = interval
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Let the run do nothing more."""
        self._stopping.set()

    def run(self) -> None:
        """Set the job up, work it off, and say how it ended."""
        try:
            definition = self._in_file(lambda db: jobs.definition(db, jobs.find(db, self._job_id)))
            deploy_map = definition.meta["deploy_map"]
            app = app_of(deploy_map, SERVER)
            try:
                for name, sites in deploy_map.items():
                    if EVERYWHERE in sites or set(sites) - {SERVER}:
                        self._set_up(json.loads(definition.files[f"{name}/{CLIENT_CONFIG}"]))
            except (LookupError, TypeError, ValueError) as error:
                self._move(jobs.NOT_DEPLOYED, jobs.DISPATCHED, f"can't be deployed: {error!r}")
                return
            self._move(jobs.RUNNING, jobs.DISPATCHED, f"runs the app {app}")
            ended = self._worked_off(json.loads(definition.files[f"{app}/{SERVER_CONFIG}"]))
            self._move(ended, jobs.RUNNING, f"ended as {ended}")
        except (Stopped, JobNotFound):
            pass

    def _set_up(self, config: dict[str, Any]) -> None:
        for part in config.get("components", []):
            if part["name"] != "data":
                raise LookupError(f"no client knows the component {part['name']!r}")
            self._wait(**part["args"])

    def _worked_off(self, config: dict[str, Any]) -> str:
        known: dict[str, Callable[..., None]] = {
            "wait": self._wait,
            "write": self._write,
            "fail": self._fail,
            "exit": self._exit,
        }
        try:
            for workflow in config.get("workflows", []):
                known[workflow["name"]](**workflow.get("args", {}))
        except Stopped:
            raise
        except SystemExit:
            return jobs.ABNORMAL
        except Exception:  # noqa: BLE001 - whatever a job does wrong is its own end, and not the runner's
            return jobs.FAILED
        return jobs.COMPLETED

    # --- what a job can do ------------------------------------------------------------------------------------------

    def _wait(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise Stopped

    def _write(self, file: str, text: str = "", bytes: int = 0) -> None:  # noqa: A002 - the name is the job's
        path = PurePosixPath(file)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError(f"{file} is not in the result")
        content = text.encode()
        if bytes:
            content = (content or b"\0") * (bytes // len(content or b"\0") + 1)
        self._in_file(lambda db: jobs.store(db, self._job_id, jobs.RESULT, str(path), content), jobs.RUNNING)

    def _fail(self, reason: str) -> None:
        raise RuntimeError(reason)

    def _exit(self) -> None:
        raise SystemExit

    # --- what is noted ----------------------------------------------------------------------------------------------

    def _move(self, status: str, before: str, told: str) -> None:
        """Give the job its next status, and tell of it in the log."""

        def move(db: sqlite3.Connection) -> None:
            log = jobs.files(db, self._job_id, jobs.RESULT).get(LOG, b"")
            jobs.store(db, self._job_id, jobs.RESULT, LOG, log + f"{told}\n".encode())
            jobs.move(db, self._job_id, status, before)

        self._in_file(move, before)

    def _in_file(self, act: Callable[[sqlite3.Connection], Done], status: str = jobs.DISPATCHED) -> Done:
        """Do something in one transaction in which the job has a status; later, while the file can't be used.

        Raises:
            Stopped: the job has it no more.
        """
        while not self._stopping.is_set():
            with suppress(NoConnection, InternalError), self._database.transaction() as db:
                if jobs.find(db, self._job_id)["status"] != status:
                    raise Stopped
                return act(db)
            self._stopping.wait(self._interval)
        raise Stopped
