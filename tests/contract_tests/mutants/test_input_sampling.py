"""Few inputs of a check: those like others, and those whose turn it is."""

from __future__ import annotations

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import all_checks, check_called
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import try_inputs
from contract_tests.engine.search import combinations
from contract_tests.mutants.input_sampling import in_turn, likeliest, nearest
from contract_tests.reference import SimulatedSystem

LISTS = check_called("list.complete/states")


def test_the_nearest_inputs_are_those_with_most_in_common() -> None:
    """What a mutant was seen with is looked for first: here a clone that runs."""
    found = nearest(LISTS, {"state": "running", "cloned": True}, 0)

    assert (found["state"], found["cloned"]) == ("running", True)


def test_the_same_words_count_under_another_name() -> None:
    """One check calls a state what is an end to another."""
    assert nearest(LISTS, {"ends": "dispatched"}, 0)["state"] == "dispatched"


def test_the_likeliest_checks_of_a_clause_come_first() -> None:
    """A mutant seen after an outage breaks, if at all, what is tried after one; where all are alike the first count.

    Of a clause about something else one is tried.
    """
    assert [check.id for check in likeliest("submit.meta", {"history": "through an outage"}, "submit.new-id")] == [
        "submit.meta",
        "submit.meta/many",
    ]
    alike = likeliest("submit.meta", {"count": 11}, "submit.new-id")
    assert [check.id for check in alike] == ["submit.meta/many", "submit.meta"]
    assert [check.id for check in likeliest("submit.meta", {"count": 11}, "list.own")] == ["submit.meta/many"]


def test_walks_are_not_among_the_likeliest() -> None:
    """They take long, and there is another check of all that they look at."""
    assert all(not check.kind for clause in CATALOGUE for check in likeliest(clause.id, {}, clause.id))


def test_every_input_has_its_turn() -> None:
    """After enough turns nothing that is listed was left out."""
    listed = combinations(LISTS)

    tried = [inputs for turn in range(len(listed)) for inputs in in_turn(LISTS, turn, 0)]

    assert all(inputs in tried for inputs in listed)
    assert len(in_turn(LISTS, 7, 0)) == 1


def test_one_input_is_tried_once() -> None:
    """A check that lists nothing has one turn's worth."""
    lone = next(check for check in all_checks() if not check.kind and not check.each and not check.inputs)

    assert in_turn(lone, 3, 0) == [{}]


def test_what_is_drawn_is_drawn_from_the_seed() -> None:
    """The same for the same seed, and something the check can be tried with."""
    drawing = next(check for check in all_checks() if check.inputs and not check.kind)

    (first, *_), (again, *_) = (in_turn(drawing, 0, 4) for _ in range(2))

    assert first == again
    assert try_inputs(drawing, first, SimulatedSystem).verdict in (Verdict.MET, Verdict.UNDEFINED)
