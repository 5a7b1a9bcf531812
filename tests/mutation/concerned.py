"""A plug-in of pytest that mutmut notes with which tests call what: which of them are tried on a function's mutants.

That is what a few seconds are enough for, those first that mirror the function's module; and they are tried whether
noted or not, as what runs in a process of its own, or was made once for several tests, is not noted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

import pytest
from hypothesis import Phase, settings
from mutmut.state import state

SECONDS: Final = 8.0
"""So long a mutant is tried."""
TESTS: Final = 200
"""And so many tests are tried on it at most."""


def mirror_of(function: str) -> str:
    """The test file of a function's module: ``tests/flare_sim/test_clock.py`` for ``flare_sim.clock.x_to_ticks``."""
    *folders, module, _ = function.split(".")
    return str(PurePosixPath("tests", *folders, f"test_{module}.py"))


def chosen(function: str, noted: set[str], durations: Mapping[str, float]) -> set[str]:
    """Return the tests that are tried on the mutants of a function.

    Args:
        function: its name, as mutmut has it.
        noted: the tests that called it.
        durations: every test, and how many seconds it takes.
    """
    mirror = mirror_of(function)
    beside = {node for node in durations if node.partition("::")[0] == mirror}
    if not noted and not beside:
        folder = str(PurePosixPath(mirror).parent)
        beside = {node for node in durations if node.startswith(folder)}
    taken: set[str] = set()
    seconds = 0.0
    for node in sorted(noted | beside, key=lambda node: (node not in beside, durations[node], node)):
        seconds += durations[node]
        if taken and (seconds > SECONDS or len(taken) == TESTS):
            break
        taken.add(node)
    return taken


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


def pytest_sessionfinish() -> None:
    """Choose, once it is noted which test calls what."""
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        noted, durations = state().tests_by_mangled_function_name, state().duration_by_test
        for function in state().current_function_hashes:
            noted[function] = chosen(function, noted[function] & durations.keys(), durations)
