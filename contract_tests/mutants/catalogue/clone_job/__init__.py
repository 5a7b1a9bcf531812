"""Mutants that break the clauses about clone_job."""

from __future__ import annotations
