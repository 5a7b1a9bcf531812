"""The command flare-sim as a whole: version, help, colors, and as a module."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from flare_sim import __version__
from tests.flare_sim.cli.flare_sim_command import flare_sim


def test_it_says_its_version_and_helps() -> None:
    """Version, help of the whole and of each command."""
    assert flare_sim("--version").output == f"flare-sim, version {__version__}\n"
    for words in ((), ("run",), ("check",), ("lifecycle",), ("personalities",)):
        result = flare_sim(*words, "--help")
        assert (result.exit_code, "Usage:" in result.output) == (0, True)


def test_there_are_no_colors_off_a_terminal(job: str) -> None:
    """What goes into a pipe is plain text."""
    outcome = subprocess.run(
        [sys.executable, "-m", "flare_sim", "run", job],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[3],
        text=True,
    )

    assert "\x1b" not in outcome.stdout
    assert "FINISHED:COMPLETED" in outcome.stdout
    assert json.loads(Path(job, "meta.json").read_text())["name"] == "small"


def test_the_package_can_be_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Run as a module, the package is the same command under the same name; imported, it does nothing."""
    monkeypatch.setattr(sys, "argv", ["anything", "--version"])

    runpy.run_module("flare_sim.__main__", run_name="imported")
    assert capsys.readouterr().out == ""
    with pytest.raises(SystemExit, match="0"):
        runpy.run_module("flare_sim", run_name="__main__")

    assert capsys.readouterr().out == f"flare-sim, version {__version__}\n"
