"""The event engine: one total order, repeats in place, and failures that leave it whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim.engine.timeline import Timeline


@given(st.lists(st.integers(0, 50)), st.integers(0, 60))
def test_entries_are_done_by_time_and_then_as_asked_for(times: list[int], until: int) -> None:
    """Everything due is done in order of time, ties in the order they were put in; the rest waits."""
    timeline = Timeline()
    done: list[tuple[int, int]] = []
    for number, ticks in enumerate(times):
        timeline.at(ticks, done.append, (ticks, number))

    timeline.run(until)

    everything = sorted((ticks, number) for number, ticks in enumerate(times))
    assert done == [item for item in everything if item[0] <= until]
    assert (timeline.now, len(timeline)) == (until, len(everything) - len(done))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), max_size=8), st.integers(0, 100))
def test_a_repeating_entry_comes_at_every_period(timers: list[tuple[int, int]], until: int) -> None:
    """An action that returns ticks is done again that much later, and again."""
    timeline = Timeline()
    seen: dict[int, list[int]] = {number: [] for number in range(len(timers))}

    def fire(number: int) -> int:
        seen[number].append(timeline.now)
        return timers[number][1]

    for number, (start, _) in enumerate(timers):
        timeline.at(start, fire, number)
    timeline.run(until)

    for number, (start, period) in enumerate(timers):
        assert seen[number] == list(range(start, until + 1, period))


def test_the_past_is_now() -> None:
    """What is asked for at a time that has passed is done now; time never goes back."""
    timeline = Timeline(100)
    done: list[int] = []
    timeline.at(5, lambda _: done.append(timeline.now))
    timeline.after(-7, lambda _: done.append(timeline.now))

    def again(_: Any) -> int | None:
        done.append(timeline.now)
        return -50 if len(done) < 5 else None

    timeline.at(100, again)

    timeline.run(100)
    timeline.run(3)

    assert (done, timeline.now) == ([100] * 5, 100)


def test_entries_are_numbered_as_they_were_asked_for() -> None:
    """From 0 on, in whichever way; one that comes again has another number."""
    timeline = Timeline(10)
    timeline.at(12, lambda _: 3, "again")
    timeline.after(1, lambda _: None, "soon")
    timeline.at(10, lambda _: None, "now")
    assert [(ticks, number, what) for ticks, number, _, what in timeline.entries()] == [
        *((10, 2, "now"), (11, 1, "soon"), (12, 0, "again"))
    ]
    timeline.run(12)

    assert [(ticks, number, what) for ticks, number, _, what in timeline.entries()] == [(15, 3, "again")]
    assert timeline.serial == 4


def test_an_action_may_ask_for_more() -> None:
    """What an action asks for is done in its turn, even at the same tick."""
    timeline = Timeline()
    done: list[str] = []

    def first(_: Any) -> int:
        if not done:
            timeline.at(0, done.append, "asked")
            timeline.after(5, done.append, "later")
        done.append("first")
        return 10

    timeline.at(0, first)
    timeline.run(9)

    assert (done, len(timeline)) == (["first", "asked", "later"], 1)


def test_an_action_that_raises_is_done_again() -> None:
    """It is over once it is back, and not before; time stands at it, and the rest is done after it."""
    timeline = Timeline()
    done: list[int] = []

    def fail_first(_: Any) -> None:
        done.append(timeline.now)
        if len(done) == 1:
            timeline.at(1, lambda _: done.append(1))
            raise KeyError("broken")

    timeline.at(3, fail_first)
    timeline.at(4, lambda _: done.append(4))

    with pytest.raises(KeyError, match="broken"):
        timeline.run(10)

    assert (timeline.now, len(timeline), timeline.doing) == (3, 3, None)
    timeline.run(10)
    assert done == [3, 3, 1, 4]


def test_what_was_asked_for_can_be_forgotten() -> None:
    """As if nobody had asked: the next entry gets the number that the first of them had."""
    timeline = Timeline()
    done: list[str] = []
    timeline.at(5, done.append, "kept")
    before = timeline.serial
    for ticks in (9, 2, 7):
        timeline.at(ticks, done.append, "forgotten")

    timeline.forget_since(before)
    timeline.at(5, done.append, "later")
    timeline.run(10)

    assert (done, timeline.serial) == (["kept", "later"], before + 1)


def test_an_action_must_not_run_the_timeline() -> None:
    """Running inside an action is refused, and the timeline goes on afterwards."""
    timeline = Timeline()
    seen: list[str] = []

    def nested(_: Any) -> None:
        assert timeline.doing is timeline.head()
        with pytest.raises(RuntimeError, match=r"^the timeline is already running: an action must not run it$"):
            timeline.run(5)
        seen.append("refused")

    timeline.at(1, nested)
    timeline.run(2)

    assert (seen, timeline.now) == (["refused"], 2)


def test_an_empty_timeline_has_nothing_to_do() -> None:
    """Running it moves time, and that is all."""
    timeline = Timeline(7)
    timeline.run(9)

    assert (timeline.head(), timeline.now) == (None, 9)
    assert repr(timeline) == "<Timeline at 9, 0 waiting>"


def test_a_discarded_entry_is_not_done() -> None:
    """Discarding drops the next entry and moves no time."""
    timeline = Timeline()
    done: list[int] = []
    timeline.at(1, done.append, 1)
    timeline.at(2, done.append, 2)

    timeline.discard()
    timeline.run(5)

    assert done == [2]


def test_the_next_entry_is_the_first_that_is_not_stale() -> None:
    """Those before it are dropped; without any there is no time to tell."""
    timeline = Timeline(10)
    for ticks in (20, 30, 40):
        timeline.at(ticks, lambda _: None, ticks)

    assert timeline.next_in(lambda argument: argument < 30) == 20
    assert len(timeline) == 2
    assert timeline.next_in(lambda _: True) is None
    assert len(timeline) == 0
