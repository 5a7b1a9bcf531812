"""docs/serving.md says what is so: its commands are given, and its programs run, on a system that is served."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from flare_sim.cli import main
from flare_sim.control import ServedSystem, served
from tests.flare_sim.job_samples import write_job
from tests.nvflare.serving.conftest import RELEASE
from tests.nvflare.serving.served import ADMIN, run_python, run_shell
from tests.project.tree import ROOT, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCKS = blocks("docs/serving.md")
LINES = [line for block in BLOCKS if block.language == "console" for line in block.text.splitlines()]
PROGRAMS = [block.text for block in BLOCKS if block.language == "text"]
KIT = "/the/kit/it/printed/admin@nvidia.com"
"""How the page calls a startup kit."""
SHELL = ("2.8", "2.9")
"""Releases whose shell can do all that the page shows."""


@pytest.fixture(scope="module")
def system() -> Iterator[ServedSystem]:
    """A system whose jobs are done by the next call."""
    with served("--progress", "immediate") as running:
        yield running


def test_every_line_is_tried_here() -> None:
    """Those that serve, that control, and that are NVFLARE's."""
    kinds = {" ".join(line.split()[: 1 if line.startswith("nvflare") else 2]).partition("=")[0] for line in LINES}

    assert kinds == {
        "flare-sim serve",
        "flare-sim ctl",
        "export NVFLARE_STARTUP_KIT_DIR",
        "export FLARE_SIM_CONTROL",
        "nvflare",
    }
    assert len(PROGRAMS) == 4


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("flare-sim serve")])
def test_its_ways_to_serve_make_sense(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each can be read with all its options."""
    monkeypatch.chdir(tmp_path)
    main.commands["serve"].make_context("serve", shlex.split(line)[2:])


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("flare-sim ctl")])
def test_its_ways_to_control_work(system: ServedSystem, line: str, tmp_path: Path) -> None:
    """One after the other, with the file that the environment names."""
    control = system.control
    control.reset()
    place, token = control._place, control._token
    (tmp_path / "ctl.json").write_text(f'{{"url": "http://{place[0]}:{place[1]}", "token": "{token}"}}')
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"
    words = line.replace("flare-sim", f"{shlex.quote(sys.executable)} -m flare_sim")
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "FLARE_SIM_CONTROL": "ctl.json"}
    done = subprocess.run(["bash", "-c", words], cwd=tmp_path, env=environment, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(RELEASE not in SHELL, reason="the shell of this release can do less, as the page says")
def test_its_second_terminal_works(system: ServedSystem, tmp_path: Path) -> None:
    """The lines as they stand, with the kit that was printed and the id of the job."""
    system.control.reset()
    job = write_job(tmp_path / "hello-job")
    lines = [line for line in LINES if line.startswith(("export NVFLARE", "nvflare"))]
    typed = [line.replace(KIT, system.kits[ADMIN]).replace("examples/hello-job", job) for line in lines]
    submit = next(line for line in typed if "job submit" in line)
    first = run_shell(typed[0], submit)
    assert first.returncode == 0, first.stdout + first.stderr
    job_id = system.control.jobs()[0]["job_id"]
    others = [line.replace("JOB_ID", job_id).replace("-o results", f"-o {tmp_path}/results") for line in typed]
    done = run_shell(*(line for line in others if line != submit))

    assert done.returncode == 0, done.stdout + done.stderr
    assert job_id in done.stdout


def test_its_session_is_one(system: ServedSystem) -> None:
    """From another process, with the kit that was printed."""
    system.control.reset()
    program = next(text for text in PROGRAMS if KIT in text).replace(KIT, system.kits[ADMIN])
    done = run_python(f"{program}\nprint(session.list_jobs())\nsession.close()")

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "[]"), done.stderr


def test_its_service_is_one() -> None:
    """As it stands, at the address that it prints."""
    program = next(text for text in PROGRAMS if "Service(" in text)
    done = run_python(program, PYTHONPATH=str(ROOT))

    assert done.returncode == 0, done.stderr
    assert "127.0.0.1:" in done.stdout


@pytest.mark.parametrize("test", [text for text in PROGRAMS if "flare_served" in text], ids=["moved", "slept on"])
def test_its_tests_pass(test: str, tmp_path: Path) -> None:
    """In a project that has nothing else."""
    (tmp_path / "test_mine.py").write_text(test)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert "1 passed" in done.stdout, done.stdout
