"""The commands ``clauses`` and ``mutants``: the catalogues on the terminal, as JSON and as a page."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.cli import main
from tests.project.tree import ROOT


def told(*arguments: str) -> str:
    """What the command prints."""
    done = CliRunner().invoke(main, ["clauses", *arguments], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_page_about_the_contract_is_up_to_date() -> None:
    """``docs/contract.md`` is what the command prints, with a row for every clause and nothing else."""
    page = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    rows = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]

    assert page == told("--markdown")
    assert rows == [clause.id for clause in CATALOGUE]


def test_a_row_of_the_page_tells_level_basis_pointers_and_promise() -> None:
    """In this order."""
    (row,) = [line for line in told("--markdown", "delete.then.abort-job").splitlines() if line.startswith("| `")]

    assert [cell.strip() for cell in row.strip("|").split("|")] == [
        "`delete.then.abort-job`",
        "MUST",
        "implied",
        "`delete_job, Delete the specified job`<br>`JobNotFound`",
        "abort_job of a deleted job raises JobNotFound.",
    ]


def test_what_a_clause_rests_on_is_told_on_the_terminal_and_as_json() -> None:
    """Where only servers were observed, nothing is."""
    (held,) = json.loads(told("abort.returns-none", "--json"))

    assert held["words"] == "abort_job, Returns"
    assert "rests on: abort_job, Returns" in told("abort.returns-none")
    assert "rests on" not in told("list.order")


def ask(*arguments: str) -> Result:
    """Run the command ``mutants``."""
    return CliRunner().invoke(main, ["mutants", *arguments])


def test_mutants_are_listed_below_the_clause_they_break() -> None:
    """Its sentence first, then their names."""
    lines = ask("list.empty").stdout.splitlines()

    assert lines[0] == f"list.empty: {CATALOGUE['list.empty'].statement}"
    assert lines[1] == "  list.empty/lists-a-heading"


def test_programs_get_json() -> None:
    """Name, clause and what it does wrong, of each."""
    told = json.loads(ask("list.empty/lists-a-heading", "--json").stdout)

    assert told == [{"name": "list.empty/lists-a-heading", "clause": "list.empty", "difference": "lists a heading"}]


def test_an_unknown_name_is_told() -> None:
    """With the exit code of wrong usage."""
    done = ask("no-such")

    assert done.exit_code == 2
    assert "no mutant is called 'no-such'" in done.stderr
