"""Clocks: ticks are exact, virtual time moves only when slept on, system time is whatever the system says."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import Clock, SystemClock, VirtualClock
from flare_sim.clock import to_seconds, to_ticks

TICKS = st.integers(0, 2**33 * 1_000_000 - 1)


@given(TICKS)
def test_a_tick_survives_seconds(ticks: int) -> None:
    """A tick turned into float seconds and back is the same tick, until the year 2242."""
    assert to_ticks(to_seconds(ticks)) == ticks


@given(st.integers(-(10**18), 10**18))
def test_whole_seconds_are_exact(seconds: int) -> None:
    """Whole seconds become exactly a million ticks each, however many."""
    assert to_ticks(seconds) == seconds * 1_000_000


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -float("inf"), -1.0, -1e-9])
def test_an_impossible_sleep_is_refused(seconds: float) -> None:
    """A virtual clock refuses to sleep backwards, for ever, or for no number, and does not move."""
    clock = VirtualClock()

    with pytest.raises(ValueError, match="cannot sleep"):
        clock.sleep(seconds)

    assert clock.time() == 1767225600.0


@pytest.mark.parametrize("start", [float("nan"), float("inf")])
def test_an_impossible_start_is_refused(start: float) -> None:
    """A virtual clock starts at a finite time."""
    with pytest.raises(ValueError, match="cannot start"):
        VirtualClock(start)


@given(st.lists(st.floats(0, 1e6), max_size=20))
def test_virtual_time_is_the_sum_of_the_sleeps(sleeps: list[float]) -> None:
    """Each sleep adds its ticks, at least one when it is above zero, and nothing else moves the clock."""
    clock = VirtualClock(0)
    expected = 0
    for seconds in sleeps:
        clock.sleep(seconds)
        expected += max(to_ticks(seconds), 1) if seconds > 0 else 0

        assert to_ticks(clock.time()) == expected


def test_threads_do_not_lose_virtual_time() -> None:
    """Sleeps of several threads on one clock all count."""
    clock = VirtualClock(0)

    def sleep() -> None:
        for _ in range(1000):
            clock.sleep(0.001)

    threads = [threading.Thread(target=sleep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert clock.time() == 4.0


def test_a_virtual_clock_says_what_it_shows() -> None:
    """Its representation builds a clock that shows the same."""
    assert repr(VirtualClock(5.5)) == "VirtualClock(start=5.5)"


def test_a_system_clock_asks_the_time_module_at_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """What replaces time.time and time.sleep is seen by a clock that was made before."""
    clock: Clock = SystemClock()
    slept: list[float] = []
    monkeypatch.setattr(time, "time", lambda: 42.0)
    monkeypatch.setattr(time, "sleep", slept.append)

    clock.sleep(3.0)

    assert (clock.time(), slept) == (42.0, [3.0])
    assert repr(clock) == "SystemClock()"


def test_a_system_clock_sleeps_as_it_is_told() -> None:
    """A clock given a sleep of its own calls it, with the seconds."""
    slept: list[float] = []
    clock = SystemClock(sleep=slept.append)

    clock.sleep(2.5)

    assert slept == [2.5]
    assert repr(clock).startswith("SystemClock(sleep=")


def test_somebody_acts_in_the_middle_of_a_sleep() -> None:
    """What is to be called later is called at its time, in the order asked for, and the sleep ends when it should."""
    clock, seen = VirtualClock(0), []
    clock.call_later(3.0, lambda: seen.append(("second", clock.time())))
    clock.call_later(1.5, lambda: seen.append(("first", clock.time())))
    clock.call_later(3.0, lambda: seen.append(("third", clock.time())))

    clock.sleep(1.0)
    assert seen == []
    clock.sleep(4.0)

    assert seen == [("first", 1.5), ("second", 3.0), ("third", 3.0)]
    assert clock.time() == 5.0
    clock.sleep(100.0)
    assert len(seen) == 3


def test_what_takes_time_in_a_sleep_goes_on_beside_it() -> None:
    """A sleep ends when its time is over, or later when what was called meanwhile takes longer."""
    clock = VirtualClock(0)
    clock.call_later(1.0, lambda: clock.sleep(2.0))
    clock.sleep(10.0)
    assert clock.time() == 10.0

    clock.call_later(1.0, lambda: clock.sleep(20.0))
    clock.sleep(10.0)

    assert clock.time() == 31.0


def test_one_call_may_ask_for_the_next() -> None:
    """Also for one that is due in the same sleep."""
    clock, seen = VirtualClock(0), []

    def tick() -> None:
        seen.append(clock.time())
        clock.call_later(2.0, tick)

    clock.call_later(2.0, tick)
    clock.sleep(7.0)

    assert seen == [2.0, 4.0, 6.0]
    assert clock.time() == 7.0


def test_an_error_of_what_is_called_ends_the_sleep() -> None:
    """The clock stands where it was raised."""
    clock = VirtualClock(0)

    def fail() -> None:
        raise LookupError("gone")

    clock.call_later(1.0, fail)
    with pytest.raises(LookupError, match="gone"):
        clock.sleep(5.0)

    assert clock.time() == 1.0


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -1.0])
def test_nothing_can_be_called_at_an_impossible_time(seconds: float) -> None:
    """No more than anybody could sleep until then."""
    with pytest.raises(ValueError, match="cannot sleep"):
        VirtualClock().call_later(seconds, list)
