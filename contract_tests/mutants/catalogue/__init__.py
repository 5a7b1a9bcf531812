"""Every faulty system, one module per part of the interface."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Final

from contract_tests.mutants.variant import Variant, VariantTable

_MODULES: Final = (
    "shape",
    "shape_infos",
    "submit",
    "submit_life",
    "submit_folder",
    "submit_later",
    "refusals",
    "definitions",
    "clone",
    "clone_life",
    "clone_apart",
    "meta",
    "meta_time",
    "listing",
    "listing_flags",
    "download",
    "download_again",
    "download_effects",
    "abort",
    "abort_running",
    "delete",
    "delete_effects",
    "delete_then",
    "system_info",
    "system_clients",
    "system_jobs",
    "monitor",
    "callback_calls",
    "callback_given",
    "callback_arguments",
    "callback_answers",
    "callback_errors",
    "callback_acts",
    "callback_shared",
    "monitor_timeout",
    "monitor_deadline",
    "monitor_polls",
    "monitor_effects",
    "monitor_meanwhile",
    "monitor_ties",
    "unwatched",
    "beside",
    "gone",
    "close",
    "arguments",
    "failures",
    "outages",
    "lost",
    "life",
    "life_model",
    "later",
    "aftermath",
    "kin",
    "constellations",
    "after_trouble",
    "while_waiting",
    "emptied",
    "unseen",
    "whose_result",
    "system_later",
    "monitor_habits",
    "forms",
)
"""The modules of this package that declare mutants, each in a table called ``MUTANTS``."""


@lru_cache(maxsize=1)
def all_mutants() -> tuple[Variant, ...]:
    """Every mutant, in the order of the modules."""
    tables: list[VariantTable] = [import_module(f"{__name__}.{name}").MUTANTS for name in _MODULES]
    return tuple(mutant for table in tables for mutant in table)
