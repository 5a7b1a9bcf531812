"""`ScaledClock`: time that goes as fast as one likes, or stands still."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import JobBehavior, ScaledClock, SimulatedServer, VirtualClock
from flare_sim.on_clock.scaled_clock import HIGHEST_SPEED


def clock_on(other: VirtualClock, speed: float = 1.0, start: float | None = None) -> ScaledClock:
    """A clock on one that moves only when somebody sleeps on it."""
    return ScaledClock(speed, start, clock=other)


@pytest.mark.parametrize("speed", [0.5, 1, 60, HIGHEST_SPEED])
def test_it_goes_so_many_times_as_fast(speed: float) -> None:
    """While ten seconds pass on the other clock, so many times ten pass here."""
    machine = VirtualClock(0)
    clock = clock_on(machine, speed)
    machine.sleep(10)

    assert clock.time() == 10 * speed


@pytest.mark.parametrize("speed", [0.5, 1, 60])
def test_a_sleep_takes_as_much_less_there(speed: float) -> None:
    """Who sleeps here for a minute waits on the other clock for that divided by the speed."""
    machine = VirtualClock(0)
    clock = clock_on(machine, speed)
    clock.sleep(60)

    assert machine.time() == pytest.approx(60 / speed)
    assert clock.time() == pytest.approx(60, abs=1e-4)


def test_at_no_speed_it_moves_by_hand_alone() -> None:
    """Time on the other clock is no time here; a sleep moves it, at once."""
    machine = VirtualClock(0)
    clock = clock_on(machine, 0)
    machine.sleep(100)
    assert clock.time() == 0

    clock.sleep(5)
    assert clock.time() == 5
    assert machine.time() == 100


def test_it_can_be_moved_on_at_any_speed() -> None:
    """`skip` takes no time on the other clock."""
    machine = VirtualClock(0)
    clock = clock_on(machine, 2)
    clock.skip(3600)

    assert (clock.time(), machine.time()) == (3600, 0)


def test_it_begins_where_it_is_told_to() -> None:
    """A first reading that is given counts, else that of the other clock."""
    machine = VirtualClock(500)

    assert clock_on(machine, 60).time() == 500
    assert clock_on(machine, 60, start=7).time() == 7
    assert repr(clock_on(machine, 60)) == "ScaledClock(speed=60)"
    assert clock_on(machine, 60).speed == 60


def test_without_another_clock_it_goes_by_the_machine() -> None:
    """It goes on by itself, and not back."""
    clock = ScaledClock(1000)
    first = clock.time()

    assert clock.time() >= first > 1.6e9


@given(
    speed=st.floats(0.01, 1000),
    steps=st.lists(st.tuples(st.sampled_from(["sleep", "skip", "machine"]), st.floats(0, 1000)), max_size=8),
)
def test_time_is_the_sum_of_what_passed(speed: float, steps: list[tuple[str, float]]) -> None:
    """Whatever it is asked in whatever order, it shows what was slept, skipped and has passed elsewhere, scaled."""
    machine = VirtualClock(0)
    clock = clock_on(machine, speed)
    expected = 0.0
    for what, seconds in steps:
        before = clock.time()
        if what == "machine":
            machine.sleep(seconds)
        else:
            getattr(clock, what)(seconds)
        expected += seconds * (speed if what == "machine" else 1)
        assert clock.time() >= before

    assert clock.time() == pytest.approx(expected, rel=1e-6, abs=1e-3 * (1 + speed))


def test_a_server_lives_on_it() -> None:
    """A job of an hour takes a minute of the other clock at a speed of 60."""
    machine = VirtualClock()
    with SimulatedServer(clock=clock_on(machine, 60), behavior=JobBehavior(run_seconds=3600)) as server:
        began = machine.time()
        session = server.connect()
        session.monitor_job(session.submit_job("examples/hello-job"), poll_interval=60)

        assert 60 <= machine.time() - began <= 63


@pytest.mark.parametrize("speed", [-1, float("nan"), HIGHEST_SPEED * 2, "fast", None, True])
def test_no_speed(speed: Any) -> None:
    """What is no number from 0 to the highest speed is refused."""
    with pytest.raises(ValueError, match="speed must be a number from 0 to"):
        ScaledClock(speed)


@pytest.mark.parametrize("start", [float("inf"), "now", 1e13])
def test_no_start(start: Any) -> None:
    """What is no time is refused."""
    with pytest.raises(ValueError, match="a clock cannot start at"):
        ScaledClock(1, start)


@pytest.mark.parametrize("clock", [7, "noon", object(), VirtualClock])
def test_no_clock(clock: Any) -> None:
    """What is no clock is refused."""
    with pytest.raises(ValueError, match="clock"):
        ScaledClock(1, clock=clock)


@pytest.mark.parametrize("method", ["sleep", "skip"])
@pytest.mark.parametrize("seconds", [-1, float("nan"), "a while"])
def test_no_wait(method: str, seconds: Any) -> None:
    """What is no number of seconds is refused, at every speed."""
    for speed in (0, 1):
        with pytest.raises(ValueError, match="cannot sleep for"):
            getattr(ScaledClock(speed), method)(seconds)
