"""What is done to a server is done as a whole or not at all, whatever comes in between."""

from __future__ import annotations
