"""Fixtures of the tests of served systems: one server for all tests of a module, in another process."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.flare_sim.job_samples import write_job
from tests.nvflare.serving.served import ADMIN, Served, serve

RELEASE = ".".join(version("nvflare").split(".")[:2])
LIKE = {"2.3": "nvflare-2.3", "2.9": "nvflare-2.9"}
"""Personalities by release; servers of the others are tried with the contract's."""
PERSONALITY = ("--personality", LIKE[RELEASE]) if RELEASE in LIKE else ()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A system like those of the installed release, whose jobs run for 40 of its seconds, which are one of ours."""
    with serve(tmp_path_factory.mktemp("served"), *PERSONALITY, "--speed", "40", "--run-seconds", "40") as running:
        yield running


@pytest.fixture(scope="module")
def session_of(served: Served) -> Iterator[Callable[[str], Any]]:
    """What gives a session of a user: NVFLARE's own, one for all tests of a module."""
    sessions: dict[str, Any] = {}

    def session(user: str) -> Any:
        if user not in sessions:
            sessions[user] = served.connect(user)
        return sessions[user]

    yield session
    for one in sessions.values():
        one.close()


@pytest.fixture
def session(session_of: Callable[[str], Any]) -> Any:
    """The administrator's session."""
    return session_of(ADMIN)


@pytest.fixture
def job(tmp_path: Path) -> str:
    """The path of a small job folder, which clients sign in place."""
    return write_job(tmp_path / "small")


@pytest.fixture(autouse=True)
def _nothing_is_left_for_others() -> Iterator[None]:
    """What NVFLARE's clients leave open is collected with the test that it is of."""
    yield
    gc.collect()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Clients leave the files open that they sign, and connections whose server is gone; that is their own affair."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"))
