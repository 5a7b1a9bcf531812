"""Conformance levels: each needs those below."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.contract.clause import CONFORMANCE_LEVELS, Clause
from contract_tests.contract.levels import GOOD, levels, reached
from contract_tests.contract.verdict import Verdict

JUDGED = [clause for clause in CATALOGUE if clause.judged]


def test_all_levels_are_reached_when_everything_is_met() -> None:
    """An implementation that keeps every clause is at the top."""
    assert reached((clause, Verdict.MET) for clause in JUDGED) == len(CONFORMANCE_LEVELS)


def test_every_level_has_clauses() -> None:
    """No level is reached for nothing."""
    assert all(level.clauses for level in levels((clause, Verdict.MET) for clause in JUDGED))


@settings(deadline=None, database=None, derandomize=True)
@given(st.sampled_from(JUDGED), st.sampled_from([verdict for verdict in Verdict if verdict not in GOOD]))
def test_one_clause_that_is_not_kept_stops_its_level_and_all_above(broken: Clause, verdict: Verdict) -> None:
    """Whatever is met above does not help; what is below stays reached. What it SHOULD keep may be left unclaimed."""
    found = levels((clause, verdict if clause is broken else Verdict.MET) for clause in JUDGED)
    rung = next(clause.conformance_level for clause in JUDGED if clause is broken)
    if verdict is Verdict.NOT_CLAIMED and broken.level == "SHOULD":
        rung = len(CONFORMANCE_LEVELS)

    assert [level.reached for level in found] == [number < rung for number in range(len(CONFORMANCE_LEVELS))]


def test_a_known_deviation_does_not_stand_in_the_way() -> None:
    """What is declared with its reason counts as kept."""
    assert reached((clause, Verdict.KNOWN_DEVIATION) for clause in JUDGED) == len(CONFORMANCE_LEVELS)


def test_a_level_says_how_much_of_it_is_kept() -> None:
    """Its number from one, its name, how many of its clauses are kept of how many, and whether it is reached."""
    first, *others = (clause for clause in JUDGED if clause.conformance_level == 1)
    found = levels((clause, Verdict.VIOLATED if clause is first else Verdict.MET) for clause in JUDGED)
    sizes = [sum(clause.conformance_level == number for clause in JUDGED) for number in range(len(CONFORMANCE_LEVELS))]

    assert [level.name for level in found] == list(CONFORMANCE_LEVELS)
    assert [level.number for level in found] == list(range(1, len(CONFORMANCE_LEVELS) + 1))
    assert [level.clauses for level in found] == sizes
    assert [level.kept for level in found] == [sizes[0], len(others), *sizes[2:]]
    assert [level.reached for level in levels([])] == [False] * len(CONFORMANCE_LEVELS)
