"""The ids of the suite's tests, as arguments of pytest: the file in them is not there, so pytest can't look it up.

Pytest is given the conftest beside it instead, so that it collects what stands above the suite.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, NamedTuple

import pytest

NAME: Final = "test_flare_contract.py"
"""The file that the suite's tests seem to stand in, beside the conftest that names the system."""

_KEY: Final = pytest.StashKey["OwnIds"]()


class Asked(NamedTuple):
    """An argument that asks for tests of the suite.

    Attributes:
        given: the argument.
        places: what its file may be: as seen from the current folder, from the root folder, and as printed.
        test: the name of the test, empty for all.
    """

    given: str
    places: tuple[Path, ...]
    test: str

    def holds(self, item: pytest.Item) -> bool:
        """Whether it asks for a test; one without parameters asks for all that have them."""
        return self.test in ("", item.name, item.name.partition("[")[0])


def asked_by(argument: str, config: pytest.Config) -> Asked | None:
    """What an argument asks for of the suite; None for one that pytest itself makes sense of, or nobody."""
    path, _, test = argument.partition("::")
    if Path(path).name != NAME or "[" in path:
        return None
    here, root = config.invocation_params.dir, config.rootpath
    places = [Path(os.path.abspath(folder / path)) for folder in (here, root)]
    if root not in (here, *here.parents):  # what stands here is printed as if it stood in the root folder
        places += [here / place.relative_to(root) for place in places if root in place.parents]
    there = tuple(place for place in dict.fromkeys(places) if place.parent.is_dir())
    return Asked(argument, there, test) if there and not there[0].exists() else None


def of_run(config: pytest.Config) -> OwnIds:
    """What a run is asked for by ids of the suite; its arguments are then others that pytest makes sense of."""
    if _KEY not in config.stash:
        config.stash[_KEY] = OwnIds(config)
    return config.stash[_KEY]


class OwnIds:
    """The ids of the suite among the arguments of a run.

    Attributes:
        asked: what they ask for.
    """

    def __init__(self, config: pytest.Config) -> None:
        arguments, self.asked, self._conftests = _without_own(config.args, config)
        if self.asked:
            config.args = arguments
            config.pluginmanager.register(self, "flare-contract-own-ids")

    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
        """Collect no tests in a conftest that was given to pytest in place of the suite."""
        return _Conftest.from_parent(parent, path=module_path) if module_path in self._conftests else None


class _Conftest(pytest.Module):
    """A conftest that has been loaded where it is collected; it has no tests."""

    def collect(self) -> list[pytest.Item | pytest.Collector]:
        return []


def with_conftests(arguments: list[str], config: pytest.Config) -> list[str]:
    """The arguments, with those that ask for the suite replaced by the conftests beside it."""
    return _without_own(arguments, config)[0]


def _without_own(arguments: list[str], config: pytest.Config) -> tuple[list[str], list[Asked], set[Path]]:
    """The arguments as pytest takes them, what the others ask for, and the conftests that it is given instead."""
    found = [(argument, asked_by(argument, config)) for argument in arguments]
    asked = [one for _, one in found if one]
    others = [argument for argument, one in found if not one]
    beside = {place.with_name("conftest.py"): None for one in asked for place in one.places}
    conftests = [path for path in beside if path.is_file()]
    return [*others, *map(str, conftests)], asked, set(conftests)
