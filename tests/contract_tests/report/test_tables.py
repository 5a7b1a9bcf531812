"""Tables in terminals of any width."""

from __future__ import annotations

import io

import pytest

from contract_tests.contract.clause import Clause
from contract_tests.report.tables import Rows, side_by_side
from contract_tests.report.terminal import clause_table, console

PROMISE = "A promise that takes more than the forty characters in which a sentence can be read."


def lines(width: int, *, rows: int = 2) -> list[str]:
    """A table of clauses in a terminal of some width."""
    clauses = [Clause(f"part.promise-number-{number}", "MUST", "stated", 0, PROMISE) for number in range(rows)]
    out = console(io.StringIO())
    out.width = width
    out.print(clause_table(clauses))
    assert isinstance(out.file, io.StringIO)
    return [line.rstrip() for line in out.file.getvalue().splitlines()]


@pytest.mark.parametrize("width", [50, 80, 100, 120, 200])
def test_a_table_keeps_to_the_width_and_loses_nothing(width: int) -> None:
    """Whatever the width, every word is there."""
    found = lines(width)

    assert max(map(len, found)) <= width
    assert " ".join(" ".join(found).split()).count("part.promise-number-") == 2
    assert all(" ".join(found).count(word) >= 2 for word in PROMISE.split())


def test_a_sentence_stands_beside_its_clause_where_there_is_room() -> None:
    """And below it where there is not."""
    assert any("part.promise-number-0" in line and "A promise" in line for line in lines(120))
    narrow = lines(70)
    at = next(number for number, line in enumerate(narrow) if "part.promise-number-0" in line)
    assert narrow[at].split() == ["part.promise-number-0", "MUST", "stated"]
    assert narrow[at + 1].startswith("    A promise that")


@pytest.mark.parametrize("width", range(30, 50))
def test_short_cells_stand_in_one_line_wherever_they_fit(width: int) -> None:
    """It takes no room for a sentence to tell a number; and where there is none, it is on a line of its own."""
    rows = Rows("title", "took", "clause", "examples")
    rows.add_row("0.250", "part.promise-number", "12345678")
    out = console(io.StringIO())
    out.width = width
    out.print(rows)
    assert isinstance(out.file, io.StringIO)
    found = [line.split() for line in out.file.getvalue().splitlines()]
    beside = ["0.250", "part.promise-number", "12345678"] in found
    assert beside == (width >= 40)
    assert beside or found.count(["12345678"]) == 1


def test_a_table_of_nothing_prints_nothing() -> None:
    """Its title alone would say something of what there is not."""
    assert lines(120, rows=0) in ([], [""])


def test_parts_are_apart() -> None:
    """There is a line between them, beside or below."""
    rows = Rows("title", "id", "text")
    rows.add_section()
    rows.add_row("first", "one")
    rows.add_section()
    rows.add_row("second", "two")
    for width in (20, 80):
        out = console(io.StringIO())
        out.width = width
        out.print(rows)
        assert isinstance(out.file, io.StringIO)
        found = [line.strip() for line in out.file.getvalue().splitlines()]
        first = next(number for number, line in enumerate(found) if "one" in line)
        assert found[first + 1] == ""
        assert "second" in found[first + 2]


def test_two_sides_share_the_width() -> None:
    """Neither is cut off."""
    out = console(io.StringIO())
    out.width = 80
    table = side_by_side("title", "", "first", "second")
    table.add_row("differs", "one " * 40, "two " * 40)
    out.print(table)
    assert isinstance(out.file, io.StringIO)
    text = out.file.getvalue()
    assert (text.count("one"), text.count("two")) == (40, 40)
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(("columns", "width"), [(None, 80), ("100", 100), ("150", 150)])
def test_what_is_piped_is_as_wide_as_columns_says(
    columns: str | None, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """80 unless it says anything."""
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)

    assert console(io.StringIO()).width == width
