"""Every faulty system, one module per part of the interface."""

from __future__ import annotations

from functools import lru_cache

from contract_tests.proof.registry import Variant


@lru_cache(maxsize=1)
def all_faults() -> tuple[Variant, ...]:
    """Every fault, in the order of the modules."""
    from contract_tests.proof.faulty import (
        system_jobs,
    )(
        system_clients,
    )(
        delete,
        monitor,
        monitor_callback,
        monitor_effects,
        monitor_time,
        shape,
        system_info,
    )

    tables = (
        shape.FAULTS,
        delete.FAULTS,
        system_info.FAULTS,
        monitor.FAULTS,
        monitor_callback.FAULTS,
        monitor_time.FAULTS,
        monitor_effects.FAULTS,
        system_clients.FAULTS,
        system_jobs.FAULTS,
    )
    return tuple(fault for table in tables for fault in table)
