"""Mutants that break the clauses about submit_job."""

from __future__ import annotations
