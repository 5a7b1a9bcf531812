"""``flare-contract clauses``: read the catalogue."""

from __future__ import annotations

import click

from contract_tests.cli.parameters import AS_JSON, echo_json
from contract_tests.contract.clause import CONFORMANCE_LEVELS, Clause
from contract_tests.plain_text import shown


@click.command()
@click.argument("clause_id", required=False, metavar="[ID]")
@AS_JSON
@click.option("--markdown", "as_page", is_flag=True, help="Print them as a page in Markdown, docs/contract.md.")
@click.option("--where", is_flag=True, help="Tell where the sentence, the checks and the mutants of each stand.")
def clauses(clause_id: str | None, as_json: bool, as_page: bool, where: bool) -> None:
    """List the clauses of the contract, or those whose ids begin with ID.

    With each stands what it rests on, as pointers into the interface's own text.
    """
    from contract_tests.clauses.catalogue import CATALOGUE

    found = list(CATALOGUE) if clause_id is None else CATALOGUE.matching(clause_id)
    if not found:
        raise click.UsageError(f"there is no clause {shown(clause_id)}")
    if where:
        from contract_tests.mutants.traceability import places

        for clause in found:
            click.echo(f"{clause.id}: {clause.statement}")
            for place in places(clause):
                click.echo(f"  {place.kind:<9} {place.name:<40} {place.where}")
        return
    if as_page:
        from contract_tests.contract.page import to_page

        click.echo(to_page(found), nl=False)
        return
    if as_json:
        echo_json([_told(clause) for clause in found])
        return
    from contract_tests.report.terminal import clause_table, console

    console().print(clause_table(found))


def _told(clause: Clause) -> dict[str, str]:
    """A clause as JSON tells it: the conformance level by its name, under the key of the first release."""
    values = {**clause._asdict(), "conformance_level": CONFORMANCE_LEVELS[clause.conformance_level]}
    return {"rung" if key == "conformance_level" else key: value for key, value in values.items()}
