"""Tells the suite which system to judge."""

from __future__ import annotations

import pytest
from http_system import HttpSystem


@pytest.fixture(scope="session")
def flare_system_factory() -> type[HttpSystem]:
    """The HTTP session and the world around it."""
    return HttpSystem
