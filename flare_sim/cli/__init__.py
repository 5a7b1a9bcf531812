"""The command ``flare-sim``: run a job or a script offline, check job folders, look at the life of a job."""

from __future__ import annotations

from flare_sim.cli.group import main

__all__ = ["main"]
