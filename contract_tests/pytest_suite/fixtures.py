"""Fixtures for people who test applications of NVFLARE; they load nothing until a test asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["flare_offline", "flare_offline_options"]


@pytest.fixture
def flare_offline_options() -> dict[str, Any]:
    """What ``flare_offline`` is made with: the arguments of ``flare_sim.nvflare.offline``.  Override it to choose.

    Such as ``clients``, ``behavior``, ``scenario``, ``upload_dir`` and ``download_dir``.
    """
    return {}


@pytest.fixture
def flare_offline(flare_offline_options: dict[str, Any]) -> Iterator[Any]:
    """A fresh simulated server that every session of NVFLARE's is on while the test runs."""
    from flare_sim.nvflare import offline

    with offline(**flare_offline_options) as server:
        yield server
