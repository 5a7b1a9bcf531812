"""Conforming variants that are unusual in two ways, of two kinds: what keeps the contract twice over keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from contract_tests.mutants.conforming import all_conforming_variants
from contract_tests.mutants.variant import Variant

EXCLUDED: Final[Mapping[tuple[str, str], str]] = {}
"""What can't be both, by the beginnings of two names, and why not."""

JOINED: Final = " + "
"""What stands between the names of the two."""


def pair(outer: Variant, inner: Variant) -> Variant:
    """Both at once. It is tried where both are, or where either is when that is nowhere."""
    shared = tuple(part for part in outer.parts if part in inner.parts)
    both = shared or (*outer.parts, *inner.parts)
    return Variant(
        f"{outer.name}{JOINED}{inner.name}",
        "",
        f"{outer.difference}; and {inner.difference}",
        (*outer.differences, *inner.differences),
        outer.module,
        both,
        f"{outer.kind}{JOINED}{inner.kind}",
    )


def pairs(turn: int = 0) -> Iterator[Variant]:
    """The pairs of a turn, each variant in one of them at most; after as many turns as variants all had theirs."""
    variants = [variant for variant in all_conforming_variants() if variant.composes]
    for place, outer in enumerate(variants):
        other = (turn - place) % len(variants)
        if place < other and variants[other].kind != outer.kind and not excluded(outer, variants[other]):
            yield pair(outer, variants[other])


def excluded(outer: Variant, inner: Variant) -> bool:
    """Whether two can't be joined, though they are of two kinds."""
    return any(outer.name.startswith(one) and inner.name.startswith(other) for one, other in EXCLUDED)


def pairs_of_run(seed: int = 0, *, thorough: bool = False) -> list[Variant]:
    """The pairs that a proof tries: those of one turn, or of ten, other ones with every seed."""
    return [found for turn in range(10 if thorough else 1) for found in pairs(seed * 10 + turn)]
