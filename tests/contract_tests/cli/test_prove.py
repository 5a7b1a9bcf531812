"""The command ``flare-contract prove``: what it tries, tells and writes, and its exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.mutants import kill_matrix
from contract_tests.mutants.kill_matrix import KillMatrix

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

REFUSES = "delete.waiting/refuses-to-delete-a-job-that-waits"


def prove(*arguments: str) -> Result:
    """What the command says of some variants, each tried on its own clause alone, in this process."""
    return CliRunner().invoke(main, ["prove", "--own-only", "--jobs", "1", *arguments])


def test_a_killed_mutant_is_counted_and_written_down(tmp_path: Path) -> None:
    """Exit code 0; nothing is said of clauses and checks that were not tried."""
    done = prove(REFUSES, "--json", str(tmp_path / "new" / "a.json"), "--html", str(tmp_path / "a.html"))
    held = json.loads((tmp_path / "new" / "a.json").read_text(encoding="utf-8"))

    assert done.exit_code == 0, done.output
    assert "2 of 2 mutants killed by their own clause; 0 of 0 conforming variants accused" in done.stdout
    assert (held["proven"], held["whole"], held["problems"]) == (True, False, [])
    assert [mutant["name"] for mutant in held["mutants"]] == [REFUSES, f"{REFUSES}-and-has-a-clone"]
    assert f"{REFUSES}-and-has-a-clone" in (tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "others", "every"),
    [
        ((), False, False),
        (("--json", "a.json"), True, True),
        (("--own-only",), False, False),
        (("--own-only", "--html", "a.html"), False, True),
        (("--thorough",), False, True),
    ],
)
def test_what_else_a_mutant_breaks_and_what_else_kills_it_is_tried_where_it_is_told(
    arguments: tuple[str, ...], others: bool, every: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the files alone: what nobody reads would take most of the time."""
    asked: list[tuple[bool, bool]] = []

    def asked_for(*variants: object, others: bool, every: bool, **more: object) -> KillMatrix:
        asked.append((others, every))
        return KillMatrix([], [])

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(kill_matrix, "prove", asked_for)

    CliRunner().invoke(main, ["prove", REFUSES, *arguments])

    assert asked == [(others, every)]


def test_what_is_called_by_no_name_is_wrong_usage() -> None:
    """A slip in a name must not pass for a matrix."""
    done = prove("no-such-mutant")

    assert done.exit_code == 2
    assert "no-such-mutant" in done.output
