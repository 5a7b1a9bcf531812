"""Every innocent system."""

from __future__ import annotations

from functools import lru_cache

from contract_tests.proof.registry import Variant


@lru_cache(maxsize=1)
def all_innocents() -> tuple[Variant, ...]:
    """Every innocent system, in the order of the modules."""
    from contract_tests.proof import innocent_looks, innocent_worlds

    return tuple(variant for table in (innocent_looks.INNOCENT, innocent_worlds.INNOCENT) for variant in table)
