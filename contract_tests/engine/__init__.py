"""How checks are run: inputs drawn and shrunk, failures blamed, verdicts put together into a report."""

from __future__ import annotations
