"""Mutants that break the clauses about abort_job."""

from __future__ import annotations
