"""What is known of the grid in files: written, read again, explained, told to a page."""

from __future__ import annotations

from pathlib import Path

from contract_tests.mutants.grid import record
from contract_tests.mutants.grid.cells import Cell

KILLED = Cell("list_jobs", "raises KeyError", "always")
UNMET = Cell("list_jobs", "raises KeyError", "the 101st time")
SURVIVOR = Cell("abort_job", "does it twice", "for a clone")
KNOWN = {KILLED: "list.dicts", UNMET: record.UNMET, SURVIVOR: record.SURVIVED}

TEXT = """
[[reason]]
method = "abort_job"
effect = "does it twice"
kind = "equivalent"
because = "what is aborted stays so"
"""


def reasons(tmp_path: Path) -> list[record.Reason]:
    """One, about a survivor."""
    file = tmp_path / "reasons.toml"
    file.write_text(TEXT, encoding="utf-8")
    return record.read_reasons(file)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """Cells that were not tried stay unknown; a file that is not there tells nothing."""
    file = tmp_path / "grid.tsv"
    assert record.read(file) == {}
    record.write(file, KNOWN)

    assert record.read(file) == KNOWN


def test_what_is_not_killed_needs_a_reason(tmp_path: Path) -> None:
    """A pattern that is left out is about everything."""
    assert list(record.unexplained(KNOWN, reasons(tmp_path))) == [UNMET]
    assert set(record.unexplained(KNOWN, [])) == {UNMET, SURVIVOR}


def test_the_page_is_told_of_every_cell(tmp_path: Path) -> None:
    """A letter and a text for each condition; a blank where there is no such cell."""
    told = record.as_dict(KNOWN, reasons(tmp_path))
    rows = {(part["name"], row["effect"]): row for part in told["methods"] for row in part["rows"]}

    def of(cell: Cell) -> tuple[str, str]:
        row, place = rows[cell.method, cell.effect], told["conditions"].index(cell.condition)
        return row["states"][place], told["told"][row["told"][place]]

    assert of(KILLED) == ("k", "list.dicts")
    assert of(UNMET) == ("u", "no reason is known")
    assert of(SURVIVOR) == ("e", "what is aborted stays so")
    assert of(Cell("list_jobs", "raises KeyError", "for a clone")) == (" ", "")
    assert of(Cell("close", "raises KeyError", "always")) == ("n", "")
