"""A server with one quirk or without it, and what the tests of quirks do with it."""

from __future__ import annotations

from typing import Any

import pytest

from flare_sim import Command, Reply, Session, SimulatedServer
from tests.flare_sim.job_samples import definition

__all__ = ["a_server", "ask", "both", "in_state", "status_of"]

both = pytest.mark.parametrize("on", [True, False], ids=["on", "off"])


def a_server(quirk: str, *, on: bool, **options: Any) -> SimulatedServer:
    """A server with one quirk, or with none."""
    return SimulatedServer(quirks=(quirk,) if on else (), **options)


def ask(server: SimulatedServer, line: str) -> Reply:
    """Send a command line as the administrator."""
    return server.request(server.login("admin@nvidia.com"), Command.parse(line))


def in_state(server: SimulatedServer, session: Session, status: str, **changes: Any) -> str:
    """A job that has just come to a status."""
    job_id = session.submit_definition(definition(**changes))
    while session.get_job_meta(job_id)["status"] != status:
        server.advance(0.05)
    return job_id


def status_of(session: Session, job_id: str) -> str:
    """The status of a job."""
    status: str = session.get_job_meta(job_id)["status"]
    return status
