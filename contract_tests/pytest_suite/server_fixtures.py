"""A simulated server for tests of applications, without NVFLARE; nothing of it is loaded until a test asks for it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = [
    "MARKER",
    "SCOPES",
    "SCOPE_OPTION",
    "checked_scope",
    "flare_server",
    "flare_server_options",
    "flare_session",
    "make_flare_job",
    "refuse_ignored_marks",
    "scenario_of",
    "told_by_marker",
    "what_happened",
]

MARKER: Final = "flare"
SCOPE_OPTION: Final = "flare_server_scope"
SCOPES: Final = ("session", "package", "module", "class", "function")
"""How long a server lives, the longest first."""
_OF_SESSION: Final = ("user", "download_dir")
"""What is told of the session, not of the server."""
_MOST_TOLD: Final = 100
"""So many lines of what happened are told of a test that failed, the last ones."""


def _scope(fixture_name: str, config: pytest.Config) -> Any:
    return config.getini(SCOPE_OPTION)


def checked_scope(config: pytest.Config) -> str:
    """Return how long a server lives.

    Raises:
        UsageError: the setting names no scope.
    """
    scope: str = config.getini(SCOPE_OPTION)
    if scope not in SCOPES:
        raise pytest.UsageError(f"{SCOPE_OPTION} must be one of {', '.join(SCOPES)}, not {scope!r}")
    return scope


@pytest.fixture(scope=_scope)
def flare_server_options() -> dict[str, Any]:
    """What ``flare_server`` is made with, where the marker ``flare`` says nothing else.  Override it to choose.

    The arguments of ``flare_sim.SimulatedServer``; ``scenario``, the situation it is in: a ``flare_sim.Scenario``, one
    of its gallery, or a file, beside the test or as seen from the current folder; ``time_in``, modules whose time goes
    by the server's clock; and for ``flare_session`` ``user`` and ``download_dir``.
    """
    return {}


@pytest.fixture(scope=_scope)
def flare_server(request: pytest.FixtureRequest, flare_server_options: dict[str, Any]) -> Iterator[Any]:
    """A fresh simulated server; ``@pytest.mark.flare(clients=5)`` says what it is made with."""
    from flare_sim import time_in

    options = told_by_marker(request.node, flare_server_options)
    modules = options.pop("time_in", ())
    made_with = {name: value for name, value in options.items() if name not in _OF_SESSION}
    with _server(request.node, **made_with) as server, time_in(server.clock, *_listed(modules)):
        if mutant := getattr(request, "param", None):
            from contract_tests.pytest_suite.broken_servers import breaks

            breaks(server, mutant)
        yield server


def _server(node: Any, scenario: Any = None, **options: Any) -> Any:
    """Return a fresh server, in a scenario if one is told."""
    from flare_sim import SimulatedServer

    return SimulatedServer(**options) if scenario is None else scenario_of(node, scenario).server(**options)


def scenario_of(node: Any, given: Any) -> Any:
    """Return the scenario that a test names: a file may be named as seen from it."""
    from flare_sim import Scenario

    if isinstance(given, (str, os.PathLike)):
        beside = os.path.join(os.path.dirname(node.path), given)
        given = beside if os.path.isfile(beside) else given
    return Scenario.of(given)


@pytest.fixture(scope=_scope)
def flare_session(request: pytest.FixtureRequest, flare_server: Any, flare_server_options: dict[str, Any]) -> Any:
    """A session with ``flare_server``; ``@pytest.mark.flare(user="lead@nvidia.com")`` says whose."""
    options = told_by_marker(request.node, flare_server_options)
    with flare_server.connect(**{name: options[name] for name in _OF_SESSION if name in options}) as session:
        yield session


@pytest.fixture
def make_flare_job(tmp_path: Path) -> Callable[..., str]:
    """Writes job folders below ``tmp_path``: ``make_flare_job("hello", min_clients=2)`` returns the path of one.

    What else is said is said to ``flare_sim.make_job``, such as ``name=`` for a job that is not called as its folder.
    """
    from flare_sim import make_job

    def make(folder: str = "job", /, **options: Any) -> str:
        return make_job(tmp_path / folder, **options)

    return make


def told_by_marker(node: pytest.Item | pytest.Collector, options: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of a test, or of what is around it: by the marker, the closest counts, else as options."""
    said: dict[str, Any] = {}
    for mark in node.iter_markers(MARKER):
        if mark.args:
            raise pytest.UsageError(f"pytest.mark.{MARKER} takes options by their names, such as clients=5")
        said = {**mark.kwargs, **said}
    return {**options, **said}


def _listed(modules: Any) -> list[Any]:
    return list(modules) if isinstance(modules, (list, tuple, set)) else [modules]


def refuse_ignored_marks(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse the marker where ``flare_server`` lives longer than what it is said of.

    Raises:
        UsageError: it would be ignored there.
    """
    scope = checked_scope(config)
    if scope == "function":
        return
    kinds = (pytest.Function, pytest.Class, pytest.Module, pytest.Package)
    shorter = kinds[: len(SCOPES) - 1 - SCOPES.index(scope)]
    for item in items:
        for node in item.listchain():
            if isinstance(node, shorter) and any(mark.name == MARKER for mark in node.own_markers):
                told = f"flare_server lives as long as the {scope} ({SCOPE_OPTION}), so that"
                raise pytest.UsageError(f"{node.nodeid}: {told} pytest.mark.{MARKER} can't be said here")


def what_happened(item: pytest.Item) -> str:
    """Return what happened at the server of a test, ``""`` where it has none."""
    given = getattr(item, "funcargs", {})
    server = given.get("flare_server", given.get("flare_offline"))
    if server is None or not hasattr(server, "story"):
        return ""
    try:
        story = server.story()
        stuck = [str(job) for job in server.jobs if job.reason]
        asked = ", ".join(f"{count} {command}" for command, count in server.requests.counts.items())
    except Exception as problem:  # whatever is wrong with the server, the test's own failure is what counts
        return f"what happened can't be told: {problem!r}"
    left_out = len(story) - _MOST_TOLD
    first = [f"({left_out} lines before)"] if left_out > 0 else []
    return "\n".join([*first, *story[-_MOST_TOLD:], *stuck, f"requests: {asked or 'none'}"])
