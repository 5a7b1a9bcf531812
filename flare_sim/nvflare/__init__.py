"""NVFLARE's own client code in front of a simulated server; needs NVFLARE (``pip install "flare-sim[nvflare]"``).

>>> from flare_sim import SimulatedServer
>>> from flare_sim.nvflare import connect
>>> session = connect(SimulatedServer(), "admin@nvidia.com")  # doctest: +SKIP
>>> session.list_jobs()  # doctest: +SKIP
[]

``connect`` gives a session of NVFLARE's ``Session`` class, or of a subclass of it, of the release that is installed.
Its parsing, its checks, its error mapping and its polling are NVFLARE's; what talks to the network is not.

NVFLARE is imported when one of the functions is called, never before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim import loaded_when_used

if TYPE_CHECKING:
    from flare_sim.nvflare.command_line import nvflare_command
    from flare_sim.nvflare.doors import NotSimulated
    from flare_sim.nvflare.offline_scope import current_server, offline
    from flare_sim.nvflare.releases import RELEASES, Release, installed_release
    from flare_sim.nvflare.session_class import connect, session_class_on
    from flare_sim.nvflare.startup_kit import write_kit
    from flare_sim.nvflare.transport import SimulatedAdminAPI
    from flare_sim.on_clock.client_time import ClientTime

__all__ = [
    "RELEASES",
    "ClientTime",
    "NotSimulated",
    "Release",
    "SimulatedAdminAPI",
    "connect",
    "current_server",
    "installed_release",
    "nvflare_command",
    "offline",
    "session_class_on",
    "write_kit",
]

_HOMES = {
    "session_class": ("connect", "session_class_on"),
    "import_hook": ("ClientTime",),  # which has it from flare_sim.on_clock
    "doors": ("NotSimulated",),
    "command_line": ("nvflare_command",),
    "startup_kit": ("write_kit",),
    "releases": ("RELEASES", "Release", "installed_release"),
    "offline_scope": ("current_server", "offline"),
    "transport": ("SimulatedAdminAPI",),
}

__getattr__, __dir__ = loaded_when_used(__name__, _HOMES)
