"""Fixtures of the tests of the plugin."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import pytest

import contract_tests
import flare_sim
from contract_tests.clauses.checks import check_called
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import RunSettings
from contract_tests.reference import SimulatedSystem
from tests.contract_tests.pytest_suite.inner_runs import Project

ELSEWHERE = (
    *("flare_sim.nvflare", "flare_sim.serving", "contract_tests.nvflare_systems"),
    "contract_tests.distribution.dask",
)
"""What needs more than a checkout has, and no inner run."""


@pytest.fixture(scope="session", autouse=True)
def _loaded() -> None:
    """All of ours is loaded, and what it draws with: pytest forgets the modules that an inner run loads.

    Whoever got something of them keeps it, and the next to load them gets another of the same name.
    """
    for package in (flare_sim, contract_tests):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(ELSEWHERE) and not module.name.endswith("__main__"):
                import_module(module.name)
    for check in ("submit.returns-id", "life.model"):
        run_check(check_called(check), SimulatedSystem, RunSettings(2))


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project."""
    return Project(pytester, monkeypatch)
