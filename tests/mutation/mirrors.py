"""Where the tests of a module are: in the file that mirrors it."""

from __future__ import annotations

from pathlib import PurePosixPath


def mirror_of(function: str) -> str:
    """The test file of a function's module: ``tests/flare_sim/test_clock.py`` for ``flare_sim.clock.x_to_ticks``."""
    *folders, module, _ = function.split(".")
    return str(PurePosixPath("tests", *folders, f"test_{module}.py"))
