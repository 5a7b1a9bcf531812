"""The grid of mutants as it was tried: whole, explained, shown, and still so."""

from __future__ import annotations

from collections import defaultdict

import pytest

from contract_tests.clauses.checks import checks_of
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import RunSettings
from contract_tests.mutants.grid import record
from contract_tests.mutants.grid.cells import Cell, cells
from contract_tests.report import html
from tests.project.tree import ROOT

FOLDER = ROOT / "docs" / "grid"
KNOWN = record.read(FOLDER / "grid.tsv")
REASONS = record.read_reasons(FOLDER / "reasons.toml")
KILLED = [cell for cell, found in KNOWN.items() if found not in (record.UNMET, record.SAME, record.SURVIVED)]


def test_every_cell_was_tried() -> None:
    """A new effect or condition is tried before it is there."""
    assert [cell.name for cell in cells() if cell not in KNOWN] == []


def test_what_nobody_notices_has_a_reason() -> None:
    """No survivor is new."""
    assert [cell.name for cell in record.unexplained(KNOWN, REASONS)] == []


def test_every_reason_is_needed() -> None:
    """And is of one of two kinds: what is no fault, and a hole that is left."""
    unnoticed = [cell for cell, found in KNOWN.items() if found in (record.UNMET, record.SURVIVED)]

    assert {reason.kind for reason in REASONS} <= {"equivalent", "open"}
    assert [reason for reason in REASONS if not any(map(reason.is_about, unnoticed))] == []


def test_the_page_shows_what_is_known() -> None:
    """It is written by ``docs/grid/make.py``."""
    assert (FOLDER / "grid.html").read_text(encoding="utf-8") == html.grid(record.as_dict(KNOWN, REASONS))


def sample() -> dict[str, list[Cell]]:
    """Some of the cells that are killed, by the clause that kills them."""
    chosen: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in KILLED[::997]:
        chosen[KNOWN[cell]].append(cell)
    return dict(chosen)


@pytest.mark.slow
@pytest.mark.parametrize("clause", sample())
def test_what_was_killed_still_is(clause: str) -> None:
    """By the clause that the file names."""
    for cell in sample()[clause]:
        results = (run_check(check, cell.system, RunSettings(), shrink=False) for check in checks_of(clause))
        assert any(result.verdict is Verdict.VIOLATED for result in results), cell.name
