"""Verdicts: their words, and the table that makes one of many."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.contract.verdict import EXIT_CODES, FAILING, Overall, Verdict, of_clause

PROPERTY = settings(deadline=None, database=None, derandomize=True)
VERDICTS = st.sampled_from(list(Verdict))


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
    """The verdict on a clause is the same in any order."""
    shuffled = list(checks)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert of_clause(shuffled) is of_clause(checks)


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


def test_exit_codes() -> None:
    """0 says conformant, also at a level, 1 not, or not shown, 3 that the suite is at fault; 2 is for wrong usage."""
    assert {str(verdict): code for verdict, code in EXIT_CODES.items()} == {
        "conformant": 0,
        "conformant with deviations": 0,
        "conformant at level": 0,
        "unproven": 1,
        "partial": 1,
        "non-conformant": 1,
        "error": 3,
    }
