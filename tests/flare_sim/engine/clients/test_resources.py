"""What a job asks of a client and what the client answers: by amounts, and by GPUs and their memory."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim.engine.clients.resources import FELL_OVER, Offer, counts_gpus, gpus_left, need_of, offer
from flare_sim.personality.quirks import GPUS_COUNTED, PORTABLE_RESOURCES

GPUS, MEMORY = "num_of_gpus", "mem_per_gpu_in_GiB"
COUNTED = frozenset({GPUS_COUNTED})
PORTABLE = frozenset({PORTABLE_RESOURCES})


def gpus(number: Any, memory: Any = None) -> dict[str, Any]:
    """So many GPUs, with so much memory each."""
    return {GPUS: number} if memory is None else {GPUS: number, MEMORY: memory}


@pytest.mark.parametrize(
    ("spec", "asked"),
    [
        ({}, {}),
        ({"other": gpus(1)}, {}),
        ({"site": gpus(1, 4)}, gpus(1, 4)),
        ({"site": gpus(0, 4)}, {}),
        ({"site": {**gpus(1), "num_of_cpus": 2, "memory": "4Gi"}}, gpus(1)),
        ({"site": {"process": gpus(2), "docker": {"image": "x"}}}, gpus(2)),
        ({"site": {"docker": {"image": "x"}}}, {}),
        ({"site": {"process": {**gpus(2), "num_of_cpus": 2}}}, {**gpus(2), "num_of_cpus": 2}),
        ({"@default": gpus(1, 4)}, gpus(1, 4)),
        ({"@default": gpus(1, 4), "site": gpus(2)}, gpus(2, 4)),
        ({"@default": gpus(1), "site": {"process": {"num_of_cpus": 2}}}, gpus(1)),
        ({"@default": gpus(1), "site": {"k8s": {}}}, gpus(1)),
        ({"@default": None, "site": gpus(2)}, gpus(2)),
    ],
)
def test_a_portable_spec_is_what_its_launcher_asks_for(spec: dict[str, Any], asked: dict[str, Any]) -> None:
    """What processes are asked for, over what all sites are; without what only launchers look at, and no zero GPUs."""
    assert need_of(spec, "site", PORTABLE) == asked
    assert need_of(spec, "site", frozenset()) == spec.get("site", {})


@pytest.mark.parametrize(
    ("has", "need", "answer"),
    [
        (None, {}, Offer(enough=True)),
        (None, gpus(0), Offer(enough=False)),
        (None, gpus(1), Offer(enough=False)),
        (gpus(1, 16), {MEMORY: 4}, Offer(enough=False, why=FELL_OVER)),
        (gpus(1, 16), gpus("x"), Offer(enough=False, why=FELL_OVER)),
        (gpus(1, 16), gpus(1, "x"), Offer(enough=False, why=FELL_OVER)),
        (gpus(1, 16), gpus(1, 16), Offer(enough=True)),
        (gpus(1, 16), gpus(1, 16.5), Offer(enough=False)),
        (gpus(2, 16), gpus(2), Offer(enough=True)),
        (gpus(2, 16), gpus(3), Offer(enough=False)),
        (gpus(2), gpus(2), Offer(enough=True)),
        (gpus(2), gpus(1, 1), Offer(enough=False)),
        (gpus(1, 16), [1], Offer(enough=False)),
    ],
)
def test_a_client_that_counts_gpus_answers_so(has: Any, need: Any, answer: Offer) -> None:
    """Whether as many have as much memory as is asked for; what is no number it falls over."""
    given_answer = offer(has, (), need, COUNTED)

    assert given_answer == answer
    assert given_answer.enough in (True, False)


@pytest.mark.parametrize("has", [None, {"tpus": 1}])
def test_a_client_answers_by_amounts_unless_gpus_are_counted(has: Any) -> None:
    """One that declares nothing has no limit; one that declares something else has none of GPUs."""
    assert offer(has, (), gpus(1), frozenset()) == Offer(enough=has is None)
    assert offer(has, (), [1], frozenset()) == Offer(enough=False)  # type: ignore[arg-type]
    assert counts_gpus(has, COUNTED) == (has is None)
    assert not counts_gpus(None, frozenset())


@given(st.integers(0, 4), st.integers(0, 16), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 8)), max_size=5))
def test_what_a_client_offers_it_has_to_give(number: int, memory: int, wishes: list[tuple[int, int]]) -> None:
    """A job that is offered GPUs leaves their memory less by what it asked for, on as many as it asked for."""
    has, given_so_far = gpus(number, memory), list[dict[str, Any]]()
    for wanted, each in wishes:
        before = gpus_left(has, given_so_far)
        need = gpus(wanted, each)
        enough = bool(number) and sum(left >= each for left in before) >= wanted
        assert offer(has, given_so_far, need, COUNTED).enough == enough
        if enough and wanted:
            given_so_far.append(need)
            after = gpus_left(has, given_so_far)
            assert (
                sorted(b - a for b, a in zip(before, after, strict=True)) == [0] * (number - wanted) + [each] * wanted
            )
            assert min(after) >= 0


def test_the_first_gpus_that_have_enough_are_taken() -> None:
    """One after the other, those too full left out."""
    has = gpus(3, 8)

    assert gpus_left(has, []) == [8, 8, 8]
    assert gpus_left(has, [gpus(1, 6)]) == [2, 8, 8]
    assert gpus_left(has, [gpus(1, 6), gpus(2, 4)]) == [2, 4, 4]
    assert gpus_left(has, [gpus(1, 6), gpus(1, 2)]) == [0, 8, 8]
    assert gpus_left(None, [gpus(1)]) == []
    assert gpus_left(gpus(2), [gpus(1)]) == [0, 0]


@given(st.integers(0, 5), st.lists(st.integers(0, 3), max_size=4), st.integers(-2, 6))
def test_amounts_are_used_up(has: int, others: list[int], wanted: int) -> None:
    """What other jobs hold is not there; what each of something has is compared, and not used up."""
    held = [{"licences": amount, "mem_per_licence": 1} for amount in others]

    assert offer({"licences": has}, held, {"licences": wanted}, frozenset()).enough == (
        wanted <= 0 or has - sum(others) >= wanted
    )
    assert offer({"mem_per_licence": has}, held, {"mem_per_licence": wanted}, frozenset()).enough == (
        wanted <= 0 or has >= wanted
    )


@pytest.mark.parametrize(
    "first", [pytest.param(-(10**400), id="huge"), -1, -1.5, float("nan"), -float("inf"), "2", None, True]
)
@pytest.mark.parametrize("second", [pytest.param(10**400, id="huge"), float("inf"), float("nan"), 2, 1.5])
@pytest.mark.parametrize("quirks", [frozenset(), COUNTED])
def test_what_is_no_amount_uses_nothing_up(first: Any, second: Any, quirks: frozenset[str]) -> None:
    """A job that asks for less than nothing leaves the next one neither more nor less, and nobody counts in vain."""
    has: dict[str, float] = gpus(1.5, 16.5) if quirks else {"gpu": 1.5}
    for name in has:
        before = offer(has, [], {**has, name: second}, quirks)

        assert offer(has, [{GPUS: 0, name: first}], {**has, name: second}, quirks) == before
