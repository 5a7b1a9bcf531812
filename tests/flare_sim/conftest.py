"""Fixtures every test of the simulator may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flare_sim import SimulatedServer
from tests.flare_sim.job_samples import write_job

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flare_sim import Session


@pytest.fixture
def server() -> Iterator[SimulatedServer]:
    """A fresh server with two clients."""
    with SimulatedServer() as fresh:
        yield fresh


@pytest.fixture
def session(server: SimulatedServer) -> Session:
    """The administrator's session with the fresh server."""
    return server.connect("admin@nvidia.com")


@pytest.fixture
def job(tmp_path: Path) -> str:
    """The path of a small job folder."""
    return write_job(tmp_path / "small")
