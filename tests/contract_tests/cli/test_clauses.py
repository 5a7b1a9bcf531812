"""The command ``flare-contract clauses``: the catalogue on the terminal, as JSON and as a page."""

from __future__ import annotations

import json

from click.testing import CliRunner

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
