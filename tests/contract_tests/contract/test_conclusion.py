"""Conclusions: the table that makes one verdict of many, its headline, and what it rests on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.contract.clause import CONFORMANCE_LEVELS, Clause
from contract_tests.contract.conclusion import Conclusion, conclude
from contract_tests.contract.verdict import FAILING, Overall, Verdict

PROPERTY = settings(deadline=None, database=None, derandomize=True)
JUDGED = [clause for clause in CATALOGUE if clause.judged]
SILENT = next(clause for clause in CATALOGUE if not clause.judged)
TOP = len(CONFORMANCE_LEVELS)
ROWS = st.lists(st.tuples(st.sampled_from(list(CATALOGUE)), st.sampled_from(list(Verdict))))
GREEN = {Overall.CONFORMANT, Overall.WITH_DEVIATIONS, Overall.AT_LEVEL}


def rows(level: int = TOP, **changes: Verdict) -> list[tuple[Clause, Verdict]]:
    """All clauses: met up to a level, not claimed above; changed are the first MUST and SHOULD at a level.

    The name of a change is ``must`` or ``should`` and a level, such as ``must_2``.
    """
    found = {clause: Verdict.MET if clause.conformance_level < level else Verdict.NOT_CLAIMED for clause in JUDGED}
    for name, verdict in changes.items():
        wanted, _, number = name.partition("_")
        fits = (wanted.upper(), int(number) - 1)
        found[next(clause for clause in JUDGED if (clause.level, clause.conformance_level) == fits)] = verdict
    return list(found.items())


@pytest.mark.parametrize(
    ("level", "changes", "headline", "code"),
    [
        (6, {}, "conformant", 0),
        (6, {"should_2": Verdict.NOT_CLAIMED}, "conformant", 0),
        (6, {"must_4": Verdict.KNOWN_DEVIATION}, "conformant with deviations", 0),
        (6, {"should_2": Verdict.KNOWN_DEVIATION}, "conformant with deviations", 0),
        (6, {"must_6": Verdict.NOT_CLAIMED}, "conformant at level 5", 0),
        (6, {"must_2": Verdict.NOT_CLAIMED}, "conformant at level 1", 0),
        (6, {"must_4": Verdict.UNDEFINED}, "conformant at level 3", 0),
        (3, {}, "conformant at level 3", 0),
        (3, {"must_2": Verdict.KNOWN_DEVIATION}, "conformant at level 3 with deviations", 0),
        (3, {"must_5": Verdict.KNOWN_DEVIATION}, "conformant at level 3 with deviations", 0),
        (3, {"must_5": Verdict.MET}, "conformant at level 3", 0),
        (3, {"must_5": Verdict.VIOLATED}, "non-conformant", 1),
        (3, {"should_4": Verdict.VIOLATED}, "non-conformant", 1),
        (3, {"must_2": Verdict.STALE_DEVIATION}, "non-conformant", 1),
        (3, {"must_6": Verdict.NOT_TESTABLE}, "non-conformant", 1),
        (6, {"must_1": Verdict.NOT_CLAIMED}, "unproven", 1),
        (0, {"must_2": Verdict.MET}, "unproven", 1),
        (0, {}, "unproven", 1),
        (6, {"must_6": Verdict.NOT_RUN}, "partial", 1),
        (6, {"should_2": Verdict.NOT_RUN}, "partial", 1),
        (0, {"must_1": Verdict.NOT_RUN}, "partial", 1),
        (6, {"must_6": Verdict.NOT_RUN, "must_1": Verdict.VIOLATED}, "non-conformant", 1),
        (6, {"must_6": Verdict.SUITE_ERROR, "must_1": Verdict.VIOLATED}, "error", 3),
    ],
)
def test_the_table_of_conclusions(level: int, changes: dict[str, Verdict], headline: str, code: int) -> None:
    """Line by line, and where two lines would fit, the first of them."""
    found = conclude(rows(level, **changes))

    assert (str(found), found.exit_code) == (headline, code)


def test_deviations_alone_prove_nothing() -> None:
    """A system of which every clause is declared to be broken has shown nothing."""
    assert conclude((clause, Verdict.KNOWN_DEVIATION) for clause in JUDGED).overall is Overall.UNPROVEN


def test_problems_of_declarations_count_as_broken() -> None:
    """But a fault of the suite goes before them."""
    assert conclude(rows(), problems=True).overall is Overall.NON_CONFORMANT
    assert conclude(rows(must_1=Verdict.SUITE_ERROR), problems=True).overall is Overall.ERROR


@pytest.mark.parametrize("verdict", [Verdict.UNDEFINED, Verdict.NOT_RUN, Verdict.NOT_CLAIMED, Verdict.VIOLATED])
def test_an_observation_changes_nothing(verdict: Verdict) -> None:
    """Where the interface is silent only an error of the suite counts."""
    assert conclude([*rows(), (SILENT, verdict)]) == conclude(rows())
    assert conclude([*rows(), (SILENT, Verdict.SUITE_ERROR)]).overall is Overall.ERROR


@PROPERTY
@given(ROWS)
def test_green_means_shown(found: list[tuple[Clause, Verdict]]) -> None:
    """Nothing is broken, left out or unknown, something is met, and a level is complete."""
    told = conclude(found)
    verdicts = {verdict for clause, verdict in found if clause.judged}

    if told.overall in GREEN:
        assert told.exit_code == 0
        assert told.level > 0
        assert Verdict.MET in verdicts
        assert not verdicts & {*FAILING, Verdict.NOT_RUN, Verdict.SUITE_ERROR}
    else:
        assert told.exit_code != 0


@PROPERTY
@given(st.dictionaries(st.sampled_from(JUDGED), st.sampled_from([Verdict.NOT_CLAIMED, Verdict.KNOWN_DEVIATION])))
def test_plain_conformant_means_that_every_must_was_judged(changes: dict[Clause, Verdict]) -> None:
    """And that all that MUST be kept is kept, without a deviation."""
    told = conclude({**dict(rows()), **changes}.items())
    must = {verdict for clause, verdict in {**dict(rows()), **changes}.items() if clause.level == "MUST"}

    assert (told.overall is Overall.CONFORMANT) == (must == {Verdict.MET} and not told.deviating)


@PROPERTY
@given(ROWS, st.randoms())
def test_the_order_of_clauses_does_not_matter(found: list[tuple[Clause, Verdict]], chance: object) -> None:
    """The conclusion is the same in any order."""
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert conclude(shuffled) == conclude(found)


@pytest.mark.parametrize(
    ("verdict", "judged"),
    [(verdict, verdict.value in ("met", "violated", "known deviation", "stale deviation")) for verdict in Verdict],
)
def test_a_clause_counts_as_judged_when_a_verdict_was_passed_on_it(verdict: Verdict, judged: bool) -> None:
    """What was not claimed, not run or could not be tried is not; nor is what is only observed."""
    found = conclude([*rows(0, must_3=verdict), (SILENT, verdict)])

    assert found.extent == f"{int(judged)} of {len(JUDGED)} judged"


def test_a_required_level_is_reached_or_not() -> None:
    """A level that is not complete is told in a line, with the one that is."""
    found: Conclusion = conclude(rows(2))

    assert [found.shortfall(level) for level in (None, 1, 2)] == ["", "", ""]
    assert found.shortfall(3) == "level 3 (errors) is required, but only 2 (lifecycle) is reached"
    assert conclude(rows(0)).shortfall(1) == "level 1 (shape) is required, but none is reached"
