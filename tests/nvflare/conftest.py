"""Fixtures of the tests that need NVFLARE; without it they fail, and are not on the list of tests that always run."""

from __future__ import annotations

import warnings
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import JobBehavior, SimulatedServer
from flare_sim.nvflare import connect, installed_release
from tests.flare_sim.job_samples import write_job

if TYPE_CHECKING:
    from collections.abc import Iterator


RECORDED = [path.stem.partition("-")[0] for path in (Path(__file__).parent / "recordings").glob("*.json")]
BEHAVIOR = f"test_behavior_{'_'.join(version('nvflare').split('.')[:2])}.py"
OF_RECORDED = ["test_convert.py", "test_login.py", "test_recordings.py", "test_replay.py"]
collect_ignore = [] if version("nvflare") in RECORDED else OF_RECORDED
"""What was recorded of one release says nothing about another."""
collect_ignore += [name for name in ("test_behavior_2_3.py", "test_behavior_2_9.py") if name != BEHAVIOR]
"""Nor does what live servers of it were seen to do."""


@pytest.fixture(autouse=True, scope="session")
def _nvflare_is_loaded() -> None:
    """What NVFLARE imports when it is first used (Flask, in 2.3) may warn then; it is not what the tests are about."""
    with warnings.catch_warnings(), SimulatedServer() as first:
        warnings.simplefilter("ignore")
        connect(first).close()


@pytest.fixture
def server() -> Iterator[SimulatedServer]:
    """A fresh server with two clients, whose jobs run for an hour."""
    with SimulatedServer(behavior=JobBehavior(run_seconds=3600)) as fresh:
        yield fresh


@pytest.fixture
def session(server: SimulatedServer) -> Any:
    """The administrator's session with the fresh server: NVFLARE's own."""
    return connect(server)


@pytest.fixture
def job(tmp_path: Path) -> str:
    """The path of a small job folder."""
    return write_job(tmp_path / "small")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """2.7 leaves the files of a signature open; that is its own affair, and the only warning that is let pass."""
    if installed_release().wants_signature:
        for item in items:
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"))
