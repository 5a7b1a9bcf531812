"""What checks of several subjects share."""

from __future__ import annotations
