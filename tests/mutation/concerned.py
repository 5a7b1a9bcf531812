"""A plug-in of pytest that mutmut notes with which tests call what: those are tried on the mutants of a function.

So are all that mirror its module, whether noted or not: what runs in a process of its own, or was made once for several
tests, is not noted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

import pytest
from hypothesis import Phase, settings
from mutmut.state import state

from tests.mutation.mirrors import mirror_of

PACKAGES: Final = ("contract_tests", "flare_sim")
_SEEN: Final[set[str]] = set()


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """A mutant is killed by the first example that fails; nobody reads a smaller one."""
    settings.register_profile("mutation", phases=(Phase.explicit, Phase.generate))
    settings.load_profile("mutation")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Leave out what rests on a whole run; and when mutmut tries the tests without a mutant, all but a few."""
    yield
    items[:] = [item for item in items if "reference_report" not in getattr(item, "fixturenames", ())]
    if os.environ.get("MUTANT_UNDER_TEST") == "":
        del items[20:]  # that all tests pass was seen when they were noted


def pytest_runtest_setup() -> None:
    """Let nobody see the mutants: they are functions of their class, and some tests look at all that a class has.

    mutmut finds them elsewhere, save those that are methods of the class itself.
    """
    for module in [one for name, one in list(sys.modules.items()) if name.startswith(PACKAGES) and name not in _SEEN]:
        _SEEN.add(module.__name__)
        for kind in [one for one in list(vars(module).values()) if isinstance(one, type)]:
            for name, member in list(vars(kind).items()):
                if "__mutmut_" in name and not isinstance(member, classmethod):
                    delattr(kind, name)


def pytest_sessionfinish() -> None:
    """Add what mirrors a module, once it is noted which test calls what; and its folder, where nobody seems to.

    A function may be new, and only what tests call that are new as well is noted when mutants are made again.
    """
    if os.environ.get("MUTANT_UNDER_TEST") != "stats":
        return
    noted, nodes = state().tests_by_mangled_function_name, state().duration_by_test.keys()
    for function in state().current_function_hashes:
        mirror = mirror_of(function)
        beside = {node for node in nodes if node.partition("::")[0] == mirror}
        if not noted[function]:
            noted[function] |= {node for node in nodes if node.startswith(str(PurePosixPath(mirror).parent))}
        noted[function] |= beside
