"""The catalogue of clauses, and that clauses and checks belong together."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import all_checks, checks_of
from contract_tests.contract.clause import BASES, CONFORMANCE_LEVELS, LEVELS, Catalogue, Clause
from contract_tests.contract.interface import JOB_METHODS, METHODS, SERVER_METHODS
from contract_tests.scenario.strategies import integers

NAMES = {name for method in METHODS for name in (method.name, *(one.name for one in method.parameters))}
"""What of the interface a sentence may begin with, though it is written small."""

A_CLAUSE = Clause("part.promise", "MUST", "stated", 0, "A promise.")


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


def test_every_clause_has_a_check() -> None:
    """There is no promise that nothing tries."""
    assert [clause.id for clause in CATALOGUE if not checks_of(clause.id)] == []


def test_every_check_has_a_clause_and_an_id_of_its_own() -> None:
    """A check's id begins with its clause's, and no two are the same."""
    checks = all_checks()

    assert [check.id for check in checks if check.clause not in CATALOGUE] == []
    assert [check.id for check in checks if check.id.partition("/")[0] != check.clause] == []
    assert len({check.id for check in checks}) == len(checks)


def test_checks_stand_in_the_order_of_the_catalogue() -> None:
    """So do the rows of every report."""
    order = [clause.id for clause in CATALOGUE]
    places = [order.index(check.clause) for check in all_checks()]

    assert places == sorted(places)


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


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("part.promise", ["part.promise"]),
        ("part", ["part.promise", "part.promise-kept", "part.other"]),
        ("part.other", ["part.other"]),
        ("par", []),
        ("nothing", []),
        ("", []),
    ],
)
def test_clauses_are_matched_by_whole_words(pattern: str, found: list[str]) -> None:
    """An id means its clause alone, the beginning of ids up to a dot or dash all of them, and anything else none."""
    catalogue = Catalogue(
        A_CLAUSE._replace(id=name) for name in ("part.promise", "part.promise-kept", "part.other", "parted.ways")
    )

    assert [clause.id for clause in catalogue.matching(pattern)] == found


def test_two_clauses_of_one_id_are_refused() -> None:
    """A slip in the table is found on import."""
    with pytest.raises(ValueError, match=r"part\.promise stands twice"):
        Catalogue([A_CLAUSE, A_CLAUSE._replace(statement="Another.")])


@pytest.mark.parametrize(
    "slip",
    [
        {"level": "WILL"},
        {"basis": "guessed"},
        {"conformance_level": -1},
        {"conformance_level": len(CONFORMANCE_LEVELS)},
    ],
)
def test_unknown_words_are_refused(slip: dict[str, object]) -> None:
    """A clause with a level, basis or conformance level that does not exist gets into no catalogue."""
    with pytest.raises(ValueError, match="unknown level, basis or conformance level"):
        Catalogue([A_CLAUSE._replace(**slip)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ("a check of no clause", "is no clause"),
        ("a check twice", "two checks are called"),
        ("a clause without a check", "clauses without a check: close.jobs"),
    ],
)
def test_checks_that_do_not_fit_the_catalogue_are_refused(
    slip: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check without a clause, a check that stands twice and a clause without a check are found at once."""
    from contract_tests.clauses.close import checks
    from contract_tests.scenario.check import CheckTable

    table = CheckTable()
    kept = [check for check in checks.CHECKS if check.clause != "close.jobs" or slip != "a clause without a check"]
    table._checks = kept
    if slip == "a check of no clause":
        table.check("close.sideways", how=integers(0, 1))(lambda scenario, how: None)
    if slip == "a check twice":
        table._checks = [*kept, kept[0]]
    monkeypatch.setattr(checks, "CHECKS", table)

    with pytest.raises(ValueError, match=told):
        all_checks.__wrapped__()
