"""The checks, one module per part of the interface, and the proof that every clause has one."""

from __future__ import annotations

from functools import lru_cache

from contract_tests.catalogue import CATALOGUE
from contract_tests.checks.registry import Check


@lru_cache(maxsize=1)
def all_checks() -> tuple[Check, ...]:
    """Every check, in the order of the catalogue.

    Raises:
        ValueError: a check judges a clause that does not exist, two checks have one id, or a clause has no check.
    """
    from contract_tests.checks import (
        abort,
        always,
        arguments,
        callback_acts,
        callback_answers,
        callback_arguments,
        callback_calls,
        callback_errors,
        callback_given,
        clone,
        close,
        delete,
        delete_then,
        download,
        failures,
        life,
        listing,
        listing_flags,
        meta,
        monitor,
        monitor_effects,
        monitor_time,
        shape,
        submit,
        system_info,
        system_jobs,
    )

    tables = (
        shape.CHECKS,
        submit.CHECKS,
        clone.CHECKS,
        meta.CHECKS,
        listing.CHECKS,
        listing_flags.CHECKS,
        download.CHECKS,
        abort.CHECKS,
        delete.CHECKS,
        delete_then.CHECKS,
        system_info.CHECKS,
        system_jobs.CHECKS,
        monitor.CHECKS,
        monitor_time.CHECKS,
        monitor_effects.CHECKS,
        callback_calls.CHECKS,
        callback_given.CHECKS,
        callback_arguments.CHECKS,
        callback_answers.CHECKS,
        callback_errors.CHECKS,
        callback_acts.CHECKS,
        close.CHECKS,
        arguments.CHECKS,
        failures.CHECKS,
        life.CHECKS,
        always.CHECKS,
    )
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
