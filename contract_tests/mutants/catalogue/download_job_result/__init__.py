"""Mutants that break the clauses about download_job_result."""

from __future__ import annotations
