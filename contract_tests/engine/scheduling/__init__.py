"""How checks of a slow system are scheduled: what they take, how many at once, and in which order."""

from __future__ import annotations
