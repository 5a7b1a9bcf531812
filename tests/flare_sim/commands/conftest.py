"""Fixtures of the tests of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from flare_sim import Session, SimulatedServer


@pytest.fixture
def jobs(server: SimulatedServer, session: Session) -> list[str]:
    """Five jobs: three of the administrator's and two of the lead's."""
    lead = server.connect("lead@nvidia.com")
    return [
        (lead if number % 2 else session).submit_definition(definition(name=f"Job-{number}")) for number in range(5)
    ]
