"""The command flare-sim, called in the process of the tests."""

from __future__ import annotations

from click.testing import CliRunner, Result

from flare_sim.cli import main

__all__ = ["flare_sim"]


def flare_sim(*words: str) -> Result:
    """Run the command; an unexpected exception is raised."""
    return CliRunner().invoke(main, words, catch_exceptions=False, env={"COLUMNS": "120"})
