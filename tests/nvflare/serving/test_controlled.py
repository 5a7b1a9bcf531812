"""A system in another process that is controlled from here: by its file, by ``flare-sim ctl``, in a project's tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim.control import ControlError, ServedSystem, served
from flare_sim.serving import Control
from tests.flare_sim.job_samples import write_job
from tests.nvflare.serving.served import ADMIN, connected, serve, started
from tests.project.tree import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def system() -> Iterator[ServedSystem]:
    """A system whose time stands still."""
    with served("--speed", "0", "--seed", "3") as running:
        yield running


@pytest.fixture
def job(tmp_path: Path) -> str:
    """A job, which NVFLARE's clients sign in place."""
    return write_job(tmp_path / "small")


@pytest.fixture
def session(system: ServedSystem) -> Iterator[Any]:
    """NVFLARE's own session of the administrator, with a fresh system."""
    system.control.reset()
    opened = connected(ADMIN, system.kits[ADMIN])
    yield opened
    opened.close()


def ctl(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [sys.executable, "-m", "flare_sim", "ctl", "--control", str(path), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_time_moves_when_it_is_told_to(system: ServedSystem, session: Any, job: str) -> None:
    """A client of NVFLARE sees what came of it."""
    job_id = session.submit_job(job)
    assert session.get_job_meta(job_id)["status"] == "SUBMITTED"
    system.control.advance(seconds=3)
    assert session.get_job_meta(job_id)["status"] == "RUNNING"
    system.control.fault("drop", client="site-1")
    system.control.advance(seconds=700)

    assert [client.name for client in session.get_system_info().client_info] == ["site-2"]
    assert system.control.state()["seed"] == 3
    assert system.control.requests()[0]["user"] == ADMIN


def test_a_fresh_system_takes_its_place(system: ServedSystem, session: Any, job: str) -> None:
    """In a scenario: the open session goes on there, and knows nothing of before."""
    session.submit_job(job)
    system.control.reset(scenario={"clients": ["a", "b", "c"], "start": 1_800_000_000})

    assert session.list_jobs() == []
    assert len(session.get_system_info().client_info) == 3
    assert system.control.state()["time"] == 1_800_000_000
    system.control.reset()
    assert system.control.state()["seed"] == 3


def test_what_makes_no_sense_changes_nothing(system: ServedSystem, session: Any) -> None:
    """The system there is goes on."""
    system.control.reset(clients=5)
    with pytest.raises(ControlError, match="clients: a system cannot have -1 clients"):
        system.control.reset(scenario={"clients": -1})

    assert len(session.get_system_info().client_info) == 5


def test_the_command_line_says_how(tmp_path: Path, job: str) -> None:
    """The file is there while the server is, for its user alone; SIGTERM ends both."""
    path = tmp_path / "ctl.json"
    with serve(tmp_path, "--speed", "0", "--control-file", str(path), "--job", job) as running:
        assert f"  flare-sim ctl --control {path} state\n" in running.said()
        assert running.told["control"] == str(path)
        assert os.stat(path).st_mode & 0o777 == 0o600
        assert ctl(path, "advance", "60").returncode == 0
        assert json.loads(ctl(path, "state").stdout)["jobs"] == {"FINISHED:COMPLETED": 1}
        Control.from_file(path).reset()
        assert json.loads(ctl(path, "state").stdout)["jobs"] == {"SUBMITTED": 1}
        wrong = ctl(path, "fault", "partiton")
        assert (wrong.returncode, wrong.stderr[:35]) == (1, "Error: there is no fault 'partiton'")
        assert running.stop() == 0

    assert not path.exists()
    assert ctl(path, "state").returncode == 1


def test_a_kept_system_is_not_made_anew(tmp_path: Path) -> None:
    """Nobody loses what is in a file by the way."""
    state, path = tmp_path / "twin.flare", tmp_path / "ctl.json"
    refused = pytest.raises(ControlError, match="a system that is kept in a state file is not made anew")
    with serve(tmp_path, "--state", str(state), "--control-file", str(path)), refused:
        Control.from_file(path).reset()


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    """It may be another server's."""
    path = tmp_path / "ctl.json"
    path.write_text("mine")
    with started(tmp_path, "--control-file", str(path)) as process:
        assert process.wait(60) == 4
        assert "can't write" in process.communicate()[1]

    assert path.read_text() == "mine"


def test_who_can_not_be_served_is_told_why() -> None:
    """With what the command says."""
    with pytest.raises(ControlError, match=r"(?s)it ended with 2.*'--speed'"), served("--speed", "-1"):
        pass


PROJECT = """
import pytest
from nvflare.fuel.flare_api.flare_api import new_secure_session

@pytest.fixture
def session(flare_served):
    opened = new_secure_session("admin@nvidia.com", flare_served.kits["admin@nvidia.com"])
    yield opened
    opened.close()


def test_a_job_runs(flare_served, session, make_flare_job):
    job_id = session.submit_job(make_flare_job("hello"))
    flare_served.control.advance(seconds=60)

    assert session.get_job_meta(job_id)["status"] == "FINISHED:COMPLETED"


def test_the_next_one_is_fresh(flare_served):
    assert flare_served.control.jobs() == []


@pytest.mark.flare(scenario="ward.toml")
def test_in_a_scenario(session):
    assert [client.name for client in session.get_system_info().client_info] == ["ward"]


@pytest.mark.flare(clients=5)
def test_with_five_clients(flare_served):
    assert flare_served.control.state()["reachable"]


@pytest.mark.flare(behavior="odd")
def test_what_can_not_be_told(flare_served):
    pass
"""


def test_a_project_has_it_as_a_fixture(tmp_path: Path) -> None:
    """One process for all tests, and a fresh system for each."""
    (tmp_path / "test_mine.py").write_text(PROJECT)
    (tmp_path / "ward.toml").write_text('clients = ["ward"]\n')
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert "4 passed" in done.stdout, done.stdout
    assert "1 error" in done.stdout
    assert "flare_served can't be told 'behavior' by the marker flare: scenario, seed," in done.stdout
