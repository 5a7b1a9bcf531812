"""A simulated system in another process, for tests of what uses NVFLARE's own clients there; needs NVFLARE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from contract_tests.pytest_suite.server_fixtures import MARKER, scenario_of, told_by_marker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["flare_served", "flare_served_options", "flare_served_session"]

_TOLD: Final = ("scenario", "seed", "clients", "personality", "quirks", "progress")
"""What the marker may say of a system in another process."""


@pytest.fixture(scope="session")
def flare_served_options() -> Sequence[str]:
    """Options of ``flare-sim serve`` with which ``flare_served`` is served.  Override it to choose.

    Such as ``["--speed", "60"]``; time stands still unless it is moved by ``flare_served.control``.
    """
    return ("--speed", "0")


@pytest.fixture(scope="session")
def flare_served_session(flare_served_options: Sequence[str]) -> Iterator[Any]:
    """The process behind ``flare_served``, one for all tests of a session; tests ask for ``flare_served``."""
    from flare_sim.control import served

    with served(*flare_served_options) as system:
        yield system


@pytest.fixture
def flare_served(request: pytest.FixtureRequest, flare_served_session: Any) -> Any:
    """A simulated system that NVFLARE's clients reach from any process, a fresh one for every test.

    It has ``kits``, the startup kits by user name, ``host`` and ``port``, and ``control``, which is a
    ``flare_sim.control.Control``.  ``@pytest.mark.flare(scenario="night.toml", clients=5)`` says what it is like.
    """
    said = told_by_marker(request.node, {})
    for name in said:
        if name not in _TOLD:
            raise pytest.UsageError(f"flare_served can't be told {name!r} by the marker {MARKER}: {', '.join(_TOLD)}")
    if "scenario" in said:
        said["scenario"] = scenario_of(request.node, said["scenario"]).as_mapping()
    flare_served_session.control.reset(**said)
    return flare_served_session
