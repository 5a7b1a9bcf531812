"""What the README shows to people who write applications on NVFLARE, word for word."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from flare_sim.nvflare import installed_release
from tests.nvflare.jobs import ROOT
from tests.project.tree import blocks

FILES = {block.file: block.text for block in blocks("README.md") if block.language == "python" and block.file}
COMMANDS = [
    line
    for block in blocks("README.md")
    if block.language == "console"
    for line in block.text.splitlines()
    if line.startswith("flare-sim run-script")
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the examples and the files that the README shows, its conftest apart."""
    for name in ("my_rehearsal.py", "test_my_app.py"):
        (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    return tmp_path


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in that folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FLARE_", "PYTEST_"))}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # the plug-in may be installed as well as named, or not be
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_run(folder: Path, command: str) -> None:
    """Each as it stands, to a good end."""
    done = python(folder, "-m", "flare_sim", *shlex.split(command)[1:])

    assert done.returncode == 0, done.stderr
    assert "FINISHED:COMPLETED" in done.stdout


def test_there_are_commands() -> None:
    """Two of them are shown, so two are tried."""
    assert len(COMMANDS) == 2


def test_the_test_passes(folder: Path) -> None:
    """The test with the fixture, as it stands."""
    done = python(folder, "-m", "pytest", "-q", "-p", "contract_tests.plugin", "test_my_app.py")

    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


@pytest.mark.skipif(installed_release().version < (2, 4), reason="nvflare job came with 2.4")
def test_the_program_prints_what_it_says(folder: Path) -> None:
    """The block with a job of an hour, and NVFLARE's command line in it."""
    said = re.findall(r"^ *print\(.*\)  # (.*)$", FILES["my_rehearsal.py"], re.MULTILINE)
    done = python(folder, "my_rehearsal.py")

    assert done.returncode == 0, done.stderr
    assert said != []
    assert [line for line in done.stdout.splitlines() if line in said] == said
