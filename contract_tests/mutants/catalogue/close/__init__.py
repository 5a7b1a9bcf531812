"""Mutants that break the clauses about close."""

from __future__ import annotations
