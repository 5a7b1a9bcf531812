"""The merged report: the same in whatever order what it is made of comes in, and what it adds up to."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.contract.verdict import Overall, Verdict
from contract_tests.engine.deviations import Deviation
from contract_tests.sweep.merged import Merged
from contract_tests.sweep.plan import ONCE, Plan
from contract_tests.sweep.trying import Failure, Found

CLAUSES = ("close.again", "delete.running")
PLAN = Plan("a:b", frozenset(CLAUSES))


def failure(cause: str = "a cause", told: str = "", check: str = "close.again") -> Failure:
    """A failure of a check."""
    return Failure(check, "violated", cause, told or f"told of {cause}")


def found(seed: int | None, first: Verdict = Verdict.MET, *failures: Failure) -> Found:
    """What came of a seed."""
    return Found(seed, {"close.again": first, "delete.running": Verdict.MET}, list(failures))


def merged(*every: Found, plan: Plan = PLAN, seeds: range = range(4)) -> Merged:
    """The report on all that."""
    made = Merged(plan, seeds)
    for one in every:
        made.add(one)
    return made


EVERY = (
    found(ONCE),
    found(0),
    found(1, Verdict.VIOLATED, failure("late", "told of 1"), failure("early", "told of 1")),
    found(2, Verdict.VIOLATED, failure("late", "told of 2")),
    found(3, Verdict.VIOLATED, failure("early", "told of 3"), failure("early", "told again")),
)


def test_the_order_in_which_seeds_come_in_makes_no_difference() -> None:
    """Nor that one comes in twice, or one that is not in the range."""
    expected = merged(*EVERY).to_json()
    draw = random.Random(0)
    for _ in range(20):
        shuffled = draw.sample(EVERY, len(EVERY))

        assert merged(*shuffled, *EVERY[:3], found(4), found(-1)).to_json() == expected


def test_every_clause_has_the_seeds_that_came_to_each_verdict() -> None:
    """And the worst of these; clauses are in the order of the catalogue."""
    second, first = merged(*EVERY).rows

    assert (first.clause.id, first.counts, first.verdict) == (
        "close.again",
        {Verdict.MET: 1, Verdict.VIOLATED: 3},
        Verdict.VIOLATED,
    )
    assert (second.clause.id, second.counts, second.verdict) == ("delete.running", {Verdict.MET: 4}, Verdict.MET)


def test_what_was_tried_once_counts_for_every_seed() -> None:
    """A promise that is broken without anything drawn is broken with every seed."""
    broken = found(ONCE, Verdict.VIOLATED, failure(check="close.again/much later"))
    (_, row) = merged(broken, *EVERY[1:]).rows
    (seen, *_) = merged(broken, *EVERY[1:]).failures

    assert row.counts == {Verdict.VIOLATED: 4}
    assert (seen.seeds, seen.seed) == (None, ONCE)
    assert seen.again.endswith("--seed 0")


def test_failures_are_told_apart_by_their_cause() -> None:
    """Each has the smallest seed that shows it, what is told of that, and the command."""
    early, late = merged(*EVERY).failures

    assert (early.seed, early.seeds, early.failure.told) == (1, 2, "told of 1")
    assert (late.seed, late.seeds, late.failure.told) == (1, 2, "told of 1")
    assert early.again == "flare-contract run a:b --clause close.again --seed 1"
    assert merged(*EVERY).failed == 2


def test_a_command_says_how_thoroughly_to_try_and_where_deviations_are_declared() -> None:
    """Whatever the verdict rests on."""
    declared = Deviation("close.again", "so it is", "", None, "close.again", {"times": 1, "pause": 0.0})
    plan = replace(PLAN, examples=3, deviations=(declared,))
    stale = Found(ONCE, {"close.again": Verdict.STALE_DEVIATION}, [failure()._replace(verdict="stale deviation")])
    made = Merged(plan, range(4), deviations_file=Path("my deviations.toml"))
    made.add(stale)
    (seen,) = made.failures

    assert seen.again == (
        "flare-contract run a:b --clause close.again --seed 0 --examples 3 --deviations 'my deviations.toml'"
    )


def test_what_is_left_is_what_was_not_tried() -> None:
    """First what draws nothing, then the seeds, the smallest first."""
    assert list(merged().left) == [ONCE, 0, 1, 2, 3]
    assert list(merged(*EVERY[:3]).left) == [2, 3]
    assert list(merged(*EVERY).left) == []
    assert list(merged(plan=replace(PLAN, every_check=True)).left) == [0, 1, 2, 3]


def test_a_seed_that_is_left_keeps_a_clause_from_being_met() -> None:
    """Not from being violated."""
    partial = merged(*EVERY[:2])
    violated = merged(*EVERY[:3])

    assert [row.verdict for row in partial.rows] == [Verdict.NOT_RUN, Verdict.NOT_RUN]
    assert partial.rows[1].counts == {Verdict.MET: 1}
    assert [row.verdict for row in violated.rows] == [Verdict.NOT_RUN, Verdict.VIOLATED]


def test_the_conclusion_is_that_of_a_run() -> None:
    """With the worst verdict on every clause."""
    plan = Plan("a:b")
    drawn, once = (
        {clause: Verdict.MET if CATALOGUE[clause].judged else Verdict.UNDEFINED for clause in plan.judged(seed)}
        for seed in (0, ONCE)
    )
    good = [Found(ONCE, once, []), Found(0, drawn, []), Found(1, drawn, [])]
    bad = Found(1, {**drawn, "close.again": Verdict.VIOLATED}, [failure()])
    wrong = Found(1, {**drawn, "close.again": Verdict.SUITE_ERROR}, [failure()])

    def concluded(*every: Found) -> tuple[Overall, int]:
        made = merged(*every, plan=plan, seeds=range(2))
        return made.conclusion.overall, made.exit_code

    assert concluded(*good) == (Overall.CONFORMANT, 0)
    assert concluded(*good[:2]) == (Overall.PARTIAL, 1)
    assert concluded(*good[:2], bad) == (Overall.NON_CONFORMANT, 1)
    assert concluded(*good[:2], wrong) == (Overall.ERROR, 3)
    assert merged(*EVERY[:2], seeds=range(1)).conclusion.overall is Overall.PARTIAL


def test_a_seed_that_was_given_up_leaves_no_verdict() -> None:
    """Exit code 3, and the report names it, but not how its processes ended: no two engines say that alike."""
    made = merged(*EVERY[:4])
    made.given_up = {3: "signal SIGKILL", ONCE: "exit code 7"}

    assert made.exit_code == 3
    assert made.as_dict()["given_up"] == [None, 3]


@pytest.mark.parametrize("made", [merged(*EVERY), merged(), merged(*EVERY[1:3], seeds=range(-5, 10**9))])
def test_the_report_fits_its_schema(made: Merged) -> None:
    """Also that on nothing."""
    schema = json.loads(files("contract_tests").joinpath("sweep.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    made.given_up = {2: "signal SIGKILL"}

    jsonschema.validate(json.loads(made.to_json()), schema)
