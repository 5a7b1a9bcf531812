"""Jobs in the file. A job moves from one status to the next by a compare and set, so no two can move it at once."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from typing import Any

from job_definition import JobDefinition

from flare_sim.spec import JobNotFound

SUBMITTED, DISPATCHED, RUNNING = "SUBMITTED", "DISPATCHED", "RUNNING"
COMPLETED, ABORTED, ABANDONED = "FINISHED:COMPLETED", "FINISHED:ABORTED", "FINISHED:ABANDONED"
FAILED, ABNORMAL = "FINISHED:EXECUTION_EXCEPTION", "FINISHED:ABNORMAL"
NOT_DEPLOYED = "FINISHED:FAILED_TO_RUN"
DEFINITION, RESULT = "definition", "result"
UNDONE = (SUBMITTED, DISPATCHED, RUNNING)

_IN_THE_LIST = ("job_id", "name", "status", "submitter_name", "submit_time")
_OF_THE_DEFINITION = ("deploy_map", "resource_spec", "min_clients", "mandatory_clients")


def add(db: sqlite3.Connection, definition: JobDefinition, user: str) -> str:
    """Store a new job and return its id."""
    job_id = str(uuid.uuid4())
    db.execute(
        "INSERT INTO jobs (job_id, status, submitter, submitted, meta) VALUES (?, ?, ?, ?, ?)",
        (job_id, SUBMITTED, user, time.time(), json.dumps(definition.meta)),
    )
    for path, content in definition.files.items():
        store(db, job_id, DEFINITION, path, content)
    return job_id


def find(db: sqlite3.Connection, job_id: object) -> sqlite3.Row:
    """The row of a job.

    Raises:
        JobNotFound: there is none.
    """
    try:
        if isinstance(job_id, str):
            for row in db.execute("SELECT * FROM jobs WHERE job_id = ?", (job_id,)):
                found: sqlite3.Row = row
                return found
    except UnicodeEncodeError:  # half a character: no id is like that
        pass
    raise JobNotFound(f"no such job: {str(job_id)[:100]!r}")


def every(db: sqlite3.Connection, *statuses: str) -> list[sqlite3.Row]:
    """The rows of all jobs, or of those of some statuses, in the order they came."""
    some = "WHERE status IN (SELECT value FROM json_each(?))" if statuses else ""
    given = (json.dumps(statuses),) if statuses else ()
    return db.execute(f"SELECT * FROM jobs {some} ORDER BY number", given).fetchall()


def meta(row: sqlite3.Row) -> dict[str, Any]:
    """What is told of a job."""
    definition = json.loads(row["meta"])
    return {
        "job_id": row["job_id"],
        "name": definition["name"],
        "status": row["status"],
        "submitter_name": row["submitter"],
        "submit_time": row["submitted"],
        "start_time": row["started"],
        "end_time": row["ended"],
        **{key: definition[key] for key in _OF_THE_DEFINITION},
    }


def entry(row: sqlite3.Row, detailed: bool) -> dict[str, Any]:
    """What a list tells of a job."""
    told = meta(row)
    return told if detailed else {key: told[key] for key in _IN_THE_LIST}


def definition(db: sqlite3.Connection, row: sqlite3.Row) -> JobDefinition:
    """What a job was submitted as."""
    return JobDefinition(json.loads(row["meta"]), files(db, row["job_id"], DEFINITION))


def move(db: sqlite3.Connection, job_id: str, status: str, *before: str) -> bool:
    """Give a job another status, if it still has one of those it may have had before; returns whether it had."""
    done = db.execute(
        f"""UPDATE jobs SET status = ?1,
            started = CASE WHEN ?1 = '{RUNNING}' THEN ?2 ELSE started END,
            ended = CASE WHEN ?1 LIKE 'FINISHED:%' THEN ?2 ELSE ended END
            WHERE job_id = ?3 AND status IN (SELECT value FROM json_each(?4))""",
        (status, time.time(), job_id, json.dumps(before)),
    )
    return done.rowcount == 1


def remove(db: sqlite3.Connection, job_id: str) -> None:
    """Forget a job and its files; who runs it learns of it when it is to move."""
    db.execute("DELETE FROM files WHERE job_id = ?", (job_id,))
    db.execute("DELETE FROM jobs WHERE job_id = ?", (job_id,))


def store(db: sqlite3.Connection, job_id: str, kind: str, path: str, content: bytes) -> None:
    """Keep a file of a job."""
    db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (job_id, kind, path, content))


def files(db: sqlite3.Connection, job_id: str, kind: str) -> dict[str, bytes]:
    """The files of a job."""
    rows = db.execute("SELECT path, content FROM files WHERE job_id = ? AND kind = ?", (job_id, kind))
    return {row["path"]: row["content"] for row in rows}


def size(db: sqlite3.Connection, job_id: str, kind: str) -> int:
    """How many bytes the files of a job have."""
    query = "SELECT coalesce(sum(length(content)), 0) FROM files WHERE job_id = ? AND kind = ?"
    found: int = db.execute(query, (job_id, kind)).fetchone()[0]
    return found
