"""Tells the suite which system to judge."""

from __future__ import annotations

import pytest
from sqlite_system import SqliteSystem


@pytest.fixture(scope="session")
def flare_system_factory() -> type[SqliteSystem]:
    """The session on a file, and the runner beside it."""
    return SqliteSystem
