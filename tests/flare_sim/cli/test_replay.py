"""flare-sim replay: what it prints, and what it exits with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from flare_sim import JobBehavior, SimulatedServer
from flare_sim.recording import record
from tests.flare_sim.cli.flare_sim_command import flare_sim

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def recorded(tmp_path: Path, job: str) -> str:
    """A recording of a job of a minute on four clients, by a user that no server knows unasked."""
    server = SimulatedServer(behavior=JobBehavior(run_seconds=60), clients=4, users=["ann"])
    with record(server.connect("ann"), tmp_path / "calls.jsonl") as session:
        session.get_system_info()
        session.monitor_job(session.submit_job(job))
    return str(tmp_path / "calls.jsonl")


def test_what_agrees_is_exit_0(recorded: str) -> None:
    """On a server with the clients, the users and the jobs of the recording."""
    result = flare_sim("replay", recorded, "--tolerance", "0", "--texts", "--digests")

    assert (result.exit_code, result.output) == (0, "4 calls replayed: 4 agree.\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--clients", "2"], 'simulator  ["site-1", "site-2"]'),
        (["--run-seconds", "5"], "simulator  8.000 s"),
        (["--job-seconds", "small=100"], "simulator  102.000 s"),
        (["--user", "ann:member"], "simulator  AuthorizationError: "),
        (["--progress", "immediate"], "recorded   62.000 s"),
    ],
)
def test_options_go_before_what_was_recorded(recorded: str, words: list[str], told: str) -> None:
    """What differs then is told, with exit code 1."""
    result = flare_sim("replay", recorded, *words)

    assert result.exit_code == 1
    assert told in result.output


def test_it_is_told_as_json(recorded: str) -> None:
    """Nothing else is printed."""
    result = flare_sim("replay", recorded, "--json", "--clients", "2")
    told = json.loads(result.output)

    assert (result.exit_code, told["format"], told["agrees"], told["calls"]) == (1, 1, False, 4)
    assert [(one["call"], one["what"]) for one in told["differences"]] == [(1, "client_info")]


def test_a_scenario_is_written(recorded: str, tmp_path: Path) -> None:
    """Whatever differs; replayed in it, the recording agrees."""
    file = tmp_path / "system.toml"
    written = flare_sim("replay", recorded, "--clients", "2", "--scenario-out", str(file))

    assert (written.exit_code, written.output.splitlines()[-1]) == (1, f"Scenario: {file}")
    again = flare_sim("replay", recorded, "--scenario", str(file))
    assert (again.exit_code, again.output) == (0, "4 calls replayed: 4 agree.\n")
    other = flare_sim("replay", recorded, "--scenario", str(file), "--clients", "3")
    assert (other.exit_code, "site-3" in other.output) == (1, True)


def test_what_is_no_recording_is_one_error(tmp_path: Path, recorded: str) -> None:
    """With the line, and exit code 2."""
    bad = tmp_path / "bad.jsonl"
    lines = (tmp_path / "calls.jsonl").read_text(encoding="ascii").splitlines(keepends=True)
    bad.write_text("".join([*lines[:2], "{}\n"]), encoding="ascii")
    result = flare_sim("replay", str(bad))

    assert (result.exit_code, result.output.splitlines()[-1]) == (2, f"Error: {bad}, line 3: it is no JSON object")


def test_the_help_says_what_it_is_not() -> None:
    """Another command goes by the same name."""
    assert "flare-contract replay" in " ".join(flare_sim("replay", "--help").output.split())
