"""The command ``flare-contract mutants``: the catalogue of mutants."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.cli import main


def ask(*arguments: str) -> Result:
    """Run the command."""
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
