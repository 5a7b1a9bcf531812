"""An offline twin of NVIDIA FLARE's server side, behind the FLARE API.

>>> from flare_sim import SimulatedServer
>>> session = SimulatedServer().connect("admin@nvidia.com")
>>> session.list_jobs()
[]

Nothing runs in the background and nothing really waits: a day on the server's virtual clock passes when somebody
sleeps on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flare_sim.access import DEFAULT_USERS, User
    from flare_sim.behavior import JobBehavior
    from flare_sim.clock import Clock, SystemClock, VirtualClock
    from flare_sim.config import ServerConfig
    from flare_sim.definition import JobDefinition
    from flare_sim.faults import Faults
    from flare_sim.personality import PERSONALITIES, QUIRKS, Personality, Quirk
    from flare_sim.protocol import Command, Reply
    from flare_sim.run import Run
    from flare_sim.server import JobView, SimulatedServer
    from flare_sim.session import Session
    from flare_sim.sites import Client
    from flare_sim.spec import (
        AuthenticationError,
        AuthorizationError,
        ClientInfo,
        InternalError,
        InvalidArgumentError,
        InvalidJobDefinition,
        JobInfo,
        JobNotDone,
        JobNotFound,
        MonitorReturnCode,
        NoConnection,
        ServerInfo,
        SessionClosed,
        SessionSpec,
        SystemInfo,
        job_monitor_cb_signature,
    )
    from flare_sim.trace import Trace

__all__ = [
    "DEFAULT_USERS",
    "PERSONALITIES",
    "QUIRKS",
    "AuthenticationError",
    "AuthorizationError",
    "Client",
    "ClientInfo",
    "Clock",
    "Command",
    "Faults",
    "InternalError",
    "InvalidArgumentError",
    "InvalidJobDefinition",
    "JobBehavior",
    "JobDefinition",
    "JobInfo",
    "JobNotDone",
    "JobNotFound",
    "JobView",
    "MonitorReturnCode",
    "NoConnection",
    "Personality",
    "Quirk",
    "Reply",
    "Run",
    "ServerConfig",
    "ServerInfo",
    "Session",
    "SessionClosed",
    "SessionSpec",
    "SimulatedServer",
    "SystemClock",
    "SystemInfo",
    "Trace",
    "User",
    "VirtualClock",
    "__version__",
    "job_monitor_cb_signature",
]

__version__ = "0.1.0"

_HOMES = {
    "access": (
        "DEFAULT_USERS",
        "User",
    ),
    "behavior": ("JobBehavior",),
    "clock": (
        "Clock",
        "SystemClock",
        "VirtualClock",
    ),
    "config": ("ServerConfig",),
    "definition": ("JobDefinition",),
    "faults": ("Faults",),
    "personality": (
        "PERSONALITIES",
        "QUIRKS",
        "Personality",
        "Quirk",
    ),
    "protocol": (
        "Command",
        "Reply",
    ),
    "run": ("Run",),
    "server": (
        "JobView",
        "SimulatedServer",
    ),
    "session": ("Session",),
    "sites": ("Client",),
    "spec": (
        "AuthenticationError",
        "AuthorizationError",
        "ClientInfo",
        "InternalError",
        "InvalidArgumentError",
        "InvalidJobDefinition",
        "JobInfo",
        "JobNotDone",
        "JobNotFound",
        "MonitorReturnCode",
        "NoConnection",
        "ServerInfo",
        "SessionClosed",
        "SessionSpec",
        "SystemInfo",
        "job_monitor_cb_signature",
    ),
    "trace": ("Trace",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Load a public name when it is first used: who needs only the interface or a clock loads no more than that."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
