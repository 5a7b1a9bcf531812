"""A simulated server under control from other processes: over HTTP and JSON, on this machine, for who has the token.

>>> from flare_sim.control import Control, ControlPort
>>> with ControlPort() as port:
...     control = Control(port.url, port.token)
...     control.fault("partition", lasting=30)
...     print(control.state()["reachable"])
False
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim import loaded_when_used

if TYPE_CHECKING:
    from flare_sim.control.client import Control, ControlError
    from flare_sim.control.clock import ControlledClock
    from flare_sim.control.operations import OPERATIONS
    from flare_sim.control.port import ControlPort
    from flare_sim.control.process import ServedSystem, served

__all__ = ["OPERATIONS", "Control", "ControlError", "ControlPort", "ControlledClock", "ServedSystem", "served"]

_HOMES = {
    "clock": ("ControlledClock",),
    "client": ("Control", "ControlError"),
    "operations": ("OPERATIONS",),
    "port": ("ControlPort",),
    "process": (
        "ServedSystem",
        "served",
    ),
}

__getattr__, __dir__ = loaded_when_used(__name__, _HOMES)
