"""Fixtures of the tests of the plugin."""

from __future__ import annotations

import pytest

from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.scenario import Scenario
from tests.contract_tests.pytest_suite.inner_runs import Project


@pytest.fixture(scope="session", autouse=True)
def _loaded() -> None:
    """What is loaded with the first job is loaded: pytest forgets modules that an inner run loads, others don't."""
    scenario = Scenario(SimulatedSystem())
    scenario.job("completed", scenario.open())


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project."""
    return Project(pytester, monkeypatch)
