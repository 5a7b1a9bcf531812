"""What the guides show to people who have NVFLARE, word for word."""

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
from tests.project.tree import shown

SCRIPTS = [
    block.text
    for block in shown("python")
    if not block.file and re.search(r"^(?:from|import) \S*nvflare\b", block.text, re.MULTILINE)
]
FILES = {block.file: block.text for block in shown("python") if block.file}
LINES = sorted({line for block in shown("console") for line in block.text.splitlines()})
COMMANDS = [line for line in LINES if line.startswith("flare-sim run-script")]
SINCE_24 = pytest.mark.skipif(installed_release().version < (2, 4), reason="nvflare job came with 2.4")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the examples and the files that the guides show, their conftest apart."""
    for name in ("my_rehearsal.py", "my_session.py", "test_my_app.py"):
        (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    return tmp_path


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in that folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FLARE_", "PYTEST_"))}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # the plug-in may be installed as well as named, or not be
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def says(done: subprocess.CompletedProcess[str], script: str) -> None:
    """What it printed is what the comments beside its prints say."""
    said = re.findall(r"^ *print\(.*\)  # (.*)$", script, re.MULTILINE)

    assert said != []
    assert [line for line in done.stdout.splitlines() if line in said] == said


def test_there_are_scripts_and_commands() -> None:
    """The guides show how NVFLARE's own session is used, and ways to run a script."""
    assert SCRIPTS != []
    assert len(COMMANDS) == 4


@pytest.mark.parametrize("script", SCRIPTS, ids=range(len(SCRIPTS)))
def test_a_script_prints_what_it_says(folder: Path, script: str) -> None:
    """What the comments beside its prints say."""
    done = python(folder, "-c", script)

    assert done.returncode == 0, done.stderr
    says(done, script)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_run(folder: Path, command: str) -> None:
    """Each as it stands, to a good end."""
    done = python(folder, "-m", "flare_sim", *shlex.split(command)[1:])

    assert done.returncode == 0, done.stderr
    assert "FINISHED:COMPLETED" in done.stdout


@SINCE_24
def test_nvflares_own_command_runs(folder: Path) -> None:
    """It submits the job that it names."""
    (command,) = [line for line in LINES if line.startswith("flare-sim nvflare")]
    done = python(folder, "-m", "flare_sim", *shlex.split(command)[1:])

    assert done.returncode == 0, done.stderr


def test_the_subclass_keeps_what_it_says(folder: Path) -> None:
    """The subclass of NVFLARE's session, held to the part of the contract that its command names."""
    (command,) = [line for line in LINES if line.startswith("flare-contract run my_session:MySystem")]
    done = python(folder, "-c", "from contract_tests.cli import main; main()", *shlex.split(command)[1:])

    assert "verdict: partial" in done.stdout, done.stdout + done.stderr
    assert "violated" not in done.stdout


def test_the_test_passes(folder: Path) -> None:
    """The test with the fixture, as it stands."""
    done = python(folder, "-m", "pytest", "-q", "-p", "contract_tests.plugin", "test_my_app.py")

    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


@SINCE_24
def test_the_program_prints_what_it_says(folder: Path) -> None:
    """The block with a job of an hour, and NVFLARE's command line in it."""
    done = python(folder, "my_rehearsal.py")

    assert done.returncode == 0, done.stderr
    says(done, FILES["my_rehearsal.py"])
