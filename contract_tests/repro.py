"""What reproducer scripts import: `main`, under the address that scripts written by every release hold."""

from __future__ import annotations

from contract_tests.report.reproducer import main

__all__ = ["main"]
