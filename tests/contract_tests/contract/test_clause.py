"""Clauses and catalogues: how they are found, and what is refused."""

from __future__ import annotations

import pytest

from contract_tests.contract.clause import CONFORMANCE_LEVELS, Catalogue, Clause

A_CLAUSE = Clause("part.promise", "MUST", "stated", 0, "A promise.", words="abort_job, Returns; JobNotFound")


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


def test_what_was_only_observed_is_no_must() -> None:
    """Never a MUST on a guess."""
    observed = A_CLAUSE._replace(basis="observed", words="")

    assert [clause.level for clause in Catalogue([observed._replace(level="SHOULD")])] == ["SHOULD"]
    with pytest.raises(ValueError, match=r"part\.promise MUST be kept, but was only observed"):
        Catalogue([observed])


@pytest.mark.parametrize(
    "words",
    ["", "abort_job, Raises", "abort", "JobNotFound, Returns", "abort_job,Returns", "close; ", "list_jobs, "],
)
def test_what_rests_on_no_words_of_the_interface_is_refused(words: str) -> None:
    """Every pointer of a clause that is stated or implied leads to a passage that there is."""
    with pytest.raises(ValueError, match=r"part\.promise points at no words of the interface"):
        Catalogue([A_CLAUSE._replace(words=words)])
