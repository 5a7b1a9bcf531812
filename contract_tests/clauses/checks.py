"""All checks, put together from the modules of every subject; every clause has one at least."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.scenario.check import Check, CheckTable

MODULES: Final = tuple(
    f"contract_tests.clauses.{name}"
    for name in (
        "shape.session_methods",
        "shape.interface_classes",
        "submit_job.returned_ids",
        "submit_job.new_jobs",
        "submit_job.runs",
        "submit_job.submitted_folders",
        "submit_job.refused_definitions",
        "submit_job.threads",
        "submit_job.invariants",
        "clone_job.new_jobs",
        "clone_job.originals",
        "clone_job.invariants",
        "get_job_meta.contents",
        "get_job_meta.snapshots",
        "get_job_meta.freshness",
        "get_job_meta.invariants",
        "list_jobs.contents",
        "list_jobs.flags",
        "list_jobs.details",
        "list_jobs.invariants",
        "download_job_result.locations",
        "download_job_result.contents",
        "download_job_result.whole_files",
        "download_job_result.no_effect",
        "download_job_result.invariants",
        "abort_job.stopped_jobs",
        "abort_job.untouched_jobs",
        "abort_job.invariants",
        "delete_job.deletable_jobs",
        "delete_job.nothing_left",
        "delete_job.other_jobs",
        "delete_job.later_calls",
        "delete_job.invariants",
        "get_system_info.server_and_clients",
        "get_system_info.jobs",
        "get_system_info.invariants",
        "monitor_job.returns",
        "monitor_job.timing",
        "monitor_job.effects",
        "monitor_job.callback_calls",
        "monitor_job.callback_session_and_meta",
        "monitor_job.callback_further_arguments",
        "monitor_job.callback_answers",
        "monitor_job.callback_errors",
        "monitor_job.callback_actions",
        "monitor_job.invariants",
        "close.closed_sessions",
        "close.other_sessions_and_jobs",
        "close.invariants",
        "errors.unknown_jobs",
        "errors.malformed_ids",
        "errors.arguments",
        "errors.outages",
        "errors.lost_sessions",
        "errors.denied",
        "errors.credentials",
        "errors.misbehaving_server",
        "errors.invariants",
        "job_life.statuses",
        "job_life.endings",
        "job_life.side_by_side",
        "job_life.call_sequences",
        "job_life.invariants",
    )
)
"""The modules that declare checks, each in a table called ``CHECKS``; reports give a clause's checks in this order."""


@lru_cache(maxsize=1)
def all_checks() -> tuple[Check, ...]:
    """Every check, in the order of the catalogue.

    Raises:
        ValueError: a check judges a clause that does not exist, two checks have one id, or a clause has no check.
    """
    return tuple(check for its_checks in _by_clause().values() for check in its_checks)


@lru_cache(maxsize=1)
def _by_clause() -> dict[str, list[Check]]:
    tables: list[CheckTable] = [import_module(name).CHECKS for name in MODULES]
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
    return by_clause


def checks_of(clause_id: str) -> list[Check]:
    """The checks of one clause; none of a clause there is not."""
    return [*_by_clause().get(clause_id, ())]


def check_called(check_id: str) -> Check:
    """The check of this id.

    Raises:
        KeyError: there is none.
    """
    return _by_id()[check_id]


@lru_cache(maxsize=1)
def _by_id() -> dict[str, Check]:
    return {check.id: check for check in all_checks()}
