"""How deep to explore: ``pytest tests/exploration --depth 4``."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The length of the longest sequences of calls."""
    parser.addoption("--depth", type=int, default=6, metavar="N", help="Calls in the longest sequences; 6 takes long.")


@pytest.fixture
def depth(request: pytest.FixtureRequest) -> int:
    """How many calls the longest sequences have."""
    given: int = request.config.getoption("--depth")
    return given
