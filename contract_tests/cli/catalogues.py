"""``flare-contract clauses`` and ``flare-contract mutants``: read the catalogues."""

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


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@AS_JSON
def mutants(names: tuple[str, ...], as_json: bool) -> None:
    """List the mutants, or those whose names begin with a NAME.

    A mutant is a server that keeps the whole contract but for one clause, with which its name begins. Prove tries the
    suite on them; pytest --flare-mutants tries the tests of an application on them. Each is a system to run, too, as
    contract_tests.mutants.systems:NAME.
    """
    from contract_tests.clauses.catalogue import CATALOGUE
    from contract_tests.mutants import mutants as called

    found = called(*names)
    if not found:
        raise click.UsageError(f"no mutant is called {shown(' or '.join(names))}")
    if as_json:
        echo_json([{key: getattr(mutant, key) for key in ("name", "clause", "difference")} for mutant in found])
        return
    clause = ""
    for mutant in found:
        if mutant.clause != clause:
            clause = mutant.clause
            click.secho(f"{clause}: {CATALOGUE[clause].statement}", bold=True)
        click.echo(f"  {mutant.name}")


def _told(clause: Clause) -> dict[str, str]:
    """A clause as JSON tells it: the conformance level by its name, under the key of the first release."""
    values = {**clause._asdict(), "conformance_level": CONFORMANCE_LEVELS[clause.conformance_level]}
    return {"rung" if key == "conformance_level" else key: value for key, value in values.items()}
