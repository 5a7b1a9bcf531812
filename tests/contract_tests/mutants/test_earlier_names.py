"""What every mutant was called when mutants were classes, and what expresses it now: none was lost."""

from __future__ import annotations

from pathlib import Path

from contract_tests.mutants.systems import by_name

ROWS = [line.split("\t") for line in Path(__file__).with_name("earlier_names.tsv").read_text("utf-8").splitlines()]


def test_every_earlier_mutant_is_there_under_the_name_it_has_now() -> None:
    """But for one that was no fault, as the row says."""
    lost = {earlier: now for earlier, now in ROWS if now not in by_name()}

    assert len(ROWS) == len({earlier for earlier, _ in ROWS}) == 1782
    assert list(lost) == ["shares-abort-job"]
    assert lost["shares-abort-job"].startswith("no fault: ")


def test_no_two_earlier_mutants_are_one_now() -> None:
    """Each has a line of its own in a table."""
    names = [now for _, now in ROWS]

    assert len(names) == len(set(names))
