"""What is said of a run that takes its time."""

from __future__ import annotations

import pytest

from contract_tests.engine.scheduling import remarks
from contract_tests.engine.scheduling.remarks import Remarks, duration


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time; nothing moves it."""
    clock = [0.0]
    monkeypatch.setattr(remarks, "monotonic", lambda: clock[0])
    return clock


def test_how_long_it_will_take_is_told_beforehand(now: list[float]) -> None:
    """One by one, and side by side: not sooner than the longest of all."""
    told: list[str] = []
    made = Remarks(told.append, {"a": 100.0, "b": 20.0})
    made.begin("a call takes 3 ms", 0, 1)
    made.begin("a call takes 3 ms", 0, 8)

    assert told == [
        "a call takes 3 ms: 2 checks take about 2 min one by one",
        "a call takes 3 ms: 2 checks take about 2 min one by one, side by side 2 min at the least",
    ]


def test_how_far_it_has_come_is_told_by_what_is_done(now: list[float]) -> None:
    """A check that takes nine tenths of the time is nine tenths of the way."""
    told: list[str] = []
    made = Remarks(told.append, {"a": 90.0, "b": 5.0, "c": 5.0})
    now[0] = 45.0
    made.done("a", 4)

    assert told == ["1 of 3 checks, 45 s, about 5 s left, 4 at once"]


def test_how_far_it_has_come_is_told_ten_times_at_most(now: list[float]) -> None:
    """Whenever another tenth is done, but for the last."""
    told: list[str] = []
    made = Remarks(told.append, dict.fromkeys("abcdefghijklmnopqrst", 1.0))
    for check in "abcdefghijklmnopqrst":
        now[0] += 1.0
        made.done(check, 1)

    assert [line.partition(",")[0] for line in told] == [f"{done} of 20 checks" for done in range(2, 19, 2)]


def test_a_first_look_says_how_far_it_is(now: list[float]) -> None:
    """In ten steps, however many there are."""
    told: list[str] = []
    made = Remarks(told.append, {})
    made.begin("slow", 20, 2)
    del told[:]
    for left in reversed(range(20)):
        made.looks(left)

    assert told == [f"first look: {done} of 20 checks, 0 s" for done in range(2, 21, 2)]


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "0 s"), (99.4, "99 s"), (100.0, "2 min"), (3600.0, "60 min")])
def test_seconds_are_said_as_people_do(seconds: float, words: str) -> None:
    """Nobody counts the seconds of an hour."""
    assert duration(seconds) == words
