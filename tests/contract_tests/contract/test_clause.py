"""Clauses and catalogues: how they are found, and what is refused."""

from __future__ import annotations

import pytest

from contract_tests.contract.clause import CONFORMANCE_LEVELS, Catalogue, Clause, Promises, each_method

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


def test_promises_are_clauses_of_their_level() -> None:
    """With all that is said of them, and where to look first: what one says itself, or else what its part does."""
    promises = Promises("in its part")

    assert [
        promises.must("a.b", "stated", 1, "It is so.", words="close"),
        promises.must("a.b", "implied", 1, "It is so.", "just here", words="close"),
        promises.should("a.b", "observed", 2, "It is so."),
        promises.should("a.b", "stated", 2, "It is so.", "just here", words="close"),
        promises.silent("a.b", 3, "It is so."),
    ] == [
        Clause("a.b", "MUST", "stated", 1, "It is so.", "in its part", "close"),
        Clause("a.b", "MUST", "implied", 1, "It is so.", "just here", "close"),
        Clause("a.b", "SHOULD", "observed", 2, "It is so.", "in its part", ""),
        Clause("a.b", "SHOULD", "stated", 2, "It is so.", "just here", "close"),
        Clause("a.b", "MAY", "observed", 3, "It is so.", "nothing: the interface does not say", ""),
    ]


def test_a_promise_of_each_method_names_it() -> None:
    """In its id with dashes, in its sentence and in what it rests on as it is."""
    assert each_method("a", ["abort_job", "close"], "stated", 1, "{method} returns.", "here", words="{method}") == [
        Clause("a.abort-job", "MUST", "stated", 1, "abort_job returns.", "here", "abort_job"),
        Clause("a.close", "MUST", "stated", 1, "close returns.", "here", "close"),
    ]


def test_a_clause_knows_its_part_and_whether_it_is_judged() -> None:
    """What the interface is silent about is looked at, and not judged."""
    assert (A_CLAUSE.part, A_CLAUSE.judged, A_CLAUSE.rung) == ("part", True, 0)
    assert not A_CLAUSE._replace(level="MAY").judged


def test_a_catalogue_has_its_clauses_by_id_and_in_order() -> None:
    """As many as were put in, and no other."""
    other = A_CLAUSE._replace(id="part.other", conformance_level=len(CONFORMANCE_LEVELS) - 1)
    catalogue = Catalogue([A_CLAUSE, other])

    assert list(catalogue) == [A_CLAUSE, other]
    assert (len(catalogue), catalogue["part.other"]) == (2, other)
    assert ("part.other" in catalogue, "part" in catalogue) == (True, False)
