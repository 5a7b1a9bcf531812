"""The fixture ``flare_offline``, in this run and in a project of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from nvflare.fuel.flare_api.flare_api import Session, new_secure_session

from flare_sim import SimulatedServer
from tests.nvflare.jobs import HELLO_JOB

PROJECT = """
import pytest
from nvflare.fuel.flare_api.flare_api import Session, new_secure_session

BEFORE = Session.__init__

@pytest.fixture
def flare_offline_options():
    return {"clients": 4}

def test_inside(flare_offline):
    session = new_secure_session("admin@nvidia.com", "no kit")
    assert len(session.get_system_info().client_info) == 4
    session.submit_job(JOB)
    assert len(flare_offline.jobs) == 1

def test_anew(flare_offline):
    assert flare_offline.jobs == ()

def test_outside():
    assert Session.__init__ is BEFORE
"""


def test_sessions_are_on_its_server(flare_offline: SimulatedServer) -> None:
    """What is submitted through NVFLARE's code is on the server that the fixture gives."""
    job_id = new_secure_session("admin@nvidia.com", "no kit").submit_job(HELLO_JOB)

    assert [job.job_id for job in flare_offline.jobs] == [job_id]
    assert hasattr(Session.__init__, "__wrapped__")


def test_a_project_uses_it_as_it_is(tmp_path: Path) -> None:
    """Each test has a server of its own, made with what the project's own fixture says."""
    (tmp_path / "test_project.py").write_text(PROJECT.replace("JOB)", f"{HELLO_JOB!r})"), encoding="utf-8")
    options = ["-q", "-p", "no:cacheprovider", "--strict-markers", "-p", "contract_tests.plugin"]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # the plug-in may be installed as well, or not be
    command = [sys.executable, "-m", "pytest", *options]
    done = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
