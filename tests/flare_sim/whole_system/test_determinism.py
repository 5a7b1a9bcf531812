"""One seed, one scenario, one digest: in one process and others, under other hash seeds, time zones and Pythons."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from freezegun import freeze_time

from flare_sim import JobBehavior, Run, SimulatedServer
from tests.flare_sim.interpreters import SUPPORTED, interpreter
from tests.flare_sim.whole_system import long_scenario

ROOT = Path(long_scenario.__file__).parents[3]


def digest_of(python: str, **environment: str) -> str:
    """The digest that another Python comes to."""
    outcome = subprocess.run(
        [python, "-m", "tests.flare_sim.whole_system.long_scenario"],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        text=True,
    )
    return outcome.stdout.strip()


def test_a_scenario_played_twice_is_the_same() -> None:
    """Ids, metas, lists, results, trace and digest are equal, down to the last byte."""
    assert long_scenario.digest() == long_scenario.digest()


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONHASHSEED": "0"}, {"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "random", "TZ": "Asia/Kolkata"}],
    ids=str,
)
def test_a_scenario_is_the_same_in_another_process(environment: dict[str, str]) -> None:
    """Neither the hash seed nor the time zone changes anything."""
    assert digest_of(sys.executable, **environment) == long_scenario.digest()


@pytest.mark.parametrize("version", SUPPORTED)
def test_a_scenario_is_the_same_in_another_python(version: str) -> None:
    """Every supported Python comes to the same digest."""
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} on this machine")

    assert digest_of(python) == long_scenario.digest()


@pytest.mark.parametrize("moment", ["1999-12-31 23:59:59", "2038-01-19 03:14:08"])
def test_frozen_time_changes_nothing(moment: str) -> None:
    """On its own clock the server does not notice that the machine's is frozen."""
    expected = long_scenario.digest()
    with freeze_time(moment):
        frozen = long_scenario.digest()

    assert frozen == expected


def test_reading_leaves_no_trace() -> None:
    """However often somebody looks, the trace is the same."""

    def play(*, looking: bool) -> str:
        server = SimulatedServer()
        session = server.connect()
        job_id = session.submit_definition(long_scenario.SMALL)
        for _ in range(40):
            server.advance(0.25)
            if looking:
                session.get_job_meta(job_id)
                session.list_jobs(True, True)
                session.get_system_info()
                session.download_job_result(job_id)
        return server.trace.digest()

    assert play(looking=True) == play(looking=False)


def test_a_behavior_function_moves_no_ids() -> None:
    """Using one source of decisions more does not shift the ids of another."""

    def behave(run: Run) -> JobBehavior:
        run.write("x", run.job_id)
        return JobBehavior(run_seconds=1)

    plain, busy = SimulatedServer(), SimulatedServer(behavior=behave)

    assert [plain.submit(long_scenario.SMALL) for _ in range(3)] == [busy.submit(long_scenario.SMALL) for _ in range(3)]
