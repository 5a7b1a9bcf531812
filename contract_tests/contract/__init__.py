"""How a promise is said: clauses, their levels and verdicts, and the interface they are about as data."""

from __future__ import annotations
