"""The runner: looks into the file again and again, dispatches jobs that can run, and stops those that shall not.

All it knows of sessions is what they write into the file; they may be in another process.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable
from contextlib import suppress

import jobs
from database import Database
from job_definition import EVERYWHERE, SERVER, sites_of
from job_run import JobRun

from flare_sim.spec import InternalError, NoConnection


class Runner:
    """Runs the jobs of a file, on the time of this machine.

    Args:
        database: the file.
        clients: the names of the sites whose part this runner plays.
        interval: seconds between two looks.
        silence: seconds after which a client that was not heard of is taken for gone.
    """

    def __init__(self, database: Database, clients: Iterable[str], interval: float = 0.05, silence: float = 60) -> None:
        self._database = database
        self._clients = set(clients)
        self._interval = interval
        self._silence = silence
        self._runs: dict[str, JobRun] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._go, name="runner", daemon=True)

    def start(self) -> None:
        """Begin; jobs that an earlier runner left in the middle are given up."""
        with self._database.transaction() as db:
            db.execute("UPDATE server SET started = ?, status = 'started'", (time.time(),))
            for row in jobs.every(db, jobs.DISPATCHED, jobs.RUNNING):
                jobs.move(db, row["job_id"], jobs.ABANDONED, row["status"])
            self._hear(db)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and with it every run; their jobs stay as they are."""
        self._stopping.set()
        self._thread.join()
        for run in self._runs.values():
            run.stop()
        for run in self._runs.values():
            run.join()
        with suppress(NoConnection, InternalError), self._database.transaction() as db:
            db.execute("UPDATE server SET status = 'stopped'")

    def connect(self, client: str) -> None:
        """Let a client be there from now on."""
        with self._database.transaction() as db:
            self._clients.add(client)
            self._hear(db)

    def disconnect(self, client: str) -> None:
        """Let a client fall silent."""
        with self._database.transaction():  # not while it is being heard of
            self._clients.discard(client)

    def _go(self) -> None:
        while not self._stopping.wait(self._interval):
            with suppress(NoConnection, InternalError):  # the next look may find the file again
                self._look()

    def _look(self) -> None:
        with self._database.transaction() as db:
            self._hear(db)
            ready = [row["job_id"] for row in jobs.every(db, jobs.SUBMITTED) if self._can_run(row)]
            for job_id in ready:
                jobs.move(db, job_id, jobs.DISPATCHED, jobs.SUBMITTED)
            executed = {row["job_id"] for row in jobs.every(db, jobs.DISPATCHED, jobs.RUNNING)}
        for job_id in self._runs.keys() - executed:
            self._runs.pop(job_id).stop()
        for job_id in ready:
            self._runs[job_id] = JobRun(self._database, job_id, self._interval)
            self._runs[job_id].start()

    def _hear(self, db: sqlite3.Connection) -> None:
        """Note that the clients are there, and forget those that were not for long."""
        now = time.time()
        db.executemany("INSERT OR REPLACE INTO clients VALUES (?, ?)", [(name, now) for name in sorted(self._clients)])
        db.execute("DELETE FROM clients WHERE last_connect_time < ?", (now - self._silence,))

    def _can_run(self, row: sqlite3.Row) -> bool:
        """Whether so many clients are there as a job asks for, and those that it can't do without."""
        definition = json.loads(row["meta"])
        named = sites_of(definition["deploy_map"]) - {SERVER}
        there = self._clients if EVERYWHERE in named else self._clients & named
        return len(there) >= definition["min_clients"] and set(definition["mandatory_clients"]) <= there
