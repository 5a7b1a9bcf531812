"""The wires of NVFLARE's releases, as a table."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from flare_sim.nvflare.releases import installed_release

if TYPE_CHECKING:
    from flare_sim.nvflare.releases import Release
    from flare_sim.serving.wire import Wire

__all__ = ["WIRES", "WireOfRelease", "installed_wire"]


class WireOfRelease(NamedTuple):
    """How clients of a release, and of those after it up to the next row, reach their server."""

    since: tuple[int, int]
    """Major and minor number."""
    module: str
    """Where it is, below ``flare_sim.serving``,"""
    name: str
    """and what it is called there."""
    commands: tuple[str, ...]
    """Lines for a shell, in which ``{kit}`` stands for a startup kit; none where the release has no such commands."""


_KIT = "export NVFLARE_STARTUP_KIT_DIR={kit}"
_SUBMIT = "nvflare job submit -j my-job"

WIRES = (
    WireOfRelease((2, 3), "socket_wire", "SocketWire", ()),
    WireOfRelease((2, 4), "socket_wire", "SocketWire", (_KIT, _SUBMIT)),
    WireOfRelease((2, 7), "cell_wire", "CellWire", (_KIT, _SUBMIT)),
    WireOfRelease((2, 8), "cell_wire", "CellWire", (_KIT, _SUBMIT, "nvflare job list", "nvflare job download JOB_ID")),
)
"""Oldest first; the sources are the releases themselves."""


def installed_wire() -> tuple[Release, WireOfRelease, type[Wire]]:
    """Return the NVFLARE that is installed, its row, and its wire.

    Raises:
        ImportError: there is none, or it is older than 2.3.
    """
    release = installed_release()
    row = [wire for wire in WIRES if wire.since <= release.version][-1]
    wire: type[Wire] = getattr(import_module(f"flare_sim.serving.{row.module}"), row.name)
    return release, row, wire
