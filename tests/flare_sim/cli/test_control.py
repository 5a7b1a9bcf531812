"""``flare-sim ctl``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from flare_sim.cli import main
from flare_sim.control import OPERATIONS, ControlPort

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def port(tmp_path: Path) -> Iterator[ControlPort]:
    """A server under control, whose file the environment names."""
    with ControlPort() as port:
        port.write(str(tmp_path / "control.json"))
        yield port


def ctl(folder: Path, *words: str) -> tuple[int, str]:
    """What the command says."""
    result = CliRunner(env={"FLARE_SIM_CONTROL": str(folder / "control.json")}).invoke(main, ["ctl", *words])
    return result.exit_code, result.output


def test_operations_are_done(port: ControlPort, tmp_path: Path) -> None:
    """Values are JSON, or text."""
    began = port.server.clock.time()
    assert ctl(tmp_path, "advance", "60") == (0, f"{began + 60}\n")
    code, told = ctl(tmp_path, "fault", "slow_replies", "seconds=5", 'at_call={"number": 2, "of": "submit_job"}')
    assert (code, json.loads(told)[:25]) == (0, "<Faults: none; to come: s")
    assert ctl(tmp_path, "reset", "late-site", "seed=3") == (0, "")
    assert json.loads(ctl(tmp_path, "state")[1])["seed"] == 3
    assert ctl(tmp_path, "timeline")[1].startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("advanc",), 2, "Error: there is no operation 'advanc'; did you mean 'advance'?"),
        (("advance", "60", "61"), 2, "Error: '61' is one value too many"),
        (("advance", "seconds=60", "61"), 2, "Error: '61' is one value too many"),
        (("advance", "seconds=soon"), 1, "Error: "),
        (("--control", "nowhere", "state"), 1, "Error: nowhere can't be read"),
    ],
)
def test_what_makes_no_sense_is_told(
    port: ControlPort, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    """In a line."""
    ended, told = ctl(tmp_path, *words)

    assert ended == code
    assert [line for line in told.splitlines() if line.startswith(said)]


def test_its_help_lists_the_operations() -> None:
    """With what each takes."""
    told = CliRunner().invoke(main, ["ctl", "--help"]).output

    assert [name for name in OPERATIONS if f"  {name} " not in told] == []
    assert max(map(len, told.splitlines())) <= 80
