"""``flare-contract clauses``: read the catalogue."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("clause_id", required=False, metavar="[ID]")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def clauses(clause_id: str | None, as_json: bool) -> None:
    """List the clauses of the contract, or those whose ids begin with ID."""
    from contract_tests.clauses.catalogue import CATALOGUE
    from contract_tests.contract.clause import CONFORMANCE_LEVELS

    found = list(CATALOGUE) if clause_id is None else CATALOGUE.matching(clause_id)
    if not found:
        raise click.UsageError(f"there is no clause {clause_id!r}")
    if as_json:
        told = [
            {**clause._asdict(), "conformance_level": CONFORMANCE_LEVELS[clause.conformance_level]} for clause in found
        ]
        click.echo(json.dumps(told, indent=2))
        return
    from contract_tests.report.terminal import clause_table, console

    console().print(clause_table(found))
