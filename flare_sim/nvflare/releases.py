"""NVFLARE's releases, and what differs between them for the transport and the startup kit, as a table."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

__all__ = ["RELEASES", "Release", "installed_release", "release_of"]


class Release(NamedTuple):
    """A line of releases with one transport."""

    version: tuple[int, int]
    """Major and minor number."""
    merges_resources: bool
    """Whether ``local/resources.json`` of a startup kit is read together with ``startup/fed_admin.json``."""
    wants_signature: bool
    """Whether ``startup/fed_admin.json`` has to be signed (later sessions read a signature if there is one)."""
    new_folders: bool
    """Whether each download goes to a folder of its own (``ID``, ``ID__1``, ...), or over what is in ``ID``."""
    login_tries: int = 15
    """How often a login is tried that nobody answers."""
    login_interval: float = 1.5
    """Seconds after each such try."""

    @property
    def name(self) -> str:
        """The numbers as text, such as ``"2.9"``."""
        return ".".join(map(str, self.version))


RELEASES = (
    Release(
        (2, 3),
        merges_resources=False,
        wants_signature=False,
        new_folders=False,
        login_tries=5,
        login_interval=1.0,
    ),
    Release((2, 4), merges_resources=True, wants_signature=False, new_folders=True),
    Release((2, 5), merges_resources=True, wants_signature=False, new_folders=True),
    Release((2, 6), merges_resources=True, wants_signature=False, new_folders=True),
    Release((2, 7), merges_resources=True, wants_signature=True, new_folders=True),
    Release((2, 8), merges_resources=True, wants_signature=False, new_folders=True),
    Release((2, 9), merges_resources=True, wants_signature=False, new_folders=True),
)
"""Oldest first; the sources are the releases themselves (2.3.12, 2.4.2, 2.5.2, 2.6.3, 2.7.3, 2.8.3, 2.9.0)."""


def release_of(version: str) -> Release:
    """Return the row for a version of NVFLARE; one newer than all of them gets the newest.

    Raises:
        ImportError: it is older than the interface (2.3), or is no version number.
    """
    numbers = re.match(r"(\d+)\.(\d+)", version)
    found = None if numbers is None else (int(numbers[1]), int(numbers[2]))
    rows = [release for release in RELEASES if found is not None and release.version <= found]
    if not rows:
        raise ImportError(f"flare_sim.nvflare works with NVFLARE {RELEASES[0].name} and newer, not with {version!r}")
    return rows[-1]


@cache
def installed_release() -> Release:
    """Return the row for the NVFLARE that is installed; found out once, as reading its metadata takes milliseconds.

    Raises:
        ImportError: there is none, or it is older than 2.3.
    """
    from importlib.metadata import PackageNotFoundError, version

    try:
        return release_of(version("nvflare"))
    except PackageNotFoundError:
        raise ImportError('flare_sim.nvflare needs NVFLARE: pip install "flare-sim[nvflare]"') from None
