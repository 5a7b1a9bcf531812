"""Mutants that break the clauses about the interface's classes and methods."""

from __future__ import annotations
