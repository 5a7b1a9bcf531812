"""Modules of an application live on a clock while they are told to."""

from __future__ import annotations

import sys
import time
from types import ModuleType
from typing import Any

import pytest

from flare_sim import SimulatedServer, VirtualClock, time_in

SOURCE = """
import time
import time as clock_module
from time import monotonic, sleep as nap, time as now, mktime

other = 5


def wait(seconds):
    began = time.time()
    time.sleep(seconds)
    nap(1)
    return now() - began, monotonic() - began, clock_module.perf_counter() - began
"""


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module of an application, imported."""
    made = ModuleType("an_application")
    exec(SOURCE, made.__dict__)
    monkeypatch.setitem(sys.modules, made.__name__, made)
    return made


@pytest.mark.parametrize("named", [True, False])
def test_a_module_goes_by_the_clock(module: Any, named: bool) -> None:
    """Whether it says ``import time`` or takes functions from it, by name or as an object."""
    clock = VirtualClock(start=1000)
    with time_in(clock, "an_application" if named else module):
        waited = module.wait(3600)

    assert waited == (3601, 3601, 3601)
    assert clock.time() == 4601


def test_everything_is_put_back(module: Any) -> None:
    """Also after an exception; the rest was never touched."""
    before = dict(vars(module))
    with pytest.raises(ZeroDivisionError), time_in(VirtualClock(), module):
        module.other = module.time is not time and 1 / 0
    module.other = 5

    assert vars(module) == before
    assert module.time is time


def test_what_only_looks_like_a_function_of_time_is_left_alone(module: Any) -> None:
    """An object may claim what it likes."""

    class Pretender:
        __self__ = time
        __name__ = "sleep"

    module.pretender = Pretender()
    with time_in(VirtualClock(), module):
        assert isinstance(module.pretender, Pretender)


def test_the_innermost_counts(module: Any) -> None:
    """One clock inside another, and the outer one again afterwards."""
    outer, inner = VirtualClock(start=0), VirtualClock(start=0)
    with time_in(outer, module):
        with time_in(inner, module):
            module.wait(9)
        module.wait(4)

    assert (inner.time(), outer.time()) == (10, 5)


def test_nothing_changes_when_a_module_is_missing(module: Any) -> None:
    """What was named before it is not on the clock either."""
    with pytest.raises(ModuleNotFoundError, match="no_such_module"), time_in(VirtualClock(), module, "no_such_module"):
        pytest.fail("entered")

    assert module.time is time


@pytest.mark.parametrize("wrong", [5, "", None, b"time", ".jobs"])
def test_what_is_no_module_is_refused(wrong: Any) -> None:
    """It says what it was."""
    with pytest.raises(ValueError, match="time_in takes modules and their names, not"), time_in(VirtualClock(), wrong):
        pytest.fail("entered")


def test_a_server_sees_the_time_that_an_application_waits(module: Any) -> None:
    """An hour of sleep is an hour of a job."""
    with SimulatedServer() as server, time_in(server.clock, module):
        job_id = server.connect().submit_job("examples/hello-job")
        module.wait(3600)

        assert server.history(job_id)[-1].status == "FINISHED:COMPLETED"
