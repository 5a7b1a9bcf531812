"""The session on a file, plugged into the contract suite: a file, a runner and sessions for every example."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jobs
from database import Database
from job_definition import CLIENT_CONFIG, SERVER_CONFIG
from runner import Runner
from sqlite_session import SqliteSession

from contract_tests import JobPlan, RealClock, System

LARGEST_DOWNLOAD = 100_000
"""Bytes of the largest result that is handed out as a folder."""


class SqliteSystem(System):
    """A store in a folder of its own, and a runner with two clients; it lives on the time of this machine.

    A second of the contract takes 20 ms, so the runner looks into the file every two of them. A thread that is to wake
    up at a certain moment does so within 50 ms, also when the machine is busy.
    """

    clock = RealClock()
    time_unit = 0.02
    tolerance = 0.05
    longest = 100.0
    examples = 1
    combinations = 6
    users = ("ann", "ben")
    restricted_user = "guest"
    unknown_user = "nobody"
    client_names = ("site-1", "site-2")
    isolated = True
    threads = True

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="sqlite-session-"))
        self._kept = self._folder / "kept.db"
        self._timers: list[threading.Timer] = []
        self.database = Database(self._folder / "jobs.db")
        self.database.create({"ann": "admin", "ben": "lead", "guest": "guest"}, LARGEST_DOWNLOAD)
        self.runner = Runner(self.database, self.client_names, interval=0.04)
        self.runner.start()

    def open_session(self, user: str = "ann") -> SqliteSession:
        """Log in."""
        return SqliteSession(self.database.path, user, self._folder / "downloads")

    def job_folder(self, plan: JobPlan) -> str:
        """A job that the runner works off as planned: see `job_run`."""
        plain = replace(plan, runs=None, dispatches=None, ends="COMPLETED", mark=None, oversize=False)
        if plan == plain:
            return super().job_folder(plan)
        folder = Path(tempfile.mkdtemp(dir=self._folder)) / "job"
        shutil.copytree(super().job_folder(plain), folder)
        (folder / "app" / SERVER_CONFIG).write_text(json.dumps({"workflows": _workflows(plan)}), encoding="utf-8")
        (folder / "app" / CLIENT_CONFIG).write_text(json.dumps({"components": _components(plan)}), encoding="utf-8")
        return str(folder)

    def outage(self) -> None:
        """Take the file away, as if its share were not mounted."""
        with self.database.transaction():  # not in the middle of somebody's writing
            self.database.path.rename(self._kept)

    def recover(self) -> None:
        """Put it back."""
        self._kept.replace(self.database.path)

    def misbehave(self) -> None:
        """Put a file in its place that is no database."""
        nonsense = self._folder / "nonsense"
        nonsense.write_bytes(b"no database at all\n" * 1000)
        with self.database.transaction():
            os.link(self.database.path, self._kept)
            nonsense.replace(self.database.path)

    def behave(self) -> None:
        """Put the database back."""
        self._kept.replace(self.database.path)

    def lose_sessions(self) -> None:
        """Forget who is logged in."""
        with self.database.transaction() as db:
            db.execute("DELETE FROM logins")

    def drop_client(self, name: str) -> None:
        """Let a client fall silent."""
        self.runner.disconnect(name)

    def connect_client(self, name: str) -> None:
        """Let a client be there."""
        self.runner.connect(name)

    def meanwhile(self, seconds: float, act: Callable[[], object]) -> None:
        """Act in another thread."""
        timer = threading.Timer(seconds, act)
        self._timers.append(timer)
        timer.start()

    def stored_files(self, job_id: str) -> tuple[str, ...]:
        """What is in the file for a job."""
        with self.database.transaction() as db:
            kept = [*jobs.files(db, job_id, jobs.DEFINITION), *jobs.files(db, job_id, jobs.RESULT)]
            rows = [row["job_id"] for row in jobs.every(db) if row["job_id"] == job_id]
        return (*rows, *kept)

    def close(self) -> None:
        """Stop the runner and remove the folder."""
        for timer in self._timers:
            timer.cancel()
        self.runner.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def _workflows(plan: JobPlan) -> list[dict[str, Any]]:
    """What the server is to do."""
    found: list[dict[str, Any]] = []
    if plan.mark is not None:
        found.append({"name": "write", "args": {"file": "mark.txt", "text": plan.mark}})
    if plan.oversize:
        found.append({"name": "write", "args": {"file": "large.bin", "bytes": LARGEST_DOWNLOAD}})
    if plan.runs is not None:
        found.append({"name": "wait", "args": {"seconds": plan.runs}})
    if plan.ends == "EXECUTION_EXCEPTION":
        found.append({"name": "fail", "args": {"reason": "it was planned"}})
    if plan.ends == "ABNORMAL":
        found.append({"name": "exit"})
    return found


def _components(plan: JobPlan) -> list[dict[str, Any]]:
    """What the clients are to set up."""
    if plan.ends == "FAILED_TO_RUN":
        return [{"name": "nothing that anybody knows"}]
    return [] if plan.dispatches is None else [{"name": "data", "args": {"seconds": plan.dispatches}}]
