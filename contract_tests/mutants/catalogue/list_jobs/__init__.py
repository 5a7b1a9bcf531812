"""Mutants that break the clauses about list_jobs."""

from __future__ import annotations
