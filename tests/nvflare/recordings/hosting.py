"""What happens in the process that serves a stage: one simulated server after the other in the place of the last."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.nvflare.recordings.simulated import SimulatedStage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flare_sim.serving import Service

__all__ = ["Host"]


class Host:
    """Has a stage.

    Args:
        service: what serves its server.
    """

    stage: SimulatedStage

    def __init__(self, service: Service) -> None:
        self._service = service

    def begin(self, release: str, folder: str, settings: Sequence[str], ran: dict[str, float]) -> None:
        """Begin with a fresh stage, and serve its server."""
        before = self._service.server
        self.stage = SimulatedStage(release, Path(folder), settings, ran)
        self._service.exchange(self.stage.server)
        before.close()
