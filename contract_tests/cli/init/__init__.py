"""The command ``init``, and what it writes into the file of an implementer."""

from __future__ import annotations
