from __future__ import annotations

import pytest
from http_system import HttpSystem


@pytest.fixture(scope="session")
def flare_system_factory() -> type[HttpSystem]:
    return HttpSystem
