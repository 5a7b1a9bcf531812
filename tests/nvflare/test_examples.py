"""The examples that are made for NVFLARE run as they stand."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.nvflare.jobs import ROOT

SERVICE = ROOT / "examples" / "fastapi_service"


def test_the_service_runs_unchanged() -> None:
    """Its own tests pass: a FastAPI application around a session, which knows nothing of simulators."""
    assert "flare_sim" not in (SERVICE / "service.py").read_text(encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "contract_tests.plugin", "-p", "no:cacheprovider"]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # the plug-in may be installed as well, or not be
    done = subprocess.run(command, cwd=SERVICE, env=alone, capture_output=True, text=True, check=False, timeout=300)

    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


@pytest.mark.parametrize("script", ["submit_and_fetch.py", "poll_by_hand.py"])
def test_the_scripts_know_nothing_of_simulators(script: str) -> None:
    """They import NVFLARE and the standard library alone."""
    text = (ROOT / "examples" / "scripts" / script).read_text(encoding="utf-8")

    assert "import flare_sim" not in text
    assert "from flare_sim" not in text
