"""What NVFLARE's cell keeps of every client there ever was, and what lets it go (2.7 to 2.9).

A real server has the same clients for weeks; here each session is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nvflare.fuel.f3.endpoint import EndpointMonitor, EndpointState

if TYPE_CHECKING:
    from nvflare.fuel.f3.endpoint import Endpoint

__all__ = ["forget_who_is_gone"]


def forget_who_is_gone(cell: Any) -> None:
    """Have a cell keep nothing of a client whose last connection has ended.

    Args:
        cell: NVFLARE's, not started yet.
    """
    core = cell.core_cell
    core.communicator.register_monitor(_Leaving(core.communicator))
    core.msg_travel_stats_pool = _NoStatistics()


class _Leaving(EndpointMonitor):
    """Is told when a client comes or goes, after the cell itself."""

    def __init__(self, communicator: Any) -> None:
        self._communicator = communicator

    def state_change(self, endpoint: Endpoint) -> None:
        """Remove one that is gone; it is let in again as anybody."""
        if endpoint.state == EndpointState.DISCONNECTED:
            self._communicator.remove_endpoint(endpoint.name)


class _NoStatistics:
    """Stands for a pool that has a row for each client: how long its messages took, which nobody asks here."""

    def record_value(self, *_: Any, **__: Any) -> None:
        """Keep nothing."""
