"""Verdicts: the tables that make one of many."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.contract.verdict import EXIT_CODES, FAILING, Overall, Verdict, of_clause, overall

PROPERTY = settings(deadline=None, database=None, derandomize=True)
VERDICTS = st.sampled_from(list(Verdict))
GOOD = (Overall.CONFORMANT, Overall.WITH_DEVIATIONS)


def test_verdicts_print_as_their_words() -> None:
    """A verdict in a text is its word, not the name of a member."""
    assert f"{Verdict.NOT_CLAIMED}" == "not claimed"
    assert f"{Overall.NON_CONFORMANT}" == "non-conformant"


@PROPERTY
@given(st.lists(VERDICTS))
def test_a_clause_has_the_verdict_of_one_of_its_checks(checks: list[Verdict]) -> None:
    """No verdict is made up, except that nothing tried means not run."""
    found = of_clause(checks)

    assert found in checks if checks else found is Verdict.NOT_RUN


@PROPERTY
@given(st.lists(VERDICTS, min_size=1), st.randoms())
def test_the_order_of_checks_does_not_matter(checks: list[Verdict], chance: object) -> None:
    """The verdict on a clause and on a run is the same in any order."""
    shuffled = list(checks)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert of_clause(shuffled) is of_clause(checks)
    assert overall(shuffled) is overall(checks)


@PROPERTY
@given(st.lists(VERDICTS))
def test_a_failing_check_is_never_outvoted(checks: list[Verdict]) -> None:
    """A clause with a failing check fails, or shows the suite at fault."""
    if FAILING & set(checks):
        assert of_clause(checks) in FAILING | {Verdict.SUITE_ERROR}


@PROPERTY
@given(st.lists(VERDICTS))
def test_a_clause_is_met_only_when_all_its_checks_are(checks: list[Verdict]) -> None:
    """Met means met by every check."""
    assert (of_clause(checks) is Verdict.MET) == (set(checks) == {Verdict.MET})


@PROPERTY
@given(st.lists(VERDICTS))
def test_a_clause_that_was_not_run_never_gives_conformant(clauses: list[Verdict]) -> None:
    """A run in part is partial at best."""
    assert overall([*clauses, Verdict.NOT_RUN]) not in GOOD


@PROPERTY
@given(st.lists(VERDICTS), st.sampled_from(sorted(FAILING)))
def test_one_failing_clause_is_enough(clauses: list[Verdict], failing: Verdict) -> None:
    """No number of met clauses makes up for a broken one."""
    assert overall([*clauses, failing]) in (Overall.NON_CONFORMANT, Overall.ERROR)


@PROPERTY
@given(st.lists(VERDICTS))
def test_a_fault_of_the_suite_is_never_blamed_on_the_system(clauses: list[Verdict]) -> None:
    """A suite error makes the run an error, whatever else was found, and nothing else does."""
    assert (overall(clauses) is Overall.ERROR) == (Verdict.SUITE_ERROR in clauses)


@PROPERTY
@given(st.lists(st.sampled_from([Verdict.NOT_CLAIMED, Verdict.UNDEFINED])))
def test_a_run_in_which_nothing_is_met_is_not_conformant(clauses: list[Verdict]) -> None:
    """A system that claims nothing has shown nothing."""
    assert overall(clauses) is Overall.PARTIAL


@pytest.mark.parametrize(
    ("clauses", "verdict"),
    [
        ([Verdict.MET], Overall.CONFORMANT),
        ([Verdict.MET, Verdict.NOT_CLAIMED, Verdict.UNDEFINED], Overall.CONFORMANT),
        ([Verdict.MET, Verdict.KNOWN_DEVIATION], Overall.WITH_DEVIATIONS),
        ([Verdict.MET, Verdict.KNOWN_DEVIATION, Verdict.NOT_RUN], Overall.PARTIAL),
        ([Verdict.MET, Verdict.STALE_DEVIATION], Overall.NON_CONFORMANT),
        ([Verdict.MET, Verdict.NOT_TESTABLE], Overall.NON_CONFORMANT),
        ([Verdict.VIOLATED, Verdict.SUITE_ERROR], Overall.ERROR),
        ([], Overall.PARTIAL),
    ],
)
def test_the_verdict_on_a_run(clauses: list[Verdict], verdict: Overall) -> None:
    """The table of DESIGN, row by row."""
    assert overall(clauses) is verdict


def test_exit_codes() -> None:
    """0 says conformant, 1 not or in part, 3 that the suite is at fault; 2 is kept for wrong usage."""
    assert {str(verdict): code for verdict, code in EXIT_CODES.items()} == {
        "conformant": 0,
        "conformant with deviations": 0,
        "partial": 1,
        "non-conformant": 1,
        "error": 3,
    }
