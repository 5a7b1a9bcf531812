"""Makes a server, in a scenario or in none; what scenarios take is loaded only for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.server import SimulatedServer

if TYPE_CHECKING:
    from os import PathLike

    from flare_sim.scenarios.scenario import Scenario

__all__ = ["make_server"]


def make_server(scenario: Scenario | str | PathLike[str] | None = None, **options: Any) -> SimulatedServer:
    """Return a fresh server; see ``Scenario.of``, ``Scenario.server`` and ``SimulatedServer``.

    Raises:
        ValueError: there is no such scenario, or an option makes no sense.
        InternalError: the state file cannot be written.
    """
    if scenario is None:
        return SimulatedServer(**options)
    from flare_sim.scenarios.scenario import Scenario

    return Scenario.of(scenario).server(**options)
