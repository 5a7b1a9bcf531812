"""The fixture ``flare_offline``, in this run and in a project of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from nvflare.fuel.flare_api.flare_api import Session, new_secure_session

from flare_sim import JobBehavior, SimulatedServer
from tests.flare_sim.job_samples import write_job
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


@pytest.mark.parametrize("name", ["good", "bad"])
class TestOptions:
    """A project's own options: folders, and what jobs do by their names."""

    @pytest.fixture
    def flare_offline_options(self, tmp_path: Path) -> dict[str, Any]:
        """Where jobs are, where results go, and how those named ``bad`` end."""
        return {
            "upload_dir": str(tmp_path / "jobs"),
            "download_dir": str(tmp_path / "results"),
            "behavior": {"bad": JobBehavior(outcome="EXECUTION_EXCEPTION"), "*": JobBehavior(run_seconds=60)},
        }

    def test_folders_and_behaviors_are_as_asked(
        self, name: str, flare_offline: SimulatedServer, tmp_path: Path
    ) -> None:
        """As with ``offline``."""
        write_job(tmp_path / "jobs" / "mine", name=name)
        session = new_secure_session("admin@nvidia.com", "no kit")
        job_id = session.submit_job("mine")
        session.monitor_job(job_id)

        assert Path(session.download_job_result(job_id)).parent == tmp_path / "results"
        (job,) = flare_offline.jobs
        assert job.status == ("FINISHED:COMPLETED" if name == "good" else "FINISHED:EXECUTION_EXCEPTION")


def test_a_project_uses_it_as_it_is(tmp_path: Path) -> None:
    """Each test has a server of its own, made with what the project's own fixture says."""
    (tmp_path / "test_project.py").write_text(PROJECT.replace("JOB)", f"{HELLO_JOB!r})"), encoding="utf-8")
    options = ["-q", "-p", "no:cacheprovider", "--strict-markers", "-p", "contract_tests.plugin"]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # the plug-in may be installed as well, or not be
    command = [sys.executable, "-m", "pytest", *options]
    done = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
