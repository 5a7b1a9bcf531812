"""What the tests of what lives on a clock share."""

from __future__ import annotations

import pytest

from flare_sim import VirtualClock


@pytest.fixture
def clock() -> VirtualClock:
    """A clock at 0."""
    return VirtualClock(start=0)
