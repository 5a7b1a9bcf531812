"""What a deploy map calls the sites that are no client."""

from __future__ import annotations

__all__ = ["ALL_SITES", "SERVER"]

ALL_SITES = "@ALL"
"""The server and every connected client (NVFLARE 2.3.12)."""
SERVER = "server"
"""The server (NVFLARE 2.3.12)."""
