"""``flare-contract clauses``: read the catalogue."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("clause_id", required=False, metavar="[ID]")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@click.option("--where", is_flag=True, help="Tell where the sentence, the checks and the mutants of each stand.")
def clauses(clause_id: str | None, as_json: bool, where: bool) -> None:
    """List the clauses of the contract, or those whose ids begin with ID."""
    from contract_tests.clauses.catalogue import CATALOGUE
    from contract_tests.contract.clause import CONFORMANCE_LEVELS

    found = list(CATALOGUE) if clause_id is None else CATALOGUE.matching(clause_id)
    if not found:
        raise click.UsageError(f"there is no clause {clause_id!r}")
    if where:
        from contract_tests.mutants.traceability import places

        for clause in found:
            click.echo(f"{clause.id}: {clause.statement}")
            for place in places(clause):
                click.echo(f"  {place.kind:<9} {place.name:<40} {place.where}")
        return
    if as_json:
        told = [
            {**clause._asdict(), "conformance_level": CONFORMANCE_LEVELS[clause.conformance_level]} for clause in found
        ]
        click.echo(json.dumps(told, indent=2))
        return
    from contract_tests.report.terminal import clause_table, console

    console().print(clause_table(found))
