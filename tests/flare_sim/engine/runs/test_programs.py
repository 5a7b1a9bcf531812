"""Programs: what a run writes as time passes, as far as its behavior says, with how long it takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import JobBehavior
from flare_sim.engine.history import History
from flare_sim.engine.job import Output
from flare_sim.engine.runs.programs import begun, program_of, with_rounds


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ({"rounds": 5, "every": 60}, 300),
        ({"rounds": 3, "every": 2 / 3}, 2.000001),
        ({"rounds": 3, "every": 0}, 0),
        ({"rounds": 10_000, "every": 1e9}, 1e9),
        ({"rounds": 5, "every": 60, "run_seconds": 100}, 100),
        ({"rounds": 5}, None),
        ({"every": 60}, 300),
        ({"every": 60, "metrics": {"a": {"loss": [3, 2]}, "b": {"loss": [], "f1": [1, 2, 3]}}}, 180),
        ({"every": 60, "metrics": {"a": {}}}, 300),
        ({"metrics": "fedavg"}, None),
    ],
)
def test_a_run_takes_as_long_as_its_rounds(said: dict[str, Any], seconds: float | None) -> None:
    """If it says how long each is, and nothing else of its length; of how many there are, metrics may tell."""
    assert with_rounds(JobBehavior(**said)).run_seconds == seconds


@pytest.mark.parametrize(
    ("said", "rounds"),
    [({"every": 60}, 5), ({"every": 60, "run_seconds": 200}, None), ({"rounds": 3}, 3), ({"rounds": 3, "every": 1}, 3)],
)
def test_how_many_rounds_there_are_is_said_unless_time_decides(said: dict[str, Any], rounds: int | None) -> None:
    """A length that is said decides it where nobody says how many there are."""
    assert with_rounds(JobBehavior(**said)).rounds == rounds


@pytest.mark.parametrize(
    ("said", "rounds", "every", "fitting"),
    [
        ({"rounds": 5, "every": 60, "run_seconds": 100}, 5, 60, 1),
        ({"rounds": 4, "run_seconds": 100}, 4, 25, 4),
        ({"rounds": 3, "run_seconds": 1}, 3, 0.333333, 3),
        ({"rounds": 3, "run_seconds": 0}, 3, 0, 3),
        ({"every": 30, "run_seconds": 100}, 3, 30, 3),
        ({"every": 1e-6, "run_seconds": 100}, 10_000, 1e-6, 10_000),
        ({"every": 1e-7, "run_seconds": 3e-6}, 3, 1e-7, 3),
        ({"every": 0, "run_seconds": 100}, 5, 0, 5),
        ({"metrics": "fedavg", "run_seconds": 100}, 5, 20, 5),
        ({"round_files": {"a": ""}, "run_seconds": 100}, 5, 20, 5),
        ({"metrics": {"a": {"loss": [3, 2]}}, "run_seconds": 100}, 2, 50, 2),
        ({"metrics": {"a": {"loss": [1] * 10_001}}, "run_seconds": 100}, 10_000, 0.01, 10_000),
        ({"rounds": 3, "metrics": {"a": {"loss": [3, 2]}}, "run_seconds": 90}, 3, 30, 3),
    ],
)
def test_what_is_not_said_follows(said: dict[str, Any], rounds: int, every: float, fitting: int) -> None:
    """How many rounds there are from how long each is, or from what is to be written, or the other way round."""
    program = program_of(with_rounds(JobBehavior(**said)))

    assert program is not None
    assert (program.rounds, program.behavior.every, program.fitting) == (rounds, every, fitting)


@pytest.mark.parametrize(
    "said",
    [{}, {"run_seconds": 100, "result_files": {"a": ""}}, {"every": 200, "run_seconds": 100}],
)
def test_there_is_no_program_where_nothing_is_written(said: dict[str, Any]) -> None:
    """Rounds that are longer than the run are none; unless a function has something to add."""
    output = Output({}, 0)

    assert program_of(JobBehavior(**said)) is None
    assert begun(output, JobBehavior(**said)) is output
    assert program_of(JobBehavior(**said), noted=True) == begun(output, JobBehavior(**said), noted=True).program
    assert program_of(JobBehavior(**said), noted=True) is not None


@pytest.mark.parametrize("said", [{"timed_files": [(1, "a", "")]}, {"log_lines": [(1, "")]}])
def test_there_is_a_program_without_rounds(said: dict[str, Any]) -> None:
    """Of one that writes something at its time."""
    assert program_of(JobBehavior(**said)) == (JobBehavior(**said), 0)


def test_a_program_has_nothing_of_what_else_is_said() -> None:
    """Its length, and what is written over time."""
    over_time: dict[str, Any] = {
        "rounds": 2,
        "every": 3.0,
        "metrics": "fedavg",
        "round_files": {"a": "b"},
        "timed_files": [(1, "c", "d")],
        "log_lines": [(1, "e")],
    }
    behavior = JobBehavior(run_seconds=6, outcome="ABNORMAL", result_files={"x": "y"}, result_bytes=7, **over_time)
    output = begun(Output({"x": b"y"}, 7), behavior)

    assert output.program == (JobBehavior(**over_time), 6_000_000)
    assert output.history == History()
    assert output[:3] == ({"x": b"y"}, 7, ())


@given(st.integers(1, 10_000), st.floats(0, 1e6))
def test_rounds_that_make_a_run_fit_into_it(rounds: int, every: float) -> None:
    """All of them, whatever seconds are rounded to."""
    program = program_of(with_rounds(JobBehavior(rounds=rounds, every=every)))
    divided = program_of(JobBehavior(rounds=rounds, run_seconds=every))

    assert program is not None
    assert program.fitting == rounds or rounds * every > 1e9
    assert divided is not None
    assert divided.fitting == rounds
