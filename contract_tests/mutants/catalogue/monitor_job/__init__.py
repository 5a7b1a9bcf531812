"""Mutants that break the clauses about monitor_job."""

from __future__ import annotations
