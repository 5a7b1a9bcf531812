"""NVFLARE's own command line, in this process, on a simulated server."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from flare_sim import JobBehavior, SimulatedServer
from flare_sim.nvflare import installed_release, nvflare_command, offline
from tests.nvflare.jobs import HELLO_JOB

RELEASE = installed_release().version
has_job = pytest.mark.skipif(RELEASE < (2, 4), reason="nvflare job came with 2.4")
has_all = pytest.mark.skipif(RELEASE < (2, 8), reason="until 2.8 there is nvflare job submit alone")
pytestmark = pytest.mark.filterwarnings(  # nvflare.cli leaves a file of its own open (2.4)
    "ignore:unclosed file:ResourceWarning",
    "ignore:Exception ignored in. <_io.FileIO:pytest.PytestUnraisableExceptionWarning",
)
SUBMIT = ("job", "submit", "-j", HELLO_JOB)


@has_job
def test_a_job_is_submitted(capsys: pytest.CaptureFixture[str]) -> None:
    """By the user who is said to be at the keyboard, with no startup kit anywhere."""
    server = SimulatedServer()

    assert nvflare_command(*SUBMIT, server=server, user="lead@nvidia.com") == 0
    (job,) = server.jobs
    assert (job.name, job.submitter) == ("hello-job", "lead@nvidia.com")
    assert job.job_id in capsys.readouterr().out


@has_job
def test_everything_is_put_back() -> None:
    """Arguments, path and NVFLARE's modules are as they were, whatever the command makes of it."""
    before = sys.argv, list(sys.path)
    nvflare_command(*SUBMIT, server=SimulatedServer())
    changed = [name for name in ("nvflare.tool.job.job_cli", "nvflare.tool.cli_session") if name in sys.modules]
    modules = {name: dict(vars(sys.modules[name])) for name in changed}
    nvflare_command("job", "no-such-command", server=SimulatedServer())

    assert (sys.argv, sys.path) == before
    assert {name: dict(vars(sys.modules[name])) for name in modules} == modules


def run_json(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, Any]:
    """The exit code of a command, and what it says as JSON."""
    capsys.readouterr()
    code = nvflare_command("--format", "json", *arguments)
    return code, json.loads(capsys.readouterr().out)


@has_all
def test_the_whole_story_of_a_job(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Submit, list, look, wait, monitor, clone, abort, download and delete, each by its command."""
    with offline(behavior=JobBehavior(run_seconds=3600)) as server:
        code, said = run_json(*SUBMIT, capsys=capsys)
        job_id = said["data"]["job_id"]
        assert code == 0

        code, said = run_json("job", "list", capsys=capsys)
        assert [line["job_id"] for line in said["data"]] == [job_id]
        # Every command opens a session, which takes a second.
        assert run_json("job", "meta", job_id, capsys=capsys)[1]["data"]["status"] == "RUNNING"

        began = server.clock.time()
        assert run_json("job", "wait", job_id, "--timeout", "60", capsys=capsys)[0] == 3  # it runs for an hour
        assert server.clock.time() - began == pytest.approx(60, abs=5)
        code, said = run_json("job", "monitor", job_id, capsys=capsys)
        assert (code, said["data"]["status"]) == (0, "FINISHED:COMPLETED")
        assert said["data"]["duration_s"] == 3600

        second = run_json("job", "clone", job_id, capsys=capsys)[1]["data"]["new_job_id"]
        assert run_json("job", "abort", second, "--force", capsys=capsys)[0] == 0
        assert run_json("job", "wait", second, capsys=capsys)[0] == 1  # it was aborted
        assert run_json("job", "download", job_id, "-o", str(tmp_path), capsys=capsys)[0] == 0
        assert (tmp_path / job_id).is_dir()

        for each in (job_id, second):
            assert run_json("job", "delete", each, "--force", capsys=capsys)[0] == 0
        assert run_json("job", "meta", job_id, capsys=capsys)[0] == 1
        assert server.jobs == ()


@has_all
@pytest.mark.parametrize("kit", [["--startup-kit", "/no/such/kit"], ["--kit-id", "none"]])
def test_a_named_startup_kit_is_not_looked_at(kit: list[str]) -> None:
    """Whether it is there or not."""
    with offline() as server:
        assert nvflare_command(*SUBMIT, *kit) == 0
        assert len(server.jobs) == 1


@has_job
def test_what_is_not_simulated_says_so() -> None:
    """Commands that start and stop real systems are refused by name."""
    with pytest.raises(ValueError, match="nvflare poc"):
        nvflare_command("poc", "--start", server=SimulatedServer())


@has_job
def test_it_needs_a_server() -> None:
    """Given, or that of the block it is called in."""
    with pytest.raises(RuntimeError, match="no offline"):
        nvflare_command("job", "list")


@pytest.mark.skipif(RELEASE >= (2, 4), reason="nvflare job is there")
def test_a_release_without_the_command_says_so() -> None:
    """2.3 has no ``nvflare job``."""
    with pytest.raises(NotImplementedError, match=r"2\.4"):
        nvflare_command(*SUBMIT, server=SimulatedServer())
