"""Clocks: ticks are exact, virtual time moves only when slept on, system time is whatever the system says."""

from __future__ import annotations

import threading
import time
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flare_sim import Clock, SystemClock, VirtualClock
from flare_sim.clock import LATEST, ClockError, now_on, quiet_ticks, sleep_ticks, to_seconds, to_ticks
from flare_sim.untrusted_values import shown
from tests.flare_sim.hostile_values import LyingFloat, LyingInt, Nothing

TICKS = st.integers(0, 2**33 * 1_000_000 - 1)


@given(TICKS)
@example(8_502_401_742_807_303)
@example(2**33 * 1_000_000 - 1)
def test_a_tick_survives_seconds(ticks: int) -> None:
    """A tick turned into float seconds and back is the same tick, until the year 2242."""
    assert to_ticks(to_seconds(ticks)) == ticks


@given(st.integers(-(10**18), 10**18))
def test_whole_seconds_are_exact(seconds: int) -> None:
    """Whole seconds become exactly a million ticks each, however many."""
    assert to_ticks(seconds) == seconds * 1_000_000


NO_TIMES: list[Any] = [
    *(float("nan"), float("inf"), -float("inf"), 1.7e308, 1e13, 10**400, True, None, "1", b"1", [1], 1j),
    *(Decimal(1), Fraction(1), Nothing()),
]
"""What is no number of seconds from or to the epoch."""


def test_an_impossible_sleep_is_refused() -> None:
    """A clock refuses to sleep backwards, longer than time is, or for no number, and does not move."""
    slept: list[float] = []
    clock = VirtualClock()
    for seconds in (-1.0, -1e-9, -1, *NO_TIMES):
        for one in (clock, SystemClock(sleep=slept.append), SystemClock()):
            with pytest.raises(ValueError, match="cannot sleep") as refused:
                one.sleep(seconds)
            assert f"for {shown(seconds)}: not a number" in str(refused.value)

    assert (clock.time(), slept) == (1767225600.0, [])


def test_an_impossible_start_is_refused() -> None:
    """A virtual clock starts at a time."""
    for start in NO_TIMES:
        with pytest.raises(ValueError, match="cannot start") as refused:
            VirtualClock(start)
        assert f"at {shown(start)}" in str(refused.value)


class Showing:
    """A clock that shows what it was made with."""

    def __init__(self, time: Any) -> None:
        self._time = time

    def time(self) -> Any:
        """Show it."""
        return self._time

    def sleep(self, seconds: float, /) -> None:
        """Return at once."""


def test_a_clock_that_shows_no_time_is_found_out() -> None:
    """Whoever reads it is told what it shows."""
    for shows in (*NO_TIMES, LATEST * 1.001, -LATEST * 1.001):
        with pytest.raises(ClockError) as found:
            now_on(Showing(shows))
        assert str(found.value) == f"the clock shows {shown(shows)}, which is no time in seconds since the epoch"


@given(st.integers(-(10**12), 10**12) | st.floats(-LATEST, LATEST))
def test_a_clock_is_read_to_the_tick(shows: float) -> None:
    """To the last time there is, in whole seconds or not."""
    for time_shown in (shows, LATEST, -LATEST, 10**12):
        assert now_on(Showing(time_shown)) == to_ticks(time_shown)


def test_numbers_that_lie_are_read_as_what_they_are() -> None:
    """A clock sleeps for the number that somebody handed over, not for what its methods say."""
    clock = VirtualClock(LyingInt(5))
    clock.sleep(LyingFloat(2.5))

    assert clock.time() == 7.5


def test_time_ends() -> None:
    """What would go beyond the last time is refused, and the clock stays as good as it was."""
    clock = VirtualClock(LATEST - 10)
    for _ in range(2):
        with pytest.raises(ClockError, match=r"no 10\.5 seconds left"):
            clock.sleep(10.5)
    clock.sleep(9.5)
    clock.sleep(0.5)

    assert clock.time() == LATEST == VirtualClock(LATEST).time()
    clock.sleep(0)
    with pytest.raises(ClockError, match="its time ends"):
        clock.sleep(1e-6)


def test_all_of_time_can_be_slept_through() -> None:
    """From as far before the epoch as a clock may begin, a wait as long as there is ends at the epoch."""
    clock = VirtualClock(-LATEST)
    clock.sleep(LATEST)

    assert clock.time() == 0


def test_a_longer_sleep_than_the_machine_can_is_refused() -> None:
    """What Python's own sleep overflows at is a time that cannot pass, and it is not waited for."""
    with pytest.raises(ValueError, match=r"cannot sleep for 100000000000\.0 seconds"):
        SystemClock().sleep(1e11)


def test_what_is_no_function_is_not_called() -> None:
    """It is refused when it is handed over, not when its time comes."""
    whats: list[Any] = [3, "sleep", Nothing()]
    for what in whats:
        for hand_over in (SystemClock, partial(VirtualClock().call_later, 1)):
            with pytest.raises(ValueError, match="must be a function") as refused:
                hand_over(what)
            assert f"not {shown(what)}" in str(refused.value)


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
    for longest in (60.0, None):
        told = repr(VirtualClock(5.5, longest))
        assert told == f"VirtualClock(start=5.5, max_seconds={longest})" == repr(eval(told))


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 2e12, True, "60", 1j])
def test_a_horizon_is_a_time_ahead(seconds: Any) -> None:
    """Or there is none."""
    assert repr(VirtualClock(max_seconds=LATEST)).endswith("max_seconds=1000000000000.0)")
    with pytest.raises(ValueError, match="max_seconds must be a number of seconds above 0"):
        VirtualClock(max_seconds=seconds)


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
    assert repr(clock) == f"SystemClock(sleep={shown(clock._sleep)})"


def test_a_sleep_in_ticks_says_whether_the_clock_has_moved() -> None:
    """None of no time has moved one, and a clock of somebody else's is asked for just that."""
    slept: list[float] = []
    frozen, other = Showing(5.0), Showing(5.0)
    other.sleep = slept.append  # type: ignore[method-assign]

    assert [sleep_ticks(VirtualClock(), ticks) for ticks in (0, 1)] == [False, True]
    assert [sleep_ticks(one, ticks) for one in (frozen, other) for ticks in (0, 1)] == [False] * 4
    assert slept == [0, 1e-6]


def test_time_is_quiet_until_something_is_called() -> None:
    """To the tick before it, or before the first that float seconds do not show."""
    clock = VirtualClock(0)
    assert quiet_ticks(clock) == 2**33 * 1_000_000 - 1
    clock.call_later(2**36, list)
    assert quiet_ticks(clock) == 2**33 * 1_000_000 - 1
    clock.call_later(5, list)
    clock.sleep(2)

    assert quiet_ticks(clock) == 2_999_999


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


def test_what_is_due_when_a_sleep_ends_is_called_in_it() -> None:
    """Not in the one after, which may never come."""
    clock, seen = VirtualClock(0), []
    clock.call_later(3.0, lambda: seen.append(clock.time()))
    clock.sleep(3.0)

    assert seen == [3.0]


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
