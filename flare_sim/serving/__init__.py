"""A simulated server for unmodified NVFLARE clients in other processes; needs NVFLARE.

>>> from flare_sim import ScaledClock, SimulatedServer
>>> from flare_sim.serving import Service
>>> with Service(SimulatedServer(clock=ScaledClock(60)), port=0) as service:  # doctest: +SKIP
...     print(service.address, service.kits["admin@nvidia.com"])

NVFLARE's own command server answers, of the release that is installed; each command goes to the simulated one.  NVFLARE
is imported when a service is entered, never before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim import loaded_when_used
from flare_sim.control import Control

if TYPE_CHECKING:
    from flare_sim.serving.service import Service

__all__ = ["Control", "Service"]

_HOMES = {"service": ("Service",)}

__getattr__, __dir__ = loaded_when_used(__name__, _HOMES)
