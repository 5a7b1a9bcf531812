"""Mutants that break the clauses about delete_job."""

from __future__ import annotations
