"""What every clause needs of a `System`, and in which order a system does best to offer what it lacks.

The needs are found out by trying, and kept in the table beside this; ``python -m tests.contract_tests.needs`` writes
it anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Final, NamedTuple

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.system.needs import NEEDS

_TABLE: Final = Path(__file__).with_suffix(".json")


class Opening(NamedTuple):
    """What a system could offer next, and what that would open.

    Attributes:
        needs: what is to be offered together, as `contract_tests.system.needs` calls it; in other words where it is
            nothing of a `System`.
        clauses: the clauses that can be tried then, which could not before.
    """

    needs: tuple[str, ...]
    clauses: tuple[str, ...]


@lru_cache(maxsize=1)
def needs() -> Mapping[str, Collection[str]]:
    """The needs of every clause that needs more than a session, by its id."""
    table: dict[str, list[str]] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return table


def openings(missing: Mapping[str, Collection[str]]) -> list[Opening]:
    """What to offer, one after the other, each what opens the most for every need; a clause is opened once.

    Args:
        missing: what each clause that can't be judged lacks.
    """
    left = {clause: frozenset(lacks) for clause, lacks in missing.items()}
    found = []
    while left:
        chosen = max(dict.fromkeys(left.values()), key=partial(_worth, left.values()))
        opened = tuple(clause for clause, lacks in left.items() if lacks <= chosen)
        found.append(Opening(tuple(sorted(chosen, key=_place)), opened))
        left = {clause: lacks - chosen for clause, lacks in left.items() if clause not in opened}
    return found


def lacked(clause: str, first: Iterable[str], lacks: Iterable[str]) -> list[str]:
    """What a clause lacks: what its checks asked for ``first``, in vain, and what of ``lacks`` they need next."""
    return list(dict.fromkeys([*first, *(need for need in lacks if need in needs().get(clause, ()))]))


def ahead(lacks: Collection[str]) -> list[Opening]:
    """What a system that lacks so much could offer, one after the other, as far as clauses are judged."""
    every = {clause.id: lacked(clause.id, (), lacks) for clause in CATALOGUE if clause.judged}
    return openings({clause: missing for clause, missing in every.items() if missing})


def _worth(left: Collection[frozenset[str]], needs: frozenset[str]) -> tuple[float, int, int]:
    """How much it is worth to offer these needs next: what each opens, then how few they are, then what comes first."""
    return sum(lacks <= needs for lacks in left) / len(needs), -len(needs), -min(map(_place, needs))


def _place(need: str) -> int:
    return NEEDS.index(need) if need in NEEDS else len(NEEDS)
