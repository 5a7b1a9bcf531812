"""Fixtures of the tests of the contract suite."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from contract_tests.engine.suite_run import reference_factory, run_suite
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.scenario import Scenario
from contract_tests.system import lookup, watchdog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from contract_tests.engine.report import Report


@pytest.fixture(autouse=True)
def _no_system_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a developer has in the environment changes no test."""
    monkeypatch.delenv(lookup.ENVIRONMENT, raising=False)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder that is the current one; what is imported from it is forgotten afterwards, and nothing else."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", None) or tmp_path).startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.fixture
def quick_watchdog(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for calls that do not come back waits less: what is over in time is seen more often."""
    monkeypatch.setattr(watchdog, "_WAKE", 0.05)


@pytest.fixture(scope="session")
def reference_report() -> Report:
    """What the whole suite says of the reference, by the default settings; not to be changed."""
    return run_suite(reference_factory())


@pytest.fixture
def scenario() -> Scenario:
    """A scenario on the reference system."""
    return Scenario(SimulatedSystem())
