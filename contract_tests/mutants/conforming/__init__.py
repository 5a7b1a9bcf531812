"""Every conforming system."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Final

from contract_tests.mutants.variant import Variant

_MODULES: Final = ("looks", "ids", "metas", "errors", "facades", "results", "time", "worlds")


@lru_cache(maxsize=1)
def all_conforming() -> tuple[Variant, ...]:
    """Every conforming system, in the order of the modules."""
    tables = [import_module(f"{__name__}.{name}").CONFORMING for name in _MODULES]
    return tuple(variant for table in tables for variant in table)
