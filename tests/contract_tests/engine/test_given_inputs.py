"""A check tried on given inputs alone, and what a session refuses to be asked."""

from __future__ import annotations

import pytest

from contract_tests.clauses.checks import all_checks
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import RACES, run_check, try_inputs
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.exceptions import NotTestable
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers
from contract_tests.scenario.threads import at_once
from contract_tests.system.system import NotClaimed
from tests.contract_tests.faulty_systems import Narrow
from tests.contract_tests.made_up_checks import QUICK, check, run


def test_given_inputs_are_tried_once() -> None:
    """A single try neither searches nor shrinks."""
    tried = []

    def body(s: Scenario, number: int) -> None:
        tried.append(number)
        s.require(number < 10, "less than 10", number)

    result = try_inputs(check(body, number=integers(0, 100)), {"number": 70}, SimulatedSystem)

    assert (result.verdict, result.inputs, tried) == (Verdict.VIOLATED, {"number": 70}, [70])
    assert try_inputs(check(body, number=integers(0, 100)), {"number": 7}, SimulatedSystem).verdict is Verdict.MET


@pytest.mark.parametrize(("lost", "verdict", "tries"), [(3, Verdict.VIOLATED, 3), (RACES + 1, Verdict.MET, RACES)])
def test_races_are_run_until_one_is_lost(lost: int, verdict: Verdict, tries: int) -> None:
    """One try that a race has won by luck says nothing: a promise that is lost now and then does not count as kept."""
    systems = []

    def body(s: Scenario) -> None:
        systems.append(s.system)
        at_once(s, 2, lambda number: None)
        s.require(len(systems) != lost, "no race lost", "one")

    assert try_inputs(check(body), {}, SimulatedSystem).verdict is verdict
    assert len(systems) == len(set(map(id, systems))) == tries


def test_every_verdict_of_a_single_try_is_told() -> None:
    """Not claimed, not testable and suite error come out of a single try as they do of a search."""

    def body(s: Scenario, how: str) -> None:
        if how == "claim":
            raise NotClaimed("it")
        if how == "test":
            raise NotTestable("it")
        raise ZeroDivisionError

    found = [try_inputs(check(body), {"how": how}, SimulatedSystem).verdict for how in ("claim", "test", "crash")]

    assert found == [Verdict.NOT_CLAIMED, Verdict.NOT_TESTABLE, Verdict.SUITE_ERROR]


def test_inputs_that_do_not_fit_are_a_fault_of_the_suite() -> None:
    """A reproducer of an older release whose inputs have changed is no failure of the system."""
    result = try_inputs(check(lambda s, number: None), {"other": 1}, SimulatedSystem)

    assert result.verdict is Verdict.SUITE_ERROR


def test_a_form_that_a_session_does_not_take_is_left_out() -> None:
    """A check of something else is decided by the calls that the session takes."""
    flags = Each({}, {"all": True})
    kept = run(
        lambda s, flags: s.require(s.open().do("list_jobs", **flags).value == [], "[]", "more"), Narrow, flags=flags
    )
    broken = run(
        lambda s, flags: s.require(s.open().do("list_jobs", **flags).value, "jobs", "none"), Narrow, flags=flags
    )

    assert kept.verdict is Verdict.MET
    assert (broken.verdict, broken.inputs) == (Verdict.VIOLATED, {"flags": {}})


def test_a_check_of_which_nothing_is_left_is_not_testable() -> None:
    """No verdict without a single call."""
    result = run(lambda s: s.open().do("list_jobs", all=True), Narrow)

    assert result.verdict is Verdict.NOT_TESTABLE


def test_a_lost_parameter_is_held_against_a_session_once() -> None:
    """The clauses about the parameter name it, and what only happens to use it is judged without."""
    judged = {
        found.id: run_check(found, Narrow, QUICK).verdict
        for found in all_checks()
        if found.clause
        in ("list.all", "list.all-false", "list.dicts", "list.order", "download.no-effect", "life.final")
    }

    assert {name.partition("/")[0] for name, verdict in judged.items() if verdict is Verdict.VIOLATED} == {
        "list.all",
        "list.all-false",
    }
    assert set(judged.values()) == {Verdict.VIOLATED, Verdict.MET}
