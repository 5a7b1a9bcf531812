"""Drawn calls and tours: which calls are made, by whom and on which job, before anybody knows what comes of them."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import lru_cache
from hashlib import blake2b
from itertools import product
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.drawn_calls import (
    MANY,
    TOUR_CALLS,
    any_call,
    many,
    tour,
)
from contract_tests.sequences.player import ON_JOBS, PLANS, Player

PAIRS = [*product(TOUR_CALLS, TOUR_CALLS)]
SUBMITS = [["submit", 0, "waits"], ["submit", 2, "waits"], ["submit", 1, "long"]]
LOOKS = ("meta", "list", "info")


@lru_cache(maxsize=1)
def drawn() -> dict[str, list[tuple[Any, ...]]]:
    """The arguments that are drawn for each call, in so many draws that nothing likely is missed."""
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)

    @settings(max_examples=80, database=None, derandomize=True, deadline=None, phases=[Phase.generate])
    @given(st.lists(any_call(), min_size=60, max_size=60))
    def draw(calls: list[list[Any]]) -> None:
        for call in calls:
            found[call[0]].append(tuple(call[1:]))

    draw()
    return found


def values(name: str, place: int) -> set[Any]:
    """The values that are drawn for an argument of a call."""
    return {arguments[place] for arguments in drawn()[name]}


def test_every_call_of_a_player_may_be_drawn() -> None:
    """But for those that the exploration, walks and occasions make."""
    calls = {name.removeprefix("_").replace("_", " ") for name in vars(Player) if f"_{name[1:]}" == name}

    assert drawn().keys() == {*ON_JOBS, "submit", "list", "sleep", "info", "reopen"} - {"abort while", "inside"}
    assert drawn().keys() <= calls


@pytest.mark.parametrize("name", ["submit", "list", "info", "reopen", "clone", "meta", "delete", "abort", "download"])
def test_any_session_makes_a_call(name: str) -> None:
    """Both of both users."""
    assert values(name, 0) == {0, 1, 2, 3}


@pytest.mark.parametrize("name", sorted({*ON_JOBS} - {"abort while", "inside"}))
def test_a_call_may_be_about_any_job(name: str) -> None:
    """The first seven, the newest and the one before it."""
    assert values(name, 0) == {0, 1, 2, 3}
    assert values(name, 1) == {-1, 0, 1, 2, 3, 4, 5, 6, 7}


def test_what_else_is_drawn_for_a_call() -> None:
    """Every plan, every way to list, seconds from a quarter to minutes, what a callback does, and when it ends."""
    assert values("submit", 1) == {*PLANS}
    assert {arguments[1:] for arguments in drawn()["list"]} == {*product([False, True], repeat=2)}
    assert values("sleep", 0) == {0.25, 1.0, 3.0, 10.0, 60.0, 300.0}
    assert values("watch", 2) == {"abort", "delete", "clone", "meta"}
    assert values("watch", 3) == {1, 2}
    assert {1, 20} <= values("monitor", 2) <= {*range(1, 21)}
    assert values("monitor", 3) == {0, 1, 2, 3}


@pytest.mark.parametrize("call", TOUR_CALLS)
def test_a_tour_of_every_call_agrees_with_the_model(call: str) -> None:
    """It can be played on the reference, followed by the next kind of call."""
    player = Player(Scenario(SimulatedSystem()))
    following = TOUR_CALLS[(TOUR_CALLS.index(call) + 1) % len(TOUR_CALLS)]

    for each in tour(call, following):
        player.play(each)
    assert player.jobs >= 5


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_two_kinds_of_calls_meet_on_jobs_of_both_users(first: str, second: str) -> None:
    """The first kind on all of three jobs before the second; each by both users, and on the jobs of both."""
    calls = tour(first, second)
    kinds = [call[0] for call in calls[5:] if call[0] in (first, second)]

    assert calls[:5] == [*SUBMITS, ["list", 2, True, False], ["sleep", 3.0]]
    assert kinds[:4] == [first, first, first, second]
    for kind in {first, second} - {"sleep", "reopen"}:
        made = [call for call in calls if call[0] == kind]
        assert {call[1] // 2 for call in made} == {0, 1} or kind == second
        assert {call[2] for call in made} >= ({1, 2} if kind == first else {1, 4})
    assert all(call[1] in range(4) for call in calls if call[0] != "sleep")


@pytest.mark.parametrize(("first", "second"), [("clone", "abort"), ("delete", "sleep"), ("reopen", "monitor")])
def test_everybody_looks_at_all_after_what_happens(first: str, second: str) -> None:
    """Both users, in all of their sessions, one by one and in lists of every kind; after each of five parts."""
    calls = tour(first, second)
    one = calls.index(["meta", 0, 1], 8)
    size = calls.index(["info", 0]) + 1 - one
    looks = [calls[at : at + size] for at, call in enumerate(calls) if call == ["meta", 0, 1] and at >= one]

    assert looks == [looks[0]] * 5
    assert {call[2] for call in looks[0] if call[0] == "meta"} == {1, 2, 3, 4, 5}
    assert {call[1] for call in looks[0] if call[0] == "meta"} == {0, 1, 2, 3}
    assert sorted(call[1] for call in looks[0] if call[0] == "list") == [0, 1, 2, 3]
    assert {tuple(call[2:]) for call in looks[0] if call[0] == "list"} == {*product([False, True], repeat=2)}
    assert looks[0][-1] == ["info", 0]
    assert calls[-size:] == looks[0]


def test_a_tour_ends_with_the_end_of_jobs() -> None:
    """Each of three is monitored, deleted, monitored and cloned, by a session of the first user."""
    calls = [call for call in tour("sleep", "sleep") if call[0] in ("monitor", "delete", "clone")]

    assert calls == [
        call
        for number in (1, 3, 6)
        for call in (
            ["monitor", 1, number, 2, 0],
            ["delete", 1, number],
            ["monitor", 1, number, 2, 0],
            ["clone", 1, number],
        )
    ]


def test_time_passes_on_a_tour() -> None:
    """So that jobs run, and a short one is done; a minute where sleeping is what the tour is about."""
    calls = tour("clone", "abort")

    assert [call[1] for call in calls if call[0] == "sleep"] == [3.0, 10.0]
    assert [call for call in calls if call[0] == "submit"] == [
        *SUBMITS,
        ["submit", 3, "short"],
        ["submit", 0, "waits"],
    ]
    assert ["sleep", 60.0] in tour("sleep", "abort")
    assert ["monitor", 0, 1, 3, 2] in tour("monitor", "abort")
    assert ["reopen", 0] in calls


def test_tours_are_what_they_were() -> None:
    """Reproducers hold their calls, and what they are about was thought out: none changes by the way."""
    tours = json.dumps([tour(*pair) for pair in PAIRS])

    assert blake2b(tours.encode(), digest_size=8).hexdigest() == "79189a12bff486f5"


def test_a_long_sequence_makes_every_call_more_than_a_hundred_times() -> None:
    """And leaves few jobs at any time."""
    made = [call[0] for call in many()]

    for name in ("submit", "clone", "abort", "delete", "download", "monitor", *LOOKS):
        assert made.count(name) >= MANY > 100
    assert made.count("submit") + made.count("clone") - made.count("delete") < 5
