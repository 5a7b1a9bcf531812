"""What is plugged in: the `System` an implementer writes, its job folders, and how one is found by name."""

from __future__ import annotations
