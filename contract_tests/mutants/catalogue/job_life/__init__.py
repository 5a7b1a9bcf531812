"""Mutants that break the clauses about the life of jobs."""

from __future__ import annotations
