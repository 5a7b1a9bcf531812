"""The Pythons at hand that the simulator supports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

__all__ = ["SUPPORTED", "interpreter"]

SUPPORTED = ("3.10", "3.11", "3.12", "3.13")


@cache
def interpreter(version: str) -> str | None:
    """Return a Python of that version: this one, one of pyenv's, or one on PATH that really is one; None without."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    kept = sorted(root.glob(f"{version}.*/bin/python{version}"))
    candidates = [sys.executable, *map(str, reversed(kept)), shutil.which(f"python{version}")]
    return next((path for path in candidates if path and _version(path) == version), None)


@cache
def _version(path: str) -> str:
    """Ask a Python for its version; a pyenv shim of a version that is not active has none."""
    asked = [path, "-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
