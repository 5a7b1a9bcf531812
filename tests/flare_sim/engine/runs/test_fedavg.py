"""Metrics that are made up: better from round to round, seeded, of each site, and their mean as FedAvg has it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim.engine.runs.fedavg import trained, weighted_mean

BOTH = ("site-1", "site-2")
SITES = st.lists(st.lists(st.sampled_from(["a", "b", "c"]), unique=True), max_size=12)


@given(SITES, st.integers(0, 12))
def test_fewer_rounds_are_a_beginning(rounds: list[list[str]], count: int) -> None:
    """What was reached in a round depends on nothing that comes later; who is away has nothing."""
    whole = list(trained("x", rounds))

    assert list(trained("x", rounds[:count])) == whole[:count]
    assert [list(told) for told in whole] == rounds


@pytest.mark.parametrize("job_id", ["a", "b", "c", "d"])
def test_it_gets_better_with_noise(job_id: str) -> None:
    """The mean in every round, what a site has not always; no two sites have the same."""
    rounds = list(trained(job_id, [BOTH] * 30))
    means = [weighted_mean(told) for told in rounds]
    losses = [mean["loss"] for mean in means]

    assert losses[:10] == sorted(losses[:10], reverse=True)
    assert means[-1]["loss"] < 0.3 < 1.5 < losses[0]
    assert means[-1]["accuracy"] > 0.85 > 0.45 > means[0]["accuracy"]
    assert all(told["site-1"] != told["site-2"] for told in rounds)
    steps = [first["site-1"]["loss"] - second["site-1"]["loss"] for first, second in pairwise(rounds)]
    assert min(steps) < 0 < max(steps)


def test_another_job_gets_on_otherwise() -> None:
    """The same one in the same way."""
    first, again, other = (list(trained(job_id, [BOTH] * 3)) for job_id in ("a", "a", "b"))

    assert first == again != other


def test_what_is_made_up_stays_as_it_was() -> None:
    """In every release, so that tests may know it."""
    assert list(trained("job", [("a", "b"), ("b",), ("a", "b")])) == [
        {
            "a": {"loss": 1.60188, "accuracy": 0.376001, "samples": 716},
            "b": {"loss": 1.832375, "accuracy": 0.284875, "samples": 1554},
        },
        {"b": {"loss": 1.405429, "accuracy": 0.453667, "samples": 1554}},
        {
            "a": {"loss": 0.953297, "accuracy": 0.632418, "samples": 716},
            "b": {"loss": 1.070509, "accuracy": 0.586078, "samples": 1554},
        },
    ]


def test_nothing_is_learned_while_nobody_is_there() -> None:
    """Then it goes on from where it was."""
    *_, after = trained("x", [BOTH, (), (), BOTH])
    *_, before = trained("x", [BOTH, BOTH])

    assert weighted_mean(after)["loss"] == pytest.approx(weighted_mean(before)["loss"], abs=0.1)


def test_values_stay_within_what_can_be() -> None:
    """However long it goes on, and whatever the luck."""
    for told in trained("x", [BOTH] * 500):
        for metrics in told.values():
            assert 0.15 <= metrics["loss"] <= 2.3
            assert 0.1 <= metrics["accuracy"] <= 0.95
            assert 200 <= metrics["samples"] <= 2000


def test_a_mean_is_weighed_by_samples() -> None:
    """Alike where nobody says how many, over those that tell a metric; of nothing there is none."""
    told = {"a": {"loss": 1.0, "samples": 3}, "b": {"loss": 2.0, "samples": 1, "f1": 0.5}}

    assert weighted_mean(told) == {"loss": 1.25, "f1": 0.5}
    assert weighted_mean({"a": {"loss": 1.0}, "b": {"loss": 2.0}}) == {"loss": 1.5}
    assert weighted_mean({"a": {"loss": 1.0, "samples": 0}, "b": {"loss": 2.0, "samples": -2}}) == {}
    assert weighted_mean({}) == {}
