"""The command flare-sim: what it prints, and what it exits with."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from flare_sim import Trace, __version__
from flare_sim.cli import main
from flare_sim.jobs.lifecycle import mermaid
from flare_sim.personality.quirks import QUIRKS
from tests.flare_sim.job_samples import behaving, write_job


def flare_sim(*words: str) -> Result:
    """Run the command; an unexpected exception is raised."""
    return CliRunner().invoke(main, words, catch_exceptions=False, env={"COLUMNS": "120"})


def test_a_job_is_run_and_its_life_shown(job: str) -> None:
    """Every step with its time, the final status, what the servers wrote down; exit 0."""
    result = flare_sim("run", job)

    assert result.exit_code == 0
    for line in ("submit_job by admin@nvidia.com", "1.050", "DISPATCHED", "8.150", "FINISHED:COMPLETED", "site-2: OK"):
        assert line in result.output


@pytest.mark.parametrize(
    ("words", "changes", "expected"),
    [
        ([], {"custom_props": behaving(outcome="ABNORMAL")}, "FINISHED:ABNORMAL"),
        ([], {"min_clients": 5}, "connected sites (2) < min_sites (5)"),
        (["--clients", "0"], {}, "waits for clients"),
        (["--clients", "1"], {}, "FINISHED:CAN_NOT_SCHEDULE"),
        (["--user", "eve"], {}, "Error: unknown user 'eve'"),
        (["--user", "member@nvidia.com"], {}, "not authorized for 'submit_job'"),
        ([], {"min_clients": 0}, "Error: min_clients must be"),
    ],
)
def test_a_job_that_does_not_complete_is_exit_1(
    tmp_path: Path, words: list[str], changes: dict[str, Any], expected: str
) -> None:
    """Any other end, and a refusal, says why and exits with 1."""
    result = flare_sim("run", write_job(tmp_path / "small", **changes), *words)

    assert result.exit_code == 1
    assert expected in result.output


def test_trace_and_result_are_written(job: str, tmp_path: Path) -> None:
    """The trace is read back, the result is where it was asked for, and the seed decides the id."""
    words = ("run", job, "--trace", str(tmp_path / "t.jsonl"), "--download", str(tmp_path / "out"), "--seed", "3")

    assert flare_sim(*words).exit_code == 0

    trace = Trace.from_jsonl((tmp_path / "t.jsonl").read_text(encoding="ascii"))
    (folder,) = (tmp_path / "out").iterdir()
    assert [record[3] for record in trace.of("state")] == ["DEPLOYING", "DISPATCHED", "RUNNING", "COMPLETED"]
    assert {folder.name} == {record[2] for record in trace.of("state")}
    assert (folder / "workspace" / "fl_app.txt").read_text() == "app"


def test_a_trace_that_cannot_be_written_is_an_error(job: str, tmp_path: Path) -> None:
    """A place that isn't there is reported, without a traceback."""
    result = flare_sim("run", job, "--trace", str(tmp_path / "no" / "t.jsonl"))

    assert result.exit_code == 1
    assert "Could not open file" in result.output


def test_definitions_are_checked(job: str, tmp_path: Path) -> None:
    """Each is good or bad, with the reason; any bad one is exit 1."""
    bad = write_job(tmp_path / "bad", deploy_map={})

    result = flare_sim("check", job, bad)

    assert result.exit_code == 1
    assert f"ok   {job}: small: app -> @ALL; at least 2 client(s)" in result.output
    assert f"bad  {bad}: deploy_map in meta.json must be an object" in result.output
    assert flare_sim("check", job).exit_code == 0
    assert flare_sim("check").exit_code == 2


def test_the_lifecycle_is_shown_from_its_table() -> None:
    """As a table with every state, or as a diagram."""
    table = flare_sim("lifecycle")

    assert table.exit_code == 0
    assert "CAN_NOT_SCHEDULE" in table.output
    assert "(final)" in table.output
    assert flare_sim("lifecycle", "--mermaid").output == mermaid()


def test_personalities_are_shown_from_their_table() -> None:
    """As a table with every quirk, or as the page in the documentation, which is up to date."""
    table = flare_sim("personalities")
    page = Path(__file__).parents[3] / "docs" / "personalities.md"

    assert table.exit_code == 0
    assert all(name in table.output for name in QUIRKS)
    assert flare_sim("personalities", "--markdown").output == page.read_text(encoding="utf-8")


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
