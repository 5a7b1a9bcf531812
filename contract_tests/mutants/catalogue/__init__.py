"""Every mutant: a package for each subject of the contract, and in it modules named after what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import Final

from contract_tests.mutants.variant import Variant

MODULES: Final[dict[str, tuple[str, ...]]] = {
    "shape": ("methods_and_signatures", "classes"),
    "submit_job": ("job_ids", "new_jobs", "folders", "refusals"),
    "clone_job": ("job_ids", "definitions", "originals_and_clones"),
    "get_job_meta": ("contents", "handed_out_dicts", "freshness"),
    "list_jobs": ("entries", "which_jobs", "details_and_order", "copies_and_effects"),
    "download_job_result": ("contents", "mixed_up_results"),
    "abort_job": ("waiting_and_running", "done_and_other_jobs"),
    "delete_job": ("refusals", "leftovers", "afterwards"),
    "get_system_info": ("server_and_parts", "clients", "jobs"),
    "monitor_job": (
        "returns",
        "callback_calls",
        "callback_meta",
        "callback_arguments",
        "callback_errors",
        "timeouts",
        "polls",
        "other_events",
    ),
    "close": ("calls_after_close", "closing"),
    "errors": (
        "outages",
        "lost_sessions",
        "misbehaving_server",
        "denied_calls",
        "unknown_and_malformed_ids",
        "arguments",
    ),
    "job_life": ("statuses", "jobs_and_calls"),
}
"""The modules of every subject, in the order of the catalogue of clauses; each has a table called ``MUTANTS``."""


@lru_cache(maxsize=1)
def all_mutants() -> tuple[Variant, ...]:
    """Every mutant, subject by subject."""
    names = [f"{__name__}.{subject}.{module}" for subject, modules in MODULES.items() for module in modules]
    tables: list[Iterable[Variant]] = [import_module(name).MUTANTS for name in names]
    return tuple(mutant for table in tables for mutant in table)
