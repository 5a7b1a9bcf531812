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


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from([None, 0, 1, 3])), max_size=12), st.integers(0, 25))
def test_stepping_equals_running(plan: list[tuple[int, int | None]], until: int) -> None:
    """Doing entries one by one does the same, in the same order, as doing them at a stretch."""

    def play(*, stepping: bool) -> list[tuple[int, int]]:
        timeline = Timeline()
        done: list[tuple[int, int]] = []
        left = dict.fromkeys(range(len(plan)), 3)

        def act(number: int) -> int | None:
            done.append((timeline.now, number))
            left[number] -= 1
            return plan[number][1] if left[number] else None

        for number, (start, _) in enumerate(plan):
            timeline.at(start, act, number)
        if stepping:
            while (due := timeline.peek()) is not None and due <= until:
                assert timeline.step()
        else:
            timeline.run(until)
        return done

    assert play(stepping=True) == play(stepping=False)


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


@pytest.mark.parametrize("verb", ["run", "step"])
def test_an_exception_ends_its_entry_only(verb: str) -> None:
    """An action that raises is over; time stands at it, and the rest is done later."""
    timeline = Timeline()
    done: list[int] = []

    def fail(_: Any) -> None:
        timeline.at(1, lambda _: done.append(1))
        raise KeyError("broken")

    timeline.at(3, fail)
    timeline.at(4, lambda _: done.append(4))

    with pytest.raises(KeyError, match="broken"):
        timeline.run(10) if verb == "run" else timeline.step()

    assert (timeline.now, len(timeline), timeline.busy) == (3, 2, False)
    timeline.run(10)
    assert done == [1, 4]


def test_an_action_must_not_run_the_timeline() -> None:
    """Running inside an action is refused, and the timeline goes on afterwards."""
    timeline = Timeline()
    seen: list[str] = []

    def nested(_: Any) -> None:
        assert timeline.busy
        for verb in (lambda: timeline.run(5), timeline.step):
            with pytest.raises(RuntimeError, match="already running"):
                verb()
        seen.append("refused")

    timeline.at(1, nested)
    timeline.run(2)

    assert (seen, timeline.now) == (["refused"], 2)


def test_an_empty_timeline_has_nothing_to_do() -> None:
    """Peeking shows None and stepping says False."""
    timeline = Timeline(7)

    assert (timeline.peek(), timeline.head(), timeline.step(), timeline.now) == (None, None, False, 7)
    assert repr(timeline) == "<Timeline at 7, 0 waiting>"


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
