"""How fast a system is, from a few calls."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests import RealClock, System
from contract_tests.engine.scheduling import pace
from contract_tests.engine.scheduling.pace import Pace, measured
from contract_tests.reference import SimulatedSystem


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The real time, and the time spent computing; nothing else moves them."""
    clock = [0.0, 0.0]
    monkeypatch.setattr(pace, "monotonic", lambda: clock[0])
    monkeypatch.setattr(pace, "process_time", lambda: clock[1])
    return clock


def remote(now: list[float], reply: float, computing: float, *, sleeps: bool | None) -> type[System]:
    """A system that takes so many seconds for a list, and computes for some; without ``sleeps`` it has no clock."""

    class Clock(RealClock):
        def sleep(self, seconds: float) -> None:
            """Let time pass if it is real."""
            now[0] += seconds if sleeps else 0.0

    class Session:
        def submit_job(self, path: str) -> str:
            return "job"

        def list_jobs(self) -> list[Any]:
            now[0] += reply
            now[1] += computing
            return []

    class Remote(System):
        clock = None if sleeps is None else Clock()
        time_unit = 0.5

        def open_session(self, user: str = "") -> Any:
            """A session that takes its time."""
            return Session()

    return Remote


@pytest.mark.parametrize(
    ("reply", "computing", "sleeps", "waits"),
    [
        (0.0, 0.0, True, True),
        (0.1, 0.1, True, True),
        (0.1, 0.0, False, False),
        (0.1, 0.0, None, True),
        (0.1, 0.09, None, False),
        (0.001, 0.0, None, False),
    ],
)
def test_a_system_waits_on_a_real_clock_or_for_its_replies(
    now: list[float], reply: float, computing: float, sleeps: bool | None, waits: bool
) -> None:
    """A virtual clock lets no time pass; without one, what replies take is looked at, unless it is computing."""
    found = measured(remote(now, reply, computing, sleeps=sleeps))

    assert found.waits is waits
    assert found.second == (0.5 if waits else 0.0)
    assert found.reply == pytest.approx(reply * 3 / 5)


def test_the_reference_does_not_wait() -> None:
    """Its clock is virtual."""
    assert not measured(SimulatedSystem).waits


def test_what_can_not_be_measured_is_left_to_the_checks() -> None:
    """A system that can't be made has its failures told there."""

    def broken() -> System:
        raise OSError("no port is free")

    assert measured(broken) == Pace(0.0, 0.0, waits=False)


def test_a_pace_gives_the_seconds_of_calls_and_of_waiting() -> None:
    """And says itself in words."""
    assert Pace(0.01, 0.02, waits=True).seconds(10, 100) == pytest.approx(2.1)
    assert str(Pace(0.0123, 0.02, waits=True)) == "a call takes 12.3 ms, a contract second 0.02 s"
    assert str(Pace(0.0123, 0.0, waits=True)) == "a call takes 12.3 ms, waiting no time"
