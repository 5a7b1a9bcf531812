"""Checks as pytest tests: collection, the tests themselves, and fixtures."""

from __future__ import annotations
