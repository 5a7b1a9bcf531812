"""An offline twin of NVIDIA FLARE's server side, behind the FLARE API.

Nothing runs in the background and nothing really waits: a day on the server's virtual clock passes when somebody
sleeps on it.

Examples:
    >>> from flare_sim import SimulatedServer
    >>> session = SimulatedServer().connect("admin@nvidia.com")
    >>> session.list_jobs()
    []
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flare_sim.clock import Clock, HorizonReached, SystemClock, VirtualClock
    from flare_sim.commands.protocol import Command, Reply
    from flare_sim.config import ServerConfig
    from flare_sim.engine.clients.sites import Client
    from flare_sim.engine.records.requests import RequestRecord, Requests
    from flare_sim.engine.records.trace_record import TraceRecord
    from flare_sim.engine.runs.random_stream import RandomStream
    from flare_sim.engine.runs.run import Run
    from flare_sim.engine.trace import Trace
    from flare_sim.engine.waiting.job_view import JobView
    from flare_sim.events import NthCall
    from flare_sim.faults import Faults
    from flare_sim.jobs.behavior import JobBehavior
    from flare_sim.jobs.definition import JobDefinition
    from flare_sim.jobs.job_folders import make_job
    from flare_sim.on_clock.event_loop import ClockLoop, run_async
    from flare_sim.on_clock.modules import time_in
    from flare_sim.on_clock.pool import ClockPool
    from flare_sim.on_clock.scaled_clock import ScaledClock
    from flare_sim.personality.personalities import PERSONALITIES
    from flare_sim.personality.personality import Personality
    from flare_sim.personality.quirk_table import QUIRKS, Quirk
    from flare_sim.scenarios.scenario import Scenario
    from flare_sim.server import SimulatedServer
    from flare_sim.session import Session
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
    from flare_sim.users import DEFAULT_USERS, User

__all__ = [
    "DEFAULT_USERS",
    "PERSONALITIES",
    "QUIRKS",
    "AuthenticationError",
    "AuthorizationError",
    "Client",
    "ClientInfo",
    "Clock",
    "ClockLoop",
    "ClockPool",
    "Command",
    "Faults",
    "HorizonReached",
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
    "NthCall",
    "Personality",
    "Quirk",
    "RandomStream",
    "Reply",
    "RequestRecord",
    "Requests",
    "Run",
    "ScaledClock",
    "Scenario",
    "ServerConfig",
    "ServerInfo",
    "Session",
    "SessionClosed",
    "SessionSpec",
    "SimulatedServer",
    "SystemClock",
    "SystemInfo",
    "Trace",
    "TraceRecord",
    "User",
    "VirtualClock",
    "__version__",
    "job_monitor_cb_signature",
    "make_job",
    "run_async",
    "time_in",
]

__version__ = "0.1.0"

_HOMES = {
    "users": (
        "DEFAULT_USERS",
        "User",
    ),
    "jobs.behavior": ("JobBehavior",),
    "clock": (
        "Clock",
        "HorizonReached",
        "SystemClock",
        "VirtualClock",
    ),
    "config": ("ServerConfig",),
    "jobs.definition": ("JobDefinition",),
    "jobs.job_folders": ("make_job",),
    "on_clock.event_loop": (
        "ClockLoop",
        "run_async",
    ),
    "on_clock.modules": ("time_in",),
    "on_clock.pool": ("ClockPool",),
    "on_clock.scaled_clock": ("ScaledClock",),
    "events": ("NthCall",),
    "faults": ("Faults",),
    "engine.waiting.job_view": ("JobView",),
    "personality.personalities": ("PERSONALITIES",),
    "personality.personality": ("Personality",),
    "personality.quirk_table": (
        "QUIRKS",
        "Quirk",
    ),
    "commands.protocol": (
        "Command",
        "Reply",
    ),
    "engine.runs.random_stream": ("RandomStream",),
    "engine.runs.run": ("Run",),
    "scenarios.scenario": ("Scenario",),
    "server": ("SimulatedServer",),
    "session": ("Session",),
    "engine.clients.sites": ("Client",),
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
    "engine.trace": ("Trace",),
    "engine.records.requests": (
        "RequestRecord",
        "Requests",
    ),
    "engine.records.trace_record": ("TraceRecord",),
}


def loaded_when_used(
    package: str, homes: Mapping[str, tuple[str, ...]]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """The ``__getattr__`` and ``__dir__`` of a package that loads its public names when they are first used.

    So who needs only the interface or a clock loads no more than that. It is here and in no module of its own, as the
    package itself is to load none.

    Args:
        package: the package's name.
        homes: the names by the module of the package that has them.
    """
    home_of = {name: home for home, names in homes.items() for name in names}

    def load(name: str) -> object:
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        from sys import modules

        home = f"{package}.{home_of[name]}"
        __import__(home)  # importlib's own function would have to be loaded first
        value: object = getattr(modules[home], name)
        setattr(modules[package], name, value)
        return value

    def names() -> list[str]:
        from sys import modules

        return sorted({*vars(modules[package]), *home_of})

    return load, names


__getattr__, __dir__ = loaded_when_used(__name__, _HOMES)
