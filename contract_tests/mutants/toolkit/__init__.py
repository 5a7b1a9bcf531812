"""What mutants of several subjects are made with: base classes, and generators of mutants that are alike."""

from __future__ import annotations
