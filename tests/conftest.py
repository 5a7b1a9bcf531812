"""What holds for all tests: none is decided by how long an example takes, and what takes long is begun first."""

from __future__ import annotations

import gc
import os
import signal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "flare-sim",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("flare-sim")


def pytest_configure() -> None:
    """Heed Ctrl-C as from a terminal: a shell has what it begins in the background ignore it, and all that begins."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what asks for a run of the whole suite as slow."""
    if "reference_report" in _fixtures(item):
        item.add_marker("slow")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; at the end nothing would be left to be done beside it."""
    items.sort(key=lambda item: item.path.name != "test_kill_matrix.py" and "reference_report" not in _fixtures(item))


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make alone: what was loaded until now stays."""
    gc.collect()
    gc.freeze()


def _fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share out the tests so that what is dear is made once, unless somebody asks xdist for a way of its own."""
    if config.getoption("dist") != "load":
        return None
    from tests.sharing import Sharing, shares

    config.option.loadscopereorder = False
    return Sharing(shares(config.rootpath), config, log)
