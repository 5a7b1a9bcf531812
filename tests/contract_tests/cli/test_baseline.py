"""The command ``flare-contract baseline``: what it declares, and what a run makes of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.engine import suite_run
from tests.contract_tests.faulty_systems import CLAUSE, NAME

if TYPE_CHECKING:
    from pathlib import Path


def test_the_gate_asks_for_the_reasons_that_a_baseline_leaves_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is declared fails until somebody says why it is tolerated, and then does not."""
    monkeypatch.setattr(suite_run, "run_suite", partial(suite_run.run_suite, clauses=[CLAUSE]))
    path = tmp_path / "deviations.toml"
    run = ["run", "-q", NAME, "--repro", "", "--examples", "2", "--clause", CLAUSE, "--deviations", str(path)]

    written = CliRunner().invoke(main, ["baseline", NAME, "--write", str(path), "--examples", "2"])
    asked = CliRunner().invoke(main, run)
    path.write_text(path.read_text(encoding="utf-8").replace('reason = ""', 'reason = "For now."'), encoding="utf-8")
    told = CliRunner().invoke(main, run)

    assert written.exit_code == 0, written.output
    assert "give each a reason" in written.stdout
    assert f"{path}: deviation 1: {CLAUSE} has no reason" in asked.stdout
    assert "verdict: non-conformant" in asked.stdout
    assert "has no reason" not in told.stdout
    assert "1 known deviation" in told.stdout


def test_where_nothing_can_be_written_nothing_is_tried(tmp_path: Path) -> None:
    """A baseline takes a whole run, and would be lost at its end."""
    (tmp_path / "file").write_text("")
    told = CliRunner().invoke(main, ["baseline", "no.such:System", "--write", str(tmp_path / "file" / "known.toml")])

    assert told.exit_code == 4
    assert "known.toml: Not a directory" in told.stderr
