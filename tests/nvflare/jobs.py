"""Jobs for the tests of what stands behind NVFLARE's client code."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["HELLO_JOB", "ROOT"]

ROOT: Final = Path(__file__).parents[2]
HELLO_JOB: Final = str(ROOT / "examples" / "hello-job")
"""The job folder of the README."""
