"""A plan: which checks draw something, and by what it is known again."""

from __future__ import annotations

from dataclasses import replace

from contract_tests.clauses.checks import all_checks
from contract_tests.engine.deviations import Deviation
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import RunSettings
from contract_tests.reference import SimulatedSystem
from contract_tests.sweep.plan import ONCE, Plan
from tests.contract_tests.sweep.systems import CLAUSE

PLAN = Plan("a:b", frozenset([CLAUSE]))


def test_every_check_is_tried_with_every_seed_or_once() -> None:
    """None is left out, and none is tried as both."""
    plan = Plan("a:b")

    assert sorted([*plan.checks(0), *plan.checks(ONCE)]) == sorted(all_checks())


def test_what_draws_nothing_is_tried_once() -> None:
    """Unless that is asked for with every seed."""
    thorough = replace(PLAN, every_check=True)

    assert [check.id for check in PLAN.checks(7)] == ["close.again"]
    assert [check.id for check in PLAN.checks(ONCE)] == ["close.again/much later"]
    assert [check.id for check in thorough.checks(7)] == ["close.again", "close.again/much later"]
    assert thorough.checks(ONCE) == []


def test_a_witness_is_the_same_with_every_seed() -> None:
    """It is replayed, so nothing is drawn; one that is yet to be found is sought with each."""
    known = Deviation(CLAUSE, "so it is", "", None, CLAUSE, {"times": 2, "pause": 0.0})
    expected = Deviation(CLAUSE, "so it is", "", None)

    assert replace(PLAN, deviations=(known,)).checks(0) == []
    assert [check.id for check in replace(PLAN, deviations=(expected,)).checks(0)] == ["close.again"]


def test_what_draws_nothing_comes_to_the_same_with_every_seed() -> None:
    """Down to the calls that are made."""
    for check in Plan("a:b").checks(ONCE)[::50]:
        first, second = (run_check(check, SimulatedSystem, RunSettings(2, seed)) for seed in (1, 2))

        assert first == second


def test_a_plan_is_known_again_by_all_that_decides_what_is_found() -> None:
    """Equal plans have one digest, and whatever differs makes another."""
    others = [
        replace(PLAN, system="a:c"),
        replace(PLAN, clauses=None),
        replace(PLAN, clauses=frozenset(["list.empty"])),
        replace(PLAN, examples=PLAN.examples + 1),
        replace(PLAN, combinations=1),
        replace(PLAN, every_check=True),
        replace(PLAN, deviations=(Deviation(CLAUSE, "so it is", "", None),)),
        replace(PLAN, suite="another"),
    ]

    assert Plan("a:b", frozenset([CLAUSE])).digest == PLAN.digest
    assert len({PLAN.digest, *(other.digest for other in others)}) == 1 + len(others)
