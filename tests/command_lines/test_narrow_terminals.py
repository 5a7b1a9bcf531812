"""On a terminal of 80 columns no word is cut that somebody may need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from flare_sim import make_job
from flare_sim.jobs.lifecycle import JobState
from tests.command_lines.rows import ROWS, command_line
from tests.command_lines.trying import tried

if TYPE_CHECKING:
    from pathlib import Path

JOB = f"a-job-of-sixty-letters-{'x' * 37}"
CLIENTS = [f"a-client-of-forty-letters-{'y' * 12}-{number}" for number in range(2)]
USER = "somebody.with.a.long.name@an.organisation.with.a.name.that.is.longer.than.a.line.org"


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """80 columns, as in a pipe."""
    monkeypatch.setenv("COLUMNS", "80")


def words(output: str) -> str:
    """What is in the cells of tables, and in lines, without what is between words that were folded."""
    return re.sub(r"[^!-~]", "", output)


@pytest.mark.parametrize(("program", "command"), ROWS, ids=str)
def test_no_cell_is_cut_short(program: str, command: str, at: dict[str, str]) -> None:
    """What has no room in a line goes on in the next."""
    assert "\u2026" not in tried(program, command_line(program, command, at, {})).output


def test_every_state_of_a_job_is_whole() -> None:
    """With the status that is shown of it."""
    told = tried("flare-sim", ["lifecycle"]).output.split()

    assert {*JobState.__members__, *(state.status for state in JobState)} <= {*told}


def test_long_names_are_whole(tmp_path: Path) -> None:
    """Of a job, its clients and whoever submits it, where they are told."""
    job = make_job(tmp_path / "job", name=JOB, sites=[*CLIENTS, "another"], mandatory_clients=["another"])
    given = ["--clients", ",".join(CLIENTS), job]
    ran = tried("flare-sim", ["run", "--user", f"{USER}:lead", *given])
    checked = tried("flare-sim", ["check", *given])

    assert USER in words(ran.output)
    assert "missing required site another" in ran.output
    assert all(name in words(checked.output) for name in (JOB, *CLIENTS))
    assert "\u2026" not in ran.output + checked.output
