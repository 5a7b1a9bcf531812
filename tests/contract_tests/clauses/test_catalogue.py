"""The catalogue: its ids, its sentences, and that no method is forgotten."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.contract.clause import BASES, CONFORMANCE_LEVELS, LEVELS, Clause
from contract_tests.contract.interface import JOB_METHODS, METHODS, SERVER_METHODS

NAMES = {name for method in METHODS for name in (method.name, *(one.name for one in method.parameters))}
"""What of the interface a sentence may begin with, though it is written small."""


def test_there_are_at_least_a_hundred_judged_clauses() -> None:
    """The contract is cut small enough."""
    assert sum(clause.judged for clause in CATALOGUE) >= 100


def test_ids_are_unique() -> None:
    """No clause stands twice in the catalogue."""
    counted = Counter(clause.id for clause in CATALOGUE)

    assert [clause for clause, count in counted.items() if count > 1] == []
    assert len(CATALOGUE) == len(counted)


@pytest.mark.parametrize("clause", CATALOGUE, ids=lambda clause: clause.id)
def test_a_clause_is_well_formed(clause: Clause) -> None:
    """Its id is dotted words, its words are known, and its statement is a sentence about one thing."""
    assert re.fullmatch(r"[a-z]+(\.[a-z]+(-[a-z]+)*)+", clause.id)
    assert clause.level in LEVELS
    assert clause.basis in BASES
    assert 0 <= clause.conformance_level < len(CONFORMANCE_LEVELS)
    first = clause.statement.split()[0].partition("=")[0]
    assert first[0].isupper() or first in NAMES
    assert clause.statement.endswith(".")
    assert "\n" not in clause.statement
    assert "  " not in clause.statement


def test_statements_are_unique() -> None:
    """No promise is made twice under two names."""
    counted = Counter(clause.statement for clause in CATALOGUE)

    assert [statement for statement, count in counted.items() if count > 1] == []


def test_only_clauses_where_the_interface_is_silent_are_not_judged() -> None:
    """A clause of level MAY is observed of servers, never stated."""
    assert {clause.basis for clause in CATALOGUE if not clause.judged} == {"observed"}


def test_every_method_family_covers_every_method() -> None:
    """Where a promise is made for each method, none is forgotten."""
    names = {clause.id for clause in CATALOGUE}
    families = {
        "shape.signature": tuple(method.name for method in METHODS),
        "close.then": SERVER_METHODS,
        "unknown": JOB_METHODS,
        "malformed": JOB_METHODS,
        "outage": SERVER_METHODS,
        "lost": SERVER_METHODS,
        "misbehaving": SERVER_METHODS,
        "delete.then": JOB_METHODS,
    }

    missing = [
        f"{family}.{method}"
        for family, methods in families.items()
        for method in methods
        if f"{family}.{method.replace('_', '-')}" not in names
    ]
    assert missing == []


def test_a_clause_is_found_by_its_id() -> None:
    """The catalogue is a mapping as well as a list."""
    assert CATALOGUE["delete.running"].part == "delete"
    assert "delete.running" in CATALOGUE
    assert "delete.sideways" not in CATALOGUE
