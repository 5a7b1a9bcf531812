"""Every conforming variant: systems that are unusual in one way and keep the contract."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Final

from contract_tests.mutants.variant import Variant

_MODULES: Final = (
    "appearance",
    "job_ids",
    "metas",
    "moving_metas",
    "error_classes",
    "proxies_and_threads",
    "results_and_submissions",
    "clocks_and_delays",
    "where_silent",
    "systems",
)
"""The modules of this package that declare variants, each in a table called ``CONFORMING``."""


@lru_cache(maxsize=1)
def all_conforming_variants() -> tuple[Variant, ...]:
    """Every conforming variant, in the order of the modules."""
    tables = [import_module(f"{__name__}.{name}").CONFORMING for name in _MODULES]
    return tuple(variant for table in tables for variant in table)
