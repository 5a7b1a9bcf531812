"""What is done with one seed: the same as a run with it, as another process might do it."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from contract_tests.contract.verdict import Verdict
from contract_tests.engine.deviations import Deviation
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.sweep.merged import Merged
from contract_tests.sweep.plan import ONCE, Plan
from contract_tests.sweep.trying import AnotherSuite, look, tried
from contract_tests.system.lookup import BadSystem
from tests.contract_tests.faulty_systems import Reluctant
from tests.contract_tests.sweep.systems import CLAUSE, EXAMPLES, Moody

HERE = Moody.__module__
PLAN = Plan(f"{HERE}:Moody", frozenset([CLAUSE]), EXAMPLES)


@pytest.mark.parametrize("seed", range(6))
def test_a_seed_comes_to_the_verdict_of_a_run_with_it(seed: int) -> None:
    """What draws nothing is taken from the one time that it was tried."""
    run = run_suite(Moody, RunSettings(EXAMPLES, seed), clauses=[CLAUSE])
    merged = Merged(PLAN, range(seed, seed + 1))
    for found in (tried(PLAN, ONCE), tried(PLAN, seed)):
        merged.add(found)
    (verdict,) = (clause.verdict for clause in run.clauses if clause.clause.id == CLAUSE)

    assert [row.verdict for row in merged.rows] == [verdict]


def test_a_failure_is_told_in_a_line_with_its_cause() -> None:
    """With the line of code that it comes from."""
    seed = next(seed for seed in range(100) if tried(PLAN, seed).failures)
    found = tried(PLAN, seed)
    (failure,) = found.failures

    assert found.verdicts == {CLAUSE: Verdict.VIOLATED}
    assert (failure.check, failure.verdict) == (CLAUSE, "violated")
    assert failure.cause.startswith("RuntimeError, raised at ")
    assert failure.told.startswith("expected None, again; observed raised RuntimeError")


def test_what_is_found_can_be_sent() -> None:
    """A plan goes to another process, and what was found comes back."""
    plan = pickle.loads(pickle.dumps(PLAN))

    assert plan == PLAN
    assert pickle.loads(pickle.dumps(tried(plan, 0))) == tried(PLAN, 0)


def test_a_look_takes_in_what_the_system_says_of_itself() -> None:
    """How it wants to be tried, what it expects to fail, and whether it may be tried side by side."""
    found = look(Plan(f"{__name__}:Slow", examples=50))

    assert (found.plan.examples, found.plan.combinations, found.isolated) == (3, 2, False)
    assert found.plan.deviations == (Deviation("delete.running", "as it is", "", None),)


class Slow(Reluctant):
    """Wants to be tried little, by one process."""

    examples = 3
    combinations = 2
    isolated = False
    expected_failures = {"delete.running": "as it is"}  # noqa: RUF012 - as a system says it


def test_an_expected_failure_is_a_known_deviation_with_every_seed() -> None:
    """As in a run."""
    plan = replace(look(Plan(f"{__name__}:Slow")).plan, clauses=frozenset(["delete.running"]))

    assert tried(plan, 4).verdicts == {"delete.running": Verdict.KNOWN_DEVIATION}
    assert tried(plan, 4).failures == []


@pytest.mark.parametrize("work", [look, tried])
def test_another_suite_refuses_to_try_anything(work: object) -> None:
    """It might find something else."""
    assert callable(work)
    with pytest.raises(AnotherSuite, match="install the same"):
        work(replace(PLAN, suite="of another release"), 0)


@pytest.mark.parametrize("work", [look, tried])
def test_what_names_no_system_is_refused(work: object) -> None:
    """In the words of a run."""
    assert callable(work)
    with pytest.raises(BadSystem, match="nowhere"):
        work(replace(PLAN, system="nowhere.at_all:Thing"), 0)
