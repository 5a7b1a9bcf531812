"""Fixtures of the tests of the plugin."""

from __future__ import annotations

import pytest

from tests.contract_tests.pytest_suite.inner_runs import Project


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project."""
    return Project(pytester, monkeypatch)
