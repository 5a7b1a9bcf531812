"""The suite as test modules: where they seem to stand, and which of their tests a run is to have."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from contract_tests.pytest_suite import own_ids
from contract_tests.pytest_suite.options import FIXTURE, options_of
from contract_tests.pytest_suite.suite import MARKER, contract_suite


class SuiteModule(pytest.Module):
    """The suite as a test module below a folder of the user's, so that the fixtures of its conftest are seen."""

    def _getobj(self) -> ModuleType:
        module = ModuleType("test_flare_contract")
        module.__file__ = str(self.path)
        module.test_contract = contract_suite()  # type: ignore[attr-defined]
        return module


def suite_items(session: pytest.Session, others: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    """The suite's tests that a run is to have: below every conftest that has the fixture, else in the root folder.

    With ``--flare-contract`` they are all those that the paths lead to, without it those that ids ask for.

    Raises:
        pytest.UsageError: an id asks for what there is not; or a conftest has the fixture, and another source names a
            system, too.
    """
    config, asked = session.config, own_ids.of_run(session.config).asked
    folders = options_of(config).conftests()
    unmet = {one.given for one in asked}
    for folder in folders or [config.rootpath]:
        whole = config.getoption("flare_contract") and _led_to(session, folder)
        here = [one for one in asked if folder / own_ids.NAME in one.places]
        if (whole or here) and not _is_there(folder, others):
            _named_once(config, folders)
            module = _module(session, folder)
            found = [item for item in module.collect() if isinstance(item, pytest.Item)]
            unmet -= {one.given for one in here for item in found if one.holds(item)}
            yield from _collected(
                module, found if whole else [item for item in found if any(one.holds(item) for one in here)]
            )
    if unmet:
        where = ", ".join(str(folder / own_ids.NAME) for folder in folders or [config.rootpath])
        raise pytest.UsageError(*(f"not found: {given}\n(the suite is in {where})" for given in sorted(unmet)))


def _led_to(session: pytest.Session, folder: Path) -> bool:
    """Whether a run that is not told anything else, or is told a path that leads to a folder, has the suite there."""
    config, hooks = session.config, session.gethookproxy(folder)
    if hooks.pytest_ignore_collect(collection_path=folder / own_ids.NAME, config=config):
        return False
    if config.args_source is not config.ArgsSource.ARGS:
        return True
    named = [glob.glob(str(config.rootpath / pattern), recursive=True) for pattern in config.getini("testpaths")]
    all_there_is = [Path(path) for paths in named for path in paths]
    return _given(session, folder) or (bool(all_there_is) and all(_given(session, path) for path in all_there_is))


def _given(session: pytest.Session, path: Path) -> bool:
    """Whether a run is given this path, or a folder that it is below."""
    return any(session.isinitpath(place) for place in (path, *path.parents))


def _is_there(folder: Path, others: Sequence[pytest.Item]) -> bool:
    """Whether a file of the user's has the suite, with the very ids that it would have here.

    Raises:
        pytest.UsageError: there is such a file, and it does not have the suite.
    """
    path = folder / own_ids.NAME
    if not path.exists():
        return False
    if any(item.path == path and item.get_closest_marker(MARKER) for item in others):
        return True
    raise pytest.UsageError(
        f"flare-contract: {path} has the name that the suite's tests have with --flare-contract. Rename it, or have "
        "the suite in it: test_contract = contract_suite()"
    )


def _named_once(config: pytest.Config, folders: list[Path]) -> None:
    options = options_of(config)
    given = [source for source, name in options.sources().items() if name]
    if folders and given:
        raise pytest.UsageError(
            f"flare-contract: two systems are named: {given[0]} says {options.named}, and the conftest in "
            f"{folders[0]} has the fixture {FIXTURE}. Use one."
        )


def _module(session: pytest.Session, folder: Path) -> SuiteModule:
    """The suite's module in a folder; it has the path of a file that is there, as others look at that."""
    parent = options_of(session.config).folders.get(folder) or pytest.Dir.from_parent(session, path=folder)
    module: SuiteModule = SuiteModule.from_parent(parent, path=folder / own_ids.NAME)
    conftest = folder / "conftest.py"
    module.path = conftest if conftest.is_file() else Path(__file__)
    return module


def _collected(module: SuiteModule, items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Tests, when others have been told of them as of those that pytest collects.

    Pytest itself is not asked to, as ``--lf`` lets it collect nothing in files that are not there.
    """
    module.ihook.pytest_collectreport(report=pytest.CollectReport(module.nodeid, "passed", None, list(items)))
    for item in items:
        item.ihook.pytest_itemcollected(item=item)
        yield item
