"""Mutants that break the clauses about get_job_meta."""

from __future__ import annotations
