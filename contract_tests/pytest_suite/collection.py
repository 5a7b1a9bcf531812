"""The suite as test modules: where pytest collects it when ``--flare-contract`` asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from contract_tests.pytest_suite.options import FIXTURE, options_of
from contract_tests.pytest_suite.suite import contract_suite


class SuiteModule(pytest.Module):
    """The suite as a test module below a folder of the user's, so that the fixtures of its conftest are seen."""

    def _getobj(self) -> ModuleType:
        module = ModuleType("test_flare_contract")
        module.__file__ = str(self.path)
        module.test_contract = contract_suite()  # type: ignore[attr-defined]
        return module


def suite_items(session: pytest.Session) -> Iterator[pytest.Item]:
    """The suite's tests: once below every conftest that has the fixture, else once for the named system.

    Raises:
        pytest.UsageError: a conftest has the fixture, and another source names a system, too.
    """
    options = options_of(session.config)
    folders = options.conftests()
    given = [source for source, name in options.sources().items() if name]
    if folders and given:
        raise pytest.UsageError(
            f"flare-contract: two systems are named: {given[0]} says {options.named}, and the conftest in "
            f"{folders[0]} has the fixture {FIXTURE}. Use one."
        )
    for folder in folders or [session.config.rootpath]:
        parent = options.folders.get(folder) or pytest.Dir.from_parent(session, path=folder)
        module = SuiteModule.from_parent(parent, path=folder / "test_flare_contract.py")
        yield from session.genitems(module)
