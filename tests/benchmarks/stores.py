"""Servers that hold many jobs, as benchmarks need them."""

from __future__ import annotations

import gc
import json
import tracemalloc
from typing import TYPE_CHECKING

from flare_sim import JobDefinition, ServerConfig, SimulatedServer

if TYPE_CHECKING:
    from flare_sim import Session

__all__ = ["DEFINITION", "INSTANT", "lived", "some_ids", "waiting", "weighed"]

DEFINITION = JobDefinition.from_files(
    {
        "meta.json": json.dumps({"name": "small", "min_clients": 1, "deploy_map": {"app": ["@ALL"]}}),
        "app/config/config_fed_server.json": "{}",
        "app/config/config_fed_client.json": "{}",
    }
)
INSTANT = ServerConfig(max_jobs=1, deploy_seconds=0, start_seconds=0, run_seconds=0)
"""One job at a time, that takes no time."""


def waiting(jobs: int, clients: int = 2) -> tuple[SimulatedServer, Session]:
    """A server with so many jobs, of which none is scheduled until ``faults.release``, and a session with it."""
    server = SimulatedServer(clients=clients, config=INSTANT)
    session = server.connect()
    server.faults.hold()
    for _ in range(jobs):
        session.submit_definition(DEFINITION)
    return server, session


def lived(jobs: int, config: ServerConfig = INSTANT) -> SimulatedServer:
    """A server on which so many jobs were submitted and ran, one after the other or a few at a time."""
    server = SimulatedServer(config=config)
    session = server.connect()
    for _ in range(jobs):
        session.submit_definition(DEFINITION)
    server.run_until_idle()
    return server


def weighed(jobs: int, config: ServerConfig = INSTANT) -> tuple[SimulatedServer, float]:
    """The same, with the bytes that each of its jobs takes, its part of the trace included."""
    lived(10, config)
    gc.collect()
    tracemalloc.start()
    try:
        server = lived(jobs, config)
        gc.collect()
        return server, tracemalloc.get_traced_memory()[0] / jobs
    finally:
        tracemalloc.stop()


def some_ids(session: Session, number: int) -> list[str]:
    """The ids of so many jobs that wait, or of all, spread over the whole store."""
    jobs = [job["job_id"] for job in session.list_jobs() if job["status"] == "SUBMITTED"]
    return jobs[:: max(1, len(jobs) // number)][:number]
