"""flare-sim run and flare-sim check: what they print, and what they exit with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import Trace
from tests.flare_sim.cli.flare_sim_command import flare_sim
from tests.flare_sim.job_samples import behaving, write_job

if TYPE_CHECKING:
    from pathlib import Path


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
