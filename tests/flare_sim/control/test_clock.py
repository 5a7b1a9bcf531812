"""The clock of a server in another process: who sleeps on it moves it."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import JobBehavior, ScaledClock, SimulatedServer
from flare_sim.control import Control, ControlError, ControlledClock, ControlPort
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGAN = 1767225600.0


@pytest.fixture
def port() -> Iterator[ControlPort]:
    """The port of a server whose time stands still, and whose jobs run for a minute."""
    behavior = JobBehavior(run_seconds=60)
    with ControlPort(lambda: SimulatedServer(clock=ScaledClock(0, BEGAN), behavior=behavior)) as opened:
        yield opened


@pytest.fixture
def clock(port: ControlPort) -> ControlledClock:
    """Its clock."""
    return ControlledClock(Control(port.url, port.token))


def test_who_sleeps_moves_it(port: ControlPort, clock: ControlledClock) -> None:
    """At once, to the tick, and the server sees that time pass."""
    job_id = port.server.submit(definition())
    assert clock.time() == BEGAN
    clock.sleep(0.1)
    clock.sleep(0)
    clock.sleep(30)

    assert clock.time() == port.server.clock.time() == BEGAN + 30.1
    assert [(job.job_id, job.status) for job in port.server.jobs] == [(job_id, "RUNNING")]
    Control(port.url, port.token).advance(seconds=100)
    assert clock.time() == BEGAN + 130.1


def test_somebody_may_be_called_meanwhile(clock: ControlledClock) -> None:
    """In the order of their times, at that time, in a sleep in such a call as well, which goes on beside the other."""
    seen: list[tuple[str, float]] = []

    def note(name: str, seconds: float = 0) -> None:
        seen.append((name, clock.time() - BEGAN))
        clock.sleep(seconds)

    clock.call_later(8, lambda: note("later"))
    clock.call_later(2, lambda: note("first", 3))
    clock.call_later(2, lambda: note("second"))
    clock.call_later(100, lambda: note("never"))
    clock.sleep(1)
    assert seen == []
    clock.sleep(9)

    assert seen == [("first", 2), ("second", 2), ("later", 8)]
    assert clock.time() == BEGAN + 10


def test_what_is_called_may_fail(clock: ControlledClock) -> None:
    """The clock stands there, and goes on from there."""

    def fail() -> None:
        raise KeyError("mine")

    clock.call_later(2, fail)
    with pytest.raises(KeyError, match="mine"):
        clock.sleep(5)
    assert clock.time() == BEGAN + 2
    clock.sleep(5)
    assert clock.time() == BEGAN + 7


def test_the_sleeps_of_threads_add_up(clock: ControlledClock) -> None:
    """As on a virtual clock."""

    def sleep() -> None:
        for _ in range(5):
            clock.sleep(1)

    threads = [Thread(target=sleep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert clock.time() == BEGAN + 20


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), "x", None])
def test_no_wait(clock: ControlledClock, seconds: Any) -> None:
    """What is no time to wait for is refused, and nothing moves."""
    with pytest.raises(ValueError, match="cannot sleep for"):
        clock.sleep(seconds)
    with pytest.raises(ValueError, match="cannot sleep for"):
        clock.call_later(seconds, lambda: None)
    assert clock.time() == BEGAN


def test_nobody_to_call(clock: ControlledClock) -> None:
    """What can't be called is refused."""
    with pytest.raises(ValueError, match="act must be a function, not 3"):
        clock.call_later(1, 3)  # type: ignore[arg-type]


def test_nobody_is_there() -> None:
    """It says so."""
    clock = ControlledClock(Control("http://127.0.0.1:1", "token"))

    assert repr(clock) == "ControlledClock(Control('http://127.0.0.1:1'))"
    with pytest.raises(ControlError, match="no server answers"):
        clock.time()
    with pytest.raises(ControlError, match="no server answers"):
        clock.sleep(1)
