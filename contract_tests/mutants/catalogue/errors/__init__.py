"""Mutants that break the clauses about errors: outages, lost sessions, a misbehaving server, rights, bad arguments."""

from __future__ import annotations
