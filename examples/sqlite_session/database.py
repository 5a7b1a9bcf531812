"""The file: its tables, and transactions on it. Whoever can open the file can take part; nobody keeps it open."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from flare_sim.spec import InternalError, NoConnection

_TABLES = """
CREATE TABLE IF NOT EXISTS server (started REAL, status TEXT, largest_download INTEGER);
CREATE TABLE IF NOT EXISTS users (name TEXT PRIMARY KEY, role TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS logins (token TEXT PRIMARY KEY, user TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS clients (name TEXT PRIMARY KEY, last_connect_time REAL NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, job_id TEXT UNIQUE NOT NULL, status TEXT NOT NULL,
    submitter TEXT NOT NULL, submitted REAL NOT NULL, started REAL, ended REAL, meta TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS files (
    job_id TEXT NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (job_id, kind, path)
);
"""


class Database:
    """A file with a job store in it.

    Args:
        path: where the file is.
        patience: seconds to wait while somebody else writes.
    """

    def __init__(self, path: Path, patience: float = 5.0) -> None:
        self.path = path.absolute()
        self._patience = patience

    def create(self, users: Mapping[str, str], largest_download: int) -> None:
        """Make the file, unless it is there, and tell it who may do what (see `rights`)."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch()
        with self.transaction() as db:
            for table in _TABLES.split(";"):
                db.execute(table)
            db.execute("INSERT INTO server SELECT NULL, 'stopped', NULL WHERE NOT EXISTS (SELECT * FROM server)")
            db.execute("UPDATE server SET largest_download = ?", (largest_download,))
            db.executemany("INSERT OR REPLACE INTO users VALUES (?, ?)", users.items())

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Read and write, all of it or nothing.

        Raises:
            NoConnection: the file can't be opened, or somebody else keeps it to himself.
            InternalError: it is no database.
        """
        try:
            with closing(self._opened()) as db:
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")  # what does not get here is rolled back
        except sqlite3.OperationalError as error:
            raise NoConnection(f"{self.path} can't be used now: {error}") from error
        except sqlite3.DatabaseError as error:
            raise InternalError(f"{self.path} makes no sense: {error}") from error

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(f"{self.path.as_uri()}?mode=rw", self._patience, isolation_level=None, uri=True)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA synchronous = OFF")  # a power cut may cost the last jobs; a crash of a program does not
        return db
