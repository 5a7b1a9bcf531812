"""Mutants that break the clauses about get_system_info."""

from __future__ import annotations
