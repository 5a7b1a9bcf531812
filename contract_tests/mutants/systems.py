"""The systems of all mutants and conforming variants, by name: ``contract_tests.mutants.systems:NAME``."""

from __future__ import annotations

from functools import cache

from contract_tests.mutants.variant import Variant
from contract_tests.system.system import System


@cache
def by_name() -> dict[str, Variant]:
    """Every mutant and conforming variant by its name."""
    from contract_tests.mutants.catalogue import all_mutants
    from contract_tests.mutants.conforming import all_conforming_variants

    return {variant.name: variant for variant in (*all_mutants(), *all_conforming_variants())}


@cache
def called(name: str) -> Variant:
    """The variant of a name, which may be one of a pair.

    Raises:
        KeyError: there is none.
    """
    from contract_tests.mutants.conforming.pairs import JOINED, pair

    outer, joined, inner = name.partition(JOINED)
    return pair(by_name()[outer], by_name()[inner]) if joined else by_name()[name]


def __getattr__(name: str) -> type[System]:
    try:
        return called(name).system
    except KeyError:
        raise AttributeError(f"no mutant and no conforming variant is called {name}") from None
