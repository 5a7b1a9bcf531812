"""The checks, one module per part of the interface, and the proof that every clause has one."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.scenario.check import Check, CheckTable

_MODULES: Final = (
    "shape.checks",
    "submit_job.checks",
    "clone_job.checks",
    "get_job_meta.checks",
    "list_jobs.contents",
    "list_jobs.flags",
    "download_job_result.checks",
    "abort_job.checks",
    "delete_job.checks",
    "delete_job.afterwards",
    "get_system_info.server_and_clients",
    "get_system_info.jobs",
    "monitor_job.returns",
    "monitor_job.timing",
    "monitor_job.effects",
    "monitor_job.callback_calls",
    "monitor_job.callback_meta",
    "monitor_job.callback_arguments",
    "monitor_job.callback_answers",
    "monitor_job.callback_errors",
    "monitor_job.callback_calls_session",
    "close.checks",
    "errors.arguments",
    "errors.failures",
    "job_life.checks",
    "always",
)
"""The modules of this package that declare checks, each in a table called ``CHECKS``, in the order of reports."""


@lru_cache(maxsize=1)
def all_checks() -> tuple[Check, ...]:
    """Every check, in the order of the catalogue.

    Raises:
        ValueError: a check judges a clause that does not exist, two checks have one id, or a clause has no check.
    """
    tables: list[CheckTable] = [import_module(f"contract_tests.clauses.{name}").CHECKS for name in _MODULES]
    checks = [check for table in tables for check in table]
    by_clause: dict[str, list[Check]] = {clause.id: [] for clause in CATALOGUE}
    seen: set[str] = set()
    for check in checks:
        if check.clause not in by_clause:
            raise ValueError(f"check {check.id} judges {check.clause}, which is no clause")
        if check.id in seen:
            raise ValueError(f"two checks are called {check.id}")
        seen.add(check.id)
        by_clause[check.clause].append(check)
    unchecked = [clause for clause, its_checks in by_clause.items() if not its_checks]
    if unchecked:
        raise ValueError(f"clauses without a check: {', '.join(unchecked)}")
    return tuple(check for its_checks in by_clause.values() for check in its_checks)


def checks_of(clause_id: str) -> list[Check]:
    """The checks of one clause."""
    return [check for check in all_checks() if check.clause == clause_id]


def check_called(check_id: str) -> Check:
    """The check of this id.

    Raises:
        KeyError: there is none.
    """
    return _by_id()[check_id]


@lru_cache(maxsize=1)
def _by_id() -> dict[str, Check]:
    return {check.id: check for check in all_checks()}
