"""The clients of a system: who is there, what they have to give, and what they still run."""

from __future__ import annotations
