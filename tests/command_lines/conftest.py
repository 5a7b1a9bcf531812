"""What good command lines name: a job, a report, a reproducer; and folders that nothing else is in."""

from __future__ import annotations

import json
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import pytest

from contract_tests.distribution import local
from contract_tests.engine import suite_run
from contract_tests.engine.report import build
from contract_tests.engine.settings import RunSettings
from contract_tests.mutants import kill_matrix
from flare_sim.control import ControlPort
from tests.command_lines.rows import REFERENCE
from tests.command_lines.trying import good_paths
from tests.contract_tests.sweep.systems import Here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_REPRODUCER = {"check": "close.again", "inputs": json.dumps({"times": 2, "pause": 0.0}), "system": REFERENCE}


@lru_cache
def report() -> str:
    """A report on a run that has tried nothing."""
    return build(REFERENCE, RunSettings(), []).to_json()


@pytest.fixture(scope="session")
def control() -> Iterator[str]:
    """What the file of a server under control says."""
    with ControlPort() as port:
        yield json.dumps({"url": port.url, "token": port.token})


@pytest.fixture
def at(tmp_path: Path, control: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Where things are that a good command line names; what takes minutes is made short."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr(suite_run, "run_suite", partial(suite_run.run_suite, clauses=["delete.running"]))
    monkeypatch.setattr(local, "Local", lambda jobs: Here())
    monkeypatch.setattr(kill_matrix, "prove", lambda *given, **more: kill_matrix.KillMatrix([], [], whole=False))
    return good_paths(tmp_path, report(), f"REPRO = {_REPRODUCER!r}\n", control)
