"""Ten situations that applications get into, ready to be tried; each has its page in the documentation."""

from __future__ import annotations

import os

__all__ = ["NAMES", "in_gallery"]

_FOLDER = os.path.dirname(__file__)
NAMES = tuple(sorted(name[:-5] for name in os.listdir(_FOLDER) if name.endswith(".toml")))
"""The names of the scenarios that come with the package."""


def in_gallery(name: str) -> str:
    """Return the path of the scenario of that name."""
    return os.path.join(_FOLDER, f"{name}.toml")
