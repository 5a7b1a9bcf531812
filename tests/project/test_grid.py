"""The grid of mutants as it is kept in docs/grid: whole, with a reason for all that is not killed, and still true."""

from __future__ import annotations

import pytest

from contract_tests.mutants.grid import record
from contract_tests.mutants.grid.cells import Cell, cells
from contract_tests.mutants.grid.trial import killer
from contract_tests.mutants.grid.visits import Example, examples, judged
from contract_tests.report import html
from tests.project.tree import ROOT

FOLDER = ROOT / "docs" / "grid"
KNOWN = record.read(FOLDER / "grid.tsv")
REASONS = record.read_reasons(FOLDER / "reasons.toml")
KILLED = [cell for cell, found in KNOWN.items() if found not in (record.SURVIVED, record.UNMET)]


def test_every_cell_is_known() -> None:
    """A new effect or condition is tried before it is kept: ``python docs/grid/make.py try``."""
    assert [cell for cell in cells() if cell not in KNOWN] == []


def test_what_is_not_killed_has_a_reason() -> None:
    """Nothing survives that nobody has looked at."""
    assert list(record.unexplained(KNOWN, REASONS)) == []


def test_every_reason_is_about_something() -> None:
    """One that explains nothing any more is taken out, and says what kind it is."""
    left = [cell for cell, found in KNOWN.items() if found in (record.SURVIVED, record.UNMET)]

    assert [reason for reason in REASONS if not any(map(reason.is_about, left))] == []
    assert {reason.kind for reason in REASONS} <= {"equivalent", "open"}


def test_the_page_is_up_to_date() -> None:
    """``python docs/grid/make.py page`` writes it."""
    page = (FOLDER / "grid.html").read_text(encoding="utf-8")

    assert page == html.grid(record.as_dict(KNOWN, REASONS))


@pytest.fixture(scope="module")
def seen() -> list[Example]:
    """What a few checks meet, which kill the most."""
    some = {"life.model/tours", "life.model/occasions", "life.model/many"}
    return [example for check in judged() if check in some for example in examples(check)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "cell", [cell for cell in KILLED[::97] if KNOWN[cell] == "life.model"], ids=lambda cell: cell.name
)
def test_what_the_model_kills_is_killed_still(cell: Cell, seen: list[Example]) -> None:
    """Every hundredth of the cells that are said to be killed by the model of all clauses."""
    assert killer(cell, seen).startswith("life.model")
