"""What real servers do differently from what the interface states, as data."""

from __future__ import annotations
