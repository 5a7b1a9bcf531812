"""What the name ``time`` means to code that lives on a clock."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest

from flare_sim import VirtualClock
from flare_sim.on_clock.client_time import ClientTime, SessionTime


def test_every_reading_is_the_clocks() -> None:
    """Whichever function a client reads time with, it is the same time."""
    clock = VirtualClock(start=1000.5)
    stand_in = ClientTime(clock)

    assert (stand_in.time(), stand_in.monotonic(), stand_in.perf_counter()) == (1000.5, 1000.5, 1000.5)
    assert stand_in.time_ns() == 1_000_500_000_000


def test_sleeping_moves_the_clock() -> None:
    """And nothing waits."""
    clock = VirtualClock(start=0)

    ClientTime(clock).sleep(86_400)

    assert clock.time() == 86_400


def test_a_negative_sleep_is_refused_as_the_real_one_is() -> None:
    """The error is the real module's, to the letter."""
    with pytest.raises(ValueError, match=r"^sleep length must be non-negative$"):
        ClientTime(VirtualClock()).sleep(-1)


@pytest.mark.parametrize("length", [None, "1", Decimal(1)])
def test_a_sleep_that_is_no_number_is_refused_as_the_real_one_is(length: Any) -> None:
    """And nobody slept: the real module is asked with what it refuses alone."""
    with pytest.raises(TypeError) as real:
        time.sleep(length)
    with pytest.raises(TypeError) as simulated:
        ClientTime(VirtualClock()).sleep(length)

    assert str(simulated.value) == str(real.value)


def test_what_is_not_about_now_is_the_real_modules() -> None:
    """Formatting a time needs no clock."""
    stand_in = ClientTime(VirtualClock())

    assert stand_in.gmtime(0) == time.gmtime(0)
    assert stand_in.ctime(0) == time.ctime(0) != stand_in.ctime()
    assert stand_in.strftime("%Y", stand_in.gmtime(0)) == "1970"
    with pytest.raises(AttributeError):
        _ = stand_in.no_such_function


def test_a_session_never_reads_the_same_time_twice() -> None:
    """However small the step, it is one; and what the clock says counts as soon as it is more."""
    clock = VirtualClock(start=1000)
    stand_in = SessionTime(clock)
    first, second = stand_in.time(), stand_in.time()

    assert first == 1000 < second < 1000.000001
    clock.sleep(1)
    assert stand_in.time() == 1001
