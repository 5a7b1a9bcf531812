"""Every conforming variant: systems that are unusual in one way, or in two, and keep the contract."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Final

from contract_tests.mutants.variant import Variant

_MODULES: Final = (
    "architecture",
    "presentation",
    "ids",
    "errors",
    "lists",
    "results",
    "monitors",
    "timing",
    "servers",
    "systems",
)
"""The modules that declare variants, in ``CONFORMING``; of two that are joined the earlier is outside."""


@lru_cache(maxsize=1)
def all_conforming_variants() -> tuple[Variant, ...]:
    """Every variant that is unusual in one way, in the order of the modules."""
    tables = [import_module(f"{__name__}.{name}").CONFORMING for name in _MODULES]
    return tuple(variant for table in tables for variant in table)
