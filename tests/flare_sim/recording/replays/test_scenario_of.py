"""A recording starts a scenario: of the system that it was made on, as far as it tells."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

import flare_sim
from flare_sim import JobBehavior, JobDefinition, NoConnection, SimulatedServer, User, make_job
from flare_sim.recording import Recorder, replay, scenario_of
from flare_sim.scenarios.scenario import Scenario
from tests.flare_sim.recording.drawn_sessions import SEQUENCES, SERVERS, play
from tests.flare_sim.recording.replays.test_real_recording import REAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.flare_sim.recording.drawn_sessions import Step

TOML = """\
title = "What was recorded of flare-sim VERSION at 2026-01-01T00:00:00Z"
start = 2026-01-01 00:00:00+00:00
clients = [
    { name = "north" },
    { name = "south" },
    { name = "west" },
]
users = [
    { name = "ann", org = "lab", role = "lead" },
]
faults = [
    { fault = "partition", at = 200.0, lasting = 100.0 },
]

[[jobs.train]]
run_seconds = 20.0
outcome = "EXECUTION_EXCEPTION"

[[jobs.train]]
run_seconds = 30.0

[jobs.eval]
run_seconds = 5.0
"""


def test_it_says_what_the_recording_tells(tmp_path: Path) -> None:
    """Clients, users, what jobs did in turn by name, and when nobody got through."""
    fails, trains = JobBehavior(run_seconds=20, outcome="EXECUTION_EXCEPTION"), JobBehavior(run_seconds=30)
    behavior = {"train": (fails, trains), "eval": (JobBehavior(run_seconds=5),)}
    server = SimulatedServer(behavior=behavior, clients=["north", "south", "west"], users=[User("ann", org="lab")])
    server.faults.partition(after=180)
    server.faults.repair(after=290)
    jobs = {name: make_job(tmp_path / name) for name in behavior}
    with Recorder(tmp_path / "calls.jsonl", clock=server.clock) as recorder:
        session = recorder.record(server.connect("ann"))
        session.get_system_info()
        for name in ("train", "eval", "train", "train", "eval"):
            job_id = session.submit_job(jobs[name])
            session.monitor_job(job_id)
            session.get_job_meta(job_id)
        for time in (200, 300):
            server.advance(max(0.0, 1767225600 + time - server.clock.time()))
            with suppress(NoConnection):
                session.list_jobs()
    scenario = scenario_of(tmp_path / "calls.jsonl")

    assert scenario == Scenario.from_toml(TOML.replace("VERSION", flare_sim.__version__))
    assert replay(tmp_path / "calls.jsonl", scenario=scenario, tolerance=0).agrees


def test_a_scenario_of_a_real_system_is_like_it() -> None:
    """Every call turns out as on the real system, on a server of the scenario as it is read again."""
    scenario = Scenario.from_toml(scenario_of(REAL).to_toml())

    assert str(replay(REAL, scenario=scenario)) == "24 calls replayed: 24 agree."


@given(SEQUENCES, st.sampled_from(sorted(SERVERS)))
def test_every_recording_starts_a_scenario(steps: Sequence[Step], name: str) -> None:
    """It is the same when it was written and is read again."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "calls.jsonl"
        with SERVERS[name]() as server:
            play(server, steps, Path(folder), file)
        scenario = scenario_of(file)

    assert Scenario.from_toml(scenario.to_toml()) == scenario


def test_a_job_that_never_ran_takes_no_turn(tmp_path: Path) -> None:
    """As one that was aborted while it waited."""
    server = SimulatedServer(behavior=JobBehavior(run_seconds=10))
    job = make_job(tmp_path / "job")
    with Recorder(tmp_path / "calls.jsonl", clock=server.clock) as recorder:
        session = recorder.record(server.connect())
        session.abort_job(session.submit_job(job))
        job_id = session.clone_job(session.submit_job(job))
        session.monitor_job(job_id)
        session.list_jobs()

    assert scenario_of(tmp_path / "calls.jsonl").as_mapping()["jobs"] == {"job": {"run_seconds": 10.0}}


def test_a_job_is_called_as_its_meta_says(tmp_path: Path) -> None:
    """Also when no call has told its meta."""
    server = SimulatedServer(behavior=JobBehavior(run_seconds=10))
    assert JobDefinition.load(make_job(tmp_path / "folder", name="given")).name == "given"
    with Recorder(tmp_path / "calls.jsonl", clock=server.clock) as recorder:
        session = recorder.record(server.connect())
        session.monitor_job(session.submit_job(str(tmp_path / "folder")), poll_interval=0.5)

    (name,) = scenario_of(tmp_path / "calls.jsonl").as_mapping()["jobs"]
    assert name == "given"
